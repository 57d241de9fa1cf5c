"""The file of vectors that this machine's processes read: one writes it, all map it into memory.

``search/meaning-<model>.usearch`` with ``.json`` beside it, which says how far it has come. Both
are exchanged by a rename: who reads the old one goes on reading it until the next look.
"""

import fcntl
import json
import logging
import os
import threading
import time
from dataclasses import asdict, dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

from portal.search.suggestions.store import folder

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5
_CONNECTIVITY, _EXPANSION_ADD, _EXPANSION_SEARCH = 16, 64, 96


@dataclass(frozen=True, slots=True)
class Reached:
    """``position``: the newest ``DocumentVector``; ``seq``: the newest removal that was seen;
    ``size``: the bytes of the index: a file of another size is not whole."""

    position: int = 0
    seq: int = 0
    count: int = 0
    size: int = 0


def index_path(name: str) -> Path:
    return folder() / f"meaning-{name}.usearch"


def new_index(dimensions: int) -> Index:
    """Vectors have length 1, so the inner product is the cosine."""
    return Index(
        ndim=dimensions, metric="ip", dtype="f16", connectivity=_CONNECTIVITY,
        expansion_add=_EXPANSION_ADD, expansion_search=_EXPANSION_SEARCH,
    )  # fmt: skip


def read_reached(name: str) -> Reached | None:
    """None where there is no file, or a damaged one: it is made anew."""
    try:
        return Reached(**json.loads(index_path(name).with_suffix(".json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def load(name: str, dimensions: int) -> tuple[Index, Reached]:
    """The index as it was saved, to go on with; an empty one where there is none."""
    reached = read_reached(name)
    index = _restored(name, reached, view=False) if reached is not None else None
    if reached is None or index is None or index.ndim != dimensions:
        return new_index(dimensions), Reached()
    return index, reached


def _restored(name: str, reached: Reached, *, view: bool) -> Index | None:
    """None if the file is not what it should be."""
    path = index_path(name)
    try:
        if path.stat().st_size != reached.size:
            return None
        return Index.restore(path, view=view)
    except (OSError, RuntimeError, ValueError):
        logger.exception("The vectors of search cannot be read; they are made anew")
        return None


def save(name: str, index: Index, position: int, seq: int) -> Reached:
    """Exchange both files; what the second one says. Between the two readers go on with what they
    have; who dies between them makes the index anew."""
    path = index_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    index.save(str(beside))
    reached = Reached(position, seq, len(index), beside.stat().st_size)
    beside.replace(path)
    facts = path.with_suffix(".json")
    beside = facts.with_name(f".{facts.name}.new")
    beside.write_text(json.dumps(asdict(reached)), encoding="utf-8")
    beside.replace(facts)
    return reached


def remove_others(name: str) -> None:
    """Delete the files of other models and of other databases."""
    for path in folder().glob("meaning-*"):
        if not path.name.startswith(f"meaning-{name}."):
            path.unlink(missing_ok=True)


class Claim:
    """Who writes: one process of a machine, as long as it lives."""

    def __init__(self) -> None:
        self._lock: TextIOWrapper | None = None

    def take(self) -> bool:
        if self._lock is not None:
            return True
        folder().mkdir(parents=True, exist_ok=True)
        lock = (folder() / "meaning.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


class Reader:
    """The newest file, mapped into memory. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_at = 0.0
        self._seen: tuple[str, int, int] | None = None
        self._index: Index | None = None

    def index(self, name: str) -> Index | None:
        """None while there is no file for the model."""
        with self._lock:
            now = time.monotonic()
            if self._seen is None or now - self._looked_at >= _LOOK_SECONDS:
                self._looked_at = now
                self._look(name)
            elif self._seen[0] != str(index_path(name)):
                self._look(name)
            return self._index

    def _look(self, name: str) -> None:
        path = index_path(name)
        try:
            found = path.stat()
        except FileNotFoundError:
            self._index = self._seen = None
            return
        seen = (str(path), found.st_ino, found.st_mtime_ns)
        reached = read_reached(name)
        if seen == self._seen or reached is None:
            return
        index = _restored(name, reached, view=True)
        if index is not None:
            self._index, self._seen = index, seen
        elif self._seen is not None and self._seen[0] != str(path):
            self._index = self._seen = None


_reader = Reader()


def reader() -> Reader:
    return _reader


def nearest(index: Index, vector: NDArray[Any], count: int) -> list[tuple[int, float]]:
    """(document, cosine), the nearest first."""
    if not len(index):
        return []
    found = index.search(vector.astype(np.float16), min(count, len(index)), threads=1)
    return [
        (int(key), 1.0 - float(distance))
        for key, distance in zip(found.keys, found.distances, strict=True)
    ]


def _after_fork() -> None:
    global _reader
    _reader = Reader()


os.register_at_fork(after_in_child=_after_fork)
