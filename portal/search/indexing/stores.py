"""Where indexes are kept: what the indexer asks of a folder, or of a cluster."""

from collections.abc import Iterable
from typing import Protocol

from portal.search.engine.contract import IndexedDocument

from .plan import Identity, Plan


class Writing(Protocol):
    """What writes to one index of an engine."""

    def position(self) -> int: ...

    def add(
        self, changed: Iterable[IndexedDocument], removed: Iterable[str], *, position: int
    ) -> None: ...

    def commit(self, position: int) -> None: ...

    def close(self) -> None: ...


class Generation:
    """One index, open for writing. What ``add`` takes is seen, and kept, with ``commit``."""

    def __init__(
        self, name: str, identity: Identity, words: frozenset[str], writer: Writing
    ) -> None:
        self.name, self.identity, self.words = name, identity, words
        self._writer = writer

    def position(self) -> int:
        return self._writer.position()

    def add(
        self, changed: Iterable[IndexedDocument], removed: Iterable[str] = (), *, position: int = 0
    ) -> None:
        """``position``: the highest ``seq`` of these."""
        self._writer.add(changed, removed, position=position)

    def commit(self, position: int) -> None:
        self._writer.commit(position)

    def close(self) -> None:
        self._writer.close()


class Store(Protocol):
    """All of them raise ``EngineUnavailable``."""

    name: str

    def claim(self) -> bool:
        """Whether this process is the one that writes; to be asked before each round."""
        ...

    def in_use(self) -> Generation | None:
        """What is asked now, open for writing; None where there is nothing, or nothing whole."""
        ...

    def unfinished(self, plan: Plan) -> Generation:
        """A generation beside the one in use: one that was begun for this plan, or a new one."""
        ...

    def use(self, generation: Generation) -> None:
        """From now on this one is asked."""
        ...

    def discard(self, generation: Generation) -> None:
        """Close it and take it away."""
        ...

    def complaint(self) -> str:
        """What a reader has met with in the generation in use ("": nothing)."""
        ...

    def tidy(self) -> None:
        """Take away what nobody can be reading any more."""
        ...

    def has_room(self) -> bool:
        """Whether there is room to write at all."""
        ...

    def release(self) -> None:
        """Let another process write."""
        ...
