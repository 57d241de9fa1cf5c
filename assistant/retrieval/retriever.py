"""The retriever of the contract: a live index and the pipeline over it."""

import dataclasses
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .contract import Query, Retrieval, Retriever
from .embedders import Embedders
from .index import Snapshot
from .live import LiveIndex
from .pipeline import StraightRun, make_pipeline
from .weighing import judge, rank

if TYPE_CHECKING:
    from .components import Judge, Ranker


class IndexRetriever:
    """Safe to be asked by many threads at once."""

    def __init__(
        self,
        index: LiveIndex,
        embedders: Embedders,
        ranker: "Ranker" = rank,
        decide: "Judge" = judge,
    ) -> None:
        self.index = index
        self.embedders = embedders
        self._run = StraightRun(make_pipeline(embedders, ranker, decide))

    def retrieve(self, query: Query) -> Retrieval:
        return self._retrieve(query, self.index.snapshot())

    def of(self, snapshot: Snapshot) -> Retriever:
        """Answers from one state of the index, whatever is published meanwhile."""
        return _Still(self._retrieve, snapshot)

    def _retrieve(self, query: Query, snapshot: Snapshot) -> Retrieval:
        begun = time.perf_counter()
        found = self._run(query, snapshot)
        took = (time.perf_counter() - begun) * 1000
        return dataclasses.replace(found, took_ms=round(took, 2))

    def warm_up(self) -> None:
        self.index.snapshot()


@dataclasses.dataclass(frozen=True, slots=True)
class _Still:
    """The retriever of one snapshot."""

    ask: Callable[[Query, Snapshot], Retrieval]
    snapshot: Snapshot

    def retrieve(self, query: Query) -> Retrieval:
        return self.ask(query, self.snapshot)
