"""Reading and writing an index of an OpenSearch cluster: the same documents, the same queries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import moments, recency
from .contract import (
    EngineAnswer,
    EngineHit,
    EngineQuery,
    Field,
    IndexedDocument,
    Sort,
)
from .opensearch_client import told
from .opensearch_mapping import DATE, POSITION_ID, position_document, rank_field, written
from .opensearch_queries import filtered, query_of
from .tantivy_engine import BLOCK

_MOST_VALUES = 10_000  # of one facet


class OpenSearchEngine:
    """Reads an index, or what an alias stands for."""

    def __init__(self, client: Any, index: str) -> None:
        self._client, self._index = client, index

    def search(self, query: EngineQuery) -> EngineAnswer:
        asked = query_of(query.node)
        with told():
            if query.sort is Sort.DATE:
                total, hits, facets = self._by_date(asked, query)
            else:
                total, hits, facets = self._by_relevance(asked, query)
            for name in query.facets:
                if query.filters.chosen.get(name):
                    around = filtered(asked, query.filters, but=name)
                    facets |= _counts(self._ask(around, size=0, aggs=_terms([name])))
        return EngineAnswer(total, hits, facets)

    def frequencies(self, field: Field, words: Sequence[str]) -> Mapping[str, int]:
        if not words:
            return {}
        each = {str(place): {"term": {field.value: word}} for place, word in enumerate(words)}
        with told():
            answer = self._ask(
                {"match_all": {}}, size=0, aggs={"words": {"filters": {"filters": each}}}
            )
        buckets = answer["aggregations"]["words"]["buckets"]
        return {word: buckets[str(place)]["doc_count"] for place, word in enumerate(words)}

    def size(self) -> int:
        others = {"bool": {"must_not": [{"term": {"key": POSITION_ID}}]}}
        with told():
            return int(self._client.count(index=self._index, body={"query": others})["count"])

    def _by_relevance(
        self, asked: dict[str, Any], query: EngineQuery
    ) -> tuple[int, tuple[EngineHit, ...], dict[str, dict[str, int]]]:
        level = recency.level(query.recency)
        ranked = {
            "function_score": {
                "query": filtered(asked, query.filters),
                "field_value_factor": {"field": rank_field(level), "missing": 1},
                "boost_mode": "multiply",
            }
        }
        total, facets, rows = 0, {}, []
        first = query.start - query.start % BLOCK
        for start in range(first, max(query.start + query.count, first + 1), BLOCK):
            aggs = _terms(_free(query)) if start == first else {}
            answer = self._ask(ranked, size=BLOCK, start=start, aggs=aggs)
            if start == first:
                total, facets = _total(answer), _counts(answer)
            rows += _exact(answer, query.recency, level)
        wanted = rows[query.start - first :][: query.count]
        return total, tuple(EngineHit(key, score) for score, _, key in wanted), facets

    def _by_date(
        self, asked: dict[str, Any], query: EngineQuery
    ) -> tuple[int, tuple[EngineHit, ...], dict[str, dict[str, int]]]:
        answer = self._ask(
            filtered(asked, query.filters),
            size=query.count,
            start=query.start,
            aggs=_terms(_free(query)),
            sort=[{DATE: {"order": "desc", "missing": "_last"}}],
        )
        hits = tuple(
            EngineHit(hit["_source"]["key"], float(moments.seconds_of(_date(hit)) or 0))
            for hit in answer["hits"]["hits"]
        )
        return _total(answer), hits, _counts(answer)

    def _ask(
        self,
        query: dict[str, Any],
        *,
        size: int,
        start: int = 0,
        aggs: Any = None,
        sort: Any = None,
    ) -> Any:
        body: dict[str, Any] = {
            "query": query, "size": size, "from": start, "track_total_hits": True,
            "_source": ["key", DATE],
        }  # fmt: skip
        if aggs:
            body["aggs"] = aggs
        if sort:
            body["sort"] = sort
        return self._client.search(index=self._index, body=body)


class OpenSearchWriter:
    """Writes one index. Documents carry the position as an external version: what an old writer
    sends late never overwrites what a newer one wrote."""

    def __init__(self, client: Any, index: str) -> None:
        self._client, self.index = client, index
        with told():
            self._position = self._stored_position()

    def apply(
        self, changed: Iterable[IndexedDocument], removed: Iterable[str], *, position: int
    ) -> None:
        self.add(changed, removed, position=position)
        self.commit(position)

    def add(
        self,
        changed: Iterable[IndexedDocument],
        removed: Iterable[str] = (),
        *,
        position: int = 0,
    ) -> None:
        """``position``: the highest of theirs."""
        made = {document.key: written(document) for document in changed}
        lines: list[dict[str, Any]] = []
        for key, document in made.items():
            lines += [{"index": self._named(key, position)}, document]
        lines += [{"delete": self._named(key, position)} for key in removed]
        if lines:
            with told():
                _refuse_failures(self._client.bulk(body=lines))

    def commit(self, position: int) -> None:
        """The position is written when everything up to it can be found."""
        with told():
            self._client.indices.refresh(index=self.index)
            self._client.index(
                index=self.index, id=POSITION_ID, body=position_document(position), refresh=True
            )
        self._position = position

    def position(self) -> int:
        return self._position

    def close(self) -> None:
        """Nothing is held."""

    def _named(self, key: str, position: int) -> dict[str, Any]:
        return {
            "_index": self.index,
            "_id": key,
            "version": max(1, position),
            "version_type": "external_gte",
        }

    def _stored_position(self) -> int:
        wanted = {"query": {"term": {"key": POSITION_ID}}, "size": 1, "_source": ["position"]}
        for hit in self._client.search(index=self.index, body=wanted)["hits"]["hits"]:
            return int(hit["_source"]["position"])
        return 0


def _free(query: EngineQuery) -> list[str]:
    """The dimensions in which nothing is chosen: they are counted with the query."""
    return [name for name in query.facets if not query.filters.chosen.get(name)]


def _terms(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in names}


def _counts(answer: Any) -> dict[str, dict[str, int]]:
    return {
        name: {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}
        for name, found in answer.get("aggregations", {}).items()
    }


def _total(answer: Any) -> int:
    return int(answer["hits"]["total"]["value"])


def _date(hit: Any) -> int:
    return int(hit["_source"].get(DATE, moments.NO_DATE))


def _exact(answer: Any, wanted: float, level: int) -> list[tuple[float, int, str]]:
    rows = []
    for hit in answer["hits"]["hits"]:
        date = _date(hit)
        exact = recency.correction(wanted, level, moments.seconds_of(date)) if wanted else 1.0
        rows.append((hit["_score"] * exact, date, hit["_source"]["key"]))
    rows.sort(key=lambda row: (-row[0], -row[1], row[2]))
    return rows


def _refuse_failures(answer: Any) -> None:
    """A version that is there already is as good; anything else is an error."""
    from opensearchpy.exceptions import TransportError

    if not answer["errors"]:
        return
    for item in answer["items"]:
        ((_, result),) = item.items()
        if result["status"] >= 300 and result["status"] not in (404, 409):
            raise TransportError(result["status"], str(result.get("error", ""))[:200], result)
