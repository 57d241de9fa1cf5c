"""A model for tests: small, quick, and near for texts that share characters."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embedders import Unavailable
from assistant.retrieval.source import Model


class SmallModel:
    """Each character has a direction of its own; a text is their sum. ``asked`` are the texts."""

    def __init__(self, space: str = "service", version: str = "1") -> None:
        self.space = space
        # Of the size of the real ones where the index has constants for these.
        dimensions = {"e5": 384, "use": 512}.get(space, 64)
        self.model = Model("small", version, dimensions)
        self.asked: list[str] = []
        self.broken = False

    def embed(self, texts: Sequence[str], part: str) -> NDArray[np.float32]:
        if self.broken:
            raise Unavailable("broken for a test")
        self.asked += texts
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> NDArray[np.float32]:
        directions = [
            np.random.default_rng(zlib.crc32(character.encode())).standard_normal(
                self.model.dimensions
            )
            for character in text
        ]
        total = np.sum(directions, axis=0) if directions else np.ones(self.model.dimensions)
        return (total / np.linalg.norm(total)).astype(np.float32)
