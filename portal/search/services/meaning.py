"""Search by meaning: what is near in a vector space, whatever its words."""

import logging
import os
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import replace
from typing import Any

from django.conf import settings
from numpy.typing import NDArray

from portal.search.engine.contract import (
    EngineHit,
    EngineQuery,
    EngineUnavailable,
    Everything,
    Filters,
)
from portal.search.models import Document
from portal.search.vectors import files
from portal.search.vectors.embedding import embedder, file_name
from portal.text.embedding import QUESTION, Embedder, Unavailable
from portal.text.script import to_simplified

from .engines import current_engine

logger = logging.getLogger(__name__)

LONGEST = 200  # characters of a query that are read
_LOOKED_AT = 300  # of what is near, before the filters
_LOOKED_AT_WITHIN = 1_000  # where much is filtered away
_REMEMBERED = 2_048


def nearest(
    text: str, *, filters: Filters, count: int = 50, seconds: float = 0.05
) -> tuple[EngineHit, ...]:
    """What is near enough to a text, the nearest first; ``score`` is the cosine.

    Empty where there are no vectors, or the time has run out: words alone count then. A query that
    came too late is remembered: the next one has it.
    """
    model = embedder()
    if model is None or not text.strip():
        return ()
    index = files.reader().index(file_name(model.model))
    if index is None:
        return ()
    vector = _vectors().of(model, to_simplified(text[:LONGEST]), seconds)
    if vector is None:
        return ()
    is_narrow = bool(filters.chosen or filters.since or filters.until or filters.keys)
    near = files.nearest(index, vector, _LOOKED_AT_WITHIN if is_narrow else _LOOKED_AT)
    # What is less near has nothing to do with it, by the everyday queries (decision 41).
    floor = settings.SEARCH_MEANING_FLOOR
    return _within({pk: cosine for pk, cosine in near if cosine >= floor}, filters, count)


def _within(near: dict[int, float], filters: Filters, count: int) -> tuple[EngineHit, ...]:
    """Those that the filters allow, by the index: languages, dates, facets, what is public now."""
    keys = dict(Document.objects.filter(pk__in=near, is_removed=False).values_list("key", "pk"))
    if filters.keys:
        keys = {key: keys[key] for key in filters.keys if key in keys}
    if not keys:
        return ()
    within = replace(filters, keys=tuple(keys))
    try:
        allowed = current_engine().search(
            EngineQuery(node=Everything(), filters=within, count=len(keys))
        )
    except EngineUnavailable:
        return ()
    hits = [EngineHit(hit.key, near[keys[hit.key]]) for hit in allowed.hits]
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:count])


class _Vectors:
    """Vectors of queries, remembered; one at a time is computed, beside the thread that asks."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._remembered: OrderedDict[tuple[str, str], NDArray[Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], Future[NDArray[Any]]] = {}
        self._computing = ThreadPoolExecutor(1, thread_name_prefix="search-meaning")

    def of(self, model: Embedder, text: str, seconds: float) -> NDArray[Any] | None:
        """None if it is not there in time."""
        key = (model.model.name, text)
        with self._lock:
            vector = self._remembered.get(key)
            if vector is not None:
                self._remembered.move_to_end(key)
                return vector
            waiting = self._waiting.get(key)
            if waiting is None:
                if len(self._waiting) >= 8:
                    return None  # it would only come later still
                waiting = self._computing.submit(self._compute, model, key)
                self._waiting[key] = waiting
        try:
            return waiting.result(timeout=seconds)
        except Late:
            return None
        except Unavailable as reason:
            logger.warning("A query is searched by its words alone: %s", reason)
            return None

    def _compute(self, model: Embedder, key: tuple[str, str]) -> NDArray[Any]:
        try:
            vector: NDArray[Any] = model.embed([key[1]], QUESTION)[0]
            with self._lock:
                self._remembered[key] = vector
                while len(self._remembered) > _REMEMBERED:
                    self._remembered.popitem(last=False)
            return vector
        finally:
            with self._lock:
                self._waiting.pop(key, None)


_current: _Vectors | None = None
_making = threading.Lock()


def _vectors() -> _Vectors:
    global _current
    with _making:
        if _current is None or _current.pid != os.getpid():
            _current = _Vectors()
        return _current


def warm() -> None:
    """Load the model, so that the first visitor does not wait for it."""
    model = embedder()
    if model is not None:
        _vectors().of(model, "你好", 60.0)


def _after_fork() -> None:
    global _making
    _making = threading.Lock()


os.register_at_fork(after_in_child=_after_fork)
