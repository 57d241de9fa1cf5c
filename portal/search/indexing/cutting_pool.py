"""Cutting with all cores: a new index of a million documents is mostly cutting."""

import logging
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from portal.text.searching import analyser

logger = logging.getLogger(__name__)

MOST_PROCESSES = 4

type Texts = Mapping[str, str]


def cut_texts(words: frozenset[str], documents: Sequence[Mapping[str, Any]]) -> list[Texts]:
    """In a process of its own: nothing but ``portal.text`` is loaded there."""
    cutter = analyser(words)
    return [cutter.document(**document) for document in documents]


class CuttingPool:
    """Processes that cut for one generation. With one core, or when they die, it is done here."""

    def __init__(self, words: frozenset[str], processes: int | None = None) -> None:
        self._words = words
        number = (
            min(MOST_PROCESSES, len(os.sched_getaffinity(0))) if processes is None else processes
        )
        self._processes = number
        self._pool = self._started() if number > 1 else None

    def cut(self, documents: Sequence[Mapping[str, Any]]) -> list[Texts]:
        """The texts of documents, in order; each as the arguments of ``Analyser.document``."""
        if self._pool is None:
            return cut_texts(self._words, documents)
        share = -(-len(documents) // self._processes)
        parts = [documents[at : at + share] for at in range(0, len(documents), share)]
        try:
            futures = [self._pool.submit(cut_texts, self._words, part) for part in parts]
            return [texts for future in futures for texts in future.result()]
        except BrokenProcessPool:
            logger.warning("The processes that cut documents have ended; it goes on with one")
            self._pool = None
            return cut_texts(self._words, documents)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        # Not forked: this process has connections of the database and threads of the engine.
        return ProcessPoolExecutor(self._processes, mp_context=get_context("spawn"))
