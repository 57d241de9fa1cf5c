"""The retriever of the contract: a live index and the pipeline over it."""

import dataclasses
import time
from typing import TYPE_CHECKING

from .contract import Query, Retrieval
from .embedders import Embedders
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
        begun = time.perf_counter()
        found = self._run(query, self.index.snapshot())
        took = (time.perf_counter() - begun) * 1000
        return dataclasses.replace(found, took_ms=round(took, 2))

    def warm_up(self) -> None:
        self.index.snapshot()
