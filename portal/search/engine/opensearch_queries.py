"""From the portal's query tree to OpenSearch's queries."""

from typing import Any

from . import moments
from .contract import (
    AllOf,
    AnyOf,
    BestOf,
    Boosted,
    Constant,
    Everything,
    Fact,
    Field,
    Filters,
    Node,
    Phrase,
    Prefix,
    Term,
    Without,
)
from .opensearch_mapping import DATE, PUBLIC_FROM, PUBLIC_UNTIL
from .tantivy_queries import LONGEST_PREFIX
from .tantivy_schema import has_positions

type Query = dict[str, Any]

NOTHING: Query = {"match_none": {}}
_LONGEST_WORD = 8000  # a longer one is in no index, and refused by the cluster


def query_of(node: Node) -> Query:
    """Raises:
    ValueError: a phrase in a field that keeps no positions.
    """
    match node:
        case Term(field, word):
            return _term(field, word)
        case Prefix(field, start):
            if not start or len(start) > LONGEST_PREFIX:
                return NOTHING
            return {"prefix": {field.value: {"value": start}}}
        case Phrase():
            return _phrase(node)
        case AllOf(parts):
            return {"bool": {"must": _all(parts)}} if parts else {"match_all": {}}
        case AnyOf(parts, least):
            if len(parts) < max(1, least):
                return NOTHING
            return {"bool": {"should": _all(parts), "minimum_should_match": max(1, least)}}
        case BestOf(parts, tie):
            if not parts:
                return NOTHING
            return {"dis_max": {"queries": _all(parts), "tie_breaker": tie}}
        case Without(part, left_out):
            return {"bool": {"must": [query_of(part)], "must_not": [query_of(left_out)]}}
        case Boosted(part, factor):
            return {"bool": {"must": [query_of(part)], "boost": factor}}
        case Constant(part, score):
            return {"constant_score": {"filter": query_of(part), "boost": score}}
        case Fact(facet, value):
            return {"constant_score": {"filter": {"term": {facet: value}}, "boost": 0}}
        case Everything():
            return {"match_all": {}}


def filtered(query: Query, filters: Filters, *, but: str | None = None) -> Query:
    """The query within the filters, whose score is the query's alone. ``but``: a dimension whose
    own chosen values are left aside."""
    at = moments.microseconds(filters.at)
    within: list[Query] = [
        {"terms": {name: list(values)}}
        for name, values in filters.chosen.items()
        if values and name != but
    ]
    if filters.languages:
        within.append({"terms": {"language": list(filters.languages)}})
    if filters.keys:
        within.append({"terms": {"key": list(filters.keys)}})
    if filters.since is not None or filters.until is not None:
        within.append({"range": {DATE: _dates(filters)}})
    # Open bounds are not stored: no range holds what is missing.
    without: list[Query] = [
        {"range": {PUBLIC_FROM: {"gt": at}}},
        {"range": {PUBLIC_UNTIL: {"lte": at}}},
    ]
    for name, left_out in (
        ("standing", filters.without_standings),
        ("kind", filters.without_kinds),
    ):
        if left_out:
            without.append({"terms": {name: list(left_out)}})
    return {"bool": {"must": [query], "filter": within, "must_not": without}}


def _dates(filters: Filters) -> dict[str, int]:
    bounds = {}
    if filters.since is not None:
        bounds["gte"] = moments.date_bound(filters.since)
    if filters.until is not None:
        bounds["lt"] = moments.date_bound(filters.until)
    return bounds


def _all(parts: tuple[Node, ...]) -> list[Query]:
    return [query_of(part) for part in parts]


def _term(field: Field, word: str) -> Query:
    if not 0 < len(word) <= _LONGEST_WORD:
        return NOTHING
    return {"term": {field.value: {"value": word}}}


def _phrase(node: Phrase) -> Query:
    if not node.words or any(not word or word.split() != [word] for word in node.words):
        return NOTHING  # the cluster would cut them, and look for another phrase
    if len(node.words) == 1:
        return _term(node.field, node.words[0])
    if not has_positions(node.field):
        raise ValueError(f"The field {node.field.value} keeps no positions for phrases.")
    return {"match_phrase": {node.field.value: {"query": " ".join(node.words), "slop": node.slop}}}
