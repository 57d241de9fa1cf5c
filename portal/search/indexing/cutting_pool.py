"""Cutting with all cores: a new index of a million documents is mostly cutting."""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from portal.text.searching import analyser

logger = logging.getLogger(__name__)

MOST_PROCESSES = 4
# Small, so that no process waits for the others at the end of a batch.
_PART = 250

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

    def start(self, documents: Sequence[Mapping[str, Any]]) -> Callable[[], list[Texts]]:
        """Begin to cut documents, each as the arguments of ``Analyser.document``.

        What is returned waits for their texts, which are in the order of the documents.
        """
        pool = self._pool
        if pool is None:
            return lambda: cut_texts(self._words, documents)
        parts = [documents[at : at + _PART] for at in range(0, len(documents), _PART)]
        try:
            futures = [pool.submit(cut_texts, self._words, part) for part in parts]
        except BrokenProcessPool:
            return self._without_pool(documents)

        def texts() -> list[Texts]:
            try:
                return [texts for future in futures for texts in future.result()]
            except BrokenProcessPool:
                return self._without_pool(documents)()

        return texts

    def _without_pool(self, documents: Sequence[Mapping[str, Any]]) -> Callable[[], list[Texts]]:
        if self._pool is not None:
            logger.warning("The processes that cut documents have ended; it goes on with one")
            self._pool = None
        return lambda: cut_texts(self._words, documents)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        # Not forked: this process has connections of the database and threads of the engine.
        return ProcessPoolExecutor(self._processes, mp_context=get_context("spawn"))
