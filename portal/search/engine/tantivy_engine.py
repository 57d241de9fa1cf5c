"""Reading a tantivy index: in the process that asks, beside whoever writes."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from . import moments, recency
from .contract import (
    EngineAnswer,
    EngineHit,
    EngineQuery,
    Field,
    Sort,
)
from .tantivy_errors import told
from .tantivy_queries import filtered, query_of
from .tantivy_schema import DATE, RANK_SCALE, rank_field, register_tokenizers

BLOCK = 200
"""Hits are ranked to the last detail within blocks of this size: pages never overlap."""

_MOST_VALUES = 10_000  # of one facet


class TantivyEngine:
    """Reads one directory. What was committed since is seen by the next search."""

    def __init__(self, index: tantivy.Index, directory: Path | None = None) -> None:
        self._index = index
        self._directory = directory
        self._schema = index.schema
        self._lock = threading.Lock()
        self._seen: object = None

    @classmethod
    def open(cls, directory: Path) -> "TantivyEngine":
        """Raises:
        EngineUnavailable: it is not there, or damaged.
        """
        with told("read"):
            index = tantivy.Index.open(str(directory))
            register_tokenizers(index)
            return cls(index, directory)

    def search(self, query: EngineQuery) -> EngineAnswer:
        # What is wrong with a query is its author's: it must not pass for a damaged index.
        asked = query_of(query.node, self._schema)
        within = filtered(asked, query.filters, self._schema)
        with told("read"):
            searcher = self._searcher()
            collect = self._by_date if query.sort is Sort.DATE else self._by_relevance
            total, hits = collect(searcher, within, query)
            return EngineAnswer(total, hits, self._facets(searcher, asked, within, query))

    def frequencies(self, field: Field, words: Sequence[str]) -> Mapping[str, int]:
        with told("read"):
            searcher = self._searcher()
            return {word: searcher.doc_freq(field.value, word) for word in words}

    def size(self) -> int:
        with told("read"):
            # One document holds the position; an index that nobody has written to has none.
            return max(0, self._searcher().num_docs - 1)

    def _searcher(self) -> tantivy.Searcher:
        # A commit exchanges meta.json by a rename: one look at it tells whether there was one.
        seen: object = object()
        if self._directory is not None:
            status = (self._directory / "meta.json").stat()
            seen = (status.st_mtime_ns, status.st_ino)
        if seen != self._seen:
            with self._lock:
                self._index.reload()
                self._seen = seen
        return self._index.searcher()

    def _by_relevance(
        self, searcher: tantivy.Searcher, within: tantivy.Query, query: EngineQuery
    ) -> tuple[int, tuple[EngineHit, ...]]:
        level = recency.level(query.recency)
        total, ranked = 0, []
        first = query.start - query.start % BLOCK
        for start in range(first, max(query.start + query.count, first + 1), BLOCK):
            found = searcher.search(
                within, BLOCK, count=start == first, offset=start, weight_by_field=rank_field(level)
            )
            total = _total(found) if start == first else total
            ranked += _ranked(searcher, found.hits, query.recency, level)
        wanted = ranked[query.start - first :][: query.count]
        return total, tuple(
            EngineHit(_key(searcher, address), score) for score, _, address in wanted
        )

    def _by_date(
        self, searcher: tantivy.Searcher, within: tantivy.Query, query: EngineQuery
    ) -> tuple[int, tuple[EngineHit, ...]]:
        found = searcher.search(
            within, max(1, query.count), offset=query.start, order_by_field=DATE
        )
        hits = tuple(
            EngineHit(_key(searcher, address), float(moments.seconds_of(order) or 0))
            for order, address in found.hits[: query.count]
        )
        return _total(found), hits

    def _facets(
        self,
        searcher: tantivy.Searcher,
        asked: tantivy.Query,
        within: tantivy.Query,
        query: EngineQuery,
    ) -> dict[str, dict[str, int]]:
        chosen = [name for name in query.facets if query.filters.chosen.get(name)]
        counts: dict[str, dict[str, int]] = {}
        others = [name for name in query.facets if name not in chosen]
        if others:
            counts |= _counted(searcher, within, others)
        for name in chosen:
            around = filtered(asked, query.filters, self._schema, but=name)
            counts |= _counted(searcher, around, [name])
        return counts


def _total(found: Any) -> int:
    """How many match; the binding's types do not know of it."""
    return int(found.count or 0)


def _ranked(
    searcher: tantivy.Searcher,
    hits: Sequence[tuple[Any, tantivy.DocAddress]],
    wanted: float,
    level: int,
) -> list[tuple[float, int, tantivy.DocAddress]]:
    addresses = [address for _, address in hits]
    if not addresses:
        return []
    orders = searcher.fast_field_values(DATE, addresses)
    rows = []
    for (score, address), order in zip(hits, orders, strict=True):
        date = moments.NO_DATE if order is None else int(order)
        seconds = moments.seconds_of(date)
        exact = recency.correction(wanted, level, seconds) if wanted else 1.0
        rows.append((score / RANK_SCALE * exact, date, address))
    # Of equals the newest comes first, whichever order they were written in.
    rows.sort(key=lambda row: (-row[0], -row[1]))
    return rows


def _counted(
    searcher: tantivy.Searcher, query: tantivy.Query, names: Sequence[str]
) -> dict[str, dict[str, int]]:
    answer = searcher.aggregate(
        query, {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in names}
    )
    return {
        name: {bucket["key"]: int(bucket["doc_count"]) for bucket in answer[name]["buckets"]}
        for name in names
    }


def _key(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    return str(searcher.doc(address).get_first("key"))
