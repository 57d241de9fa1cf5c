"""Where an index is read from. The portal's is the database; tests and trials keep it in memory."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portal.text.embedding import Model

from .contract import Entry

__all__ = ["Change", "Generation", "Half", "MemorySource", "Model", "Source"]

type Half = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Generation:
    """``seq``: number of the newest change. Who knows less than ``floor`` reads all anew.

    ``epoch`` names the source: numbers of two sources cannot be compared.
    """

    seq: int = 0
    floor: int = 0
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Entry ``id`` as of change ``seq``; ``entry`` None: it is gone."""

    seq: int
    id: str
    entry: Entry | None


class Source(Protocol):
    def generation(self) -> Generation: ...

    def changes(self, after: int, most: int) -> Sequence[Change]:
        """The latest change of each entry that changed after a number, oldest first."""
        ...

    def changed(self, after: int) -> int:
        """How many entries changed after a number."""
        ...

    def entries(self) -> Iterator[Entry]:
        """All that may be answered with, each once, as they are when they are read."""
        ...

    def some(self, ids: Sequence[str]) -> Sequence[Entry]:
        """Those of some entries that are there, as they are when they are read."""
        ...

    def count(self) -> int:
        """How many entries there are."""
        ...

    def vectors(self, model: Model, keys: Iterable[bytes]) -> Mapping[bytes, Half]:
        """The vectors that are there, by ``text_key``."""
        ...


class MemorySource:
    """A source in the memory of the process."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._seq = 0
        self._epoch = uuid.uuid4().hex
        self._rows: dict[str, Change] = {}
        self._vectors: dict[tuple[Model, bytes], Half] = {}
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry) -> None:
        self._write(entry.id, entry)

    def remove(self, entry_id: str) -> None:
        self._write(entry_id, None)

    def put_vectors(self, model: Model, vectors: Mapping[bytes, Half]) -> None:
        self._vectors.update({(model, key): vector for key, vector in vectors.items()})

    def generation(self) -> Generation:
        return Generation(self._seq, 0, self._epoch)

    def changes(self, after: int, most: int) -> Sequence[Change]:
        newer = [change for change in self._rows.values() if change.seq > after]
        return sorted(newer, key=lambda change: change.seq)[:most]

    def changed(self, after: int) -> int:
        return sum(change.seq > after for change in self._rows.values())

    def entries(self) -> Iterator[Entry]:
        return (change.entry for change in list(self._rows.values()) if change.entry is not None)

    def some(self, ids: Sequence[str]) -> Sequence[Entry]:
        found = (self._rows.get(name) for name in ids)
        return [row.entry for row in found if row is not None and row.entry is not None]

    def count(self) -> int:
        return sum(1 for _ in self.entries())

    def vectors(self, model: Model, keys: Iterable[bytes]) -> Mapping[bytes, Half]:
        found = ((key, self._vectors.get((model, key))) for key in keys)
        return {key: vector for key, vector in found if vector is not None}

    def _write(self, entry_id: str, entry: Entry | None) -> None:
        self._seq += 1
        self._rows[entry_id] = Change(self._seq, entry_id, entry)
