"""From the portal's query tree to tantivy's queries."""

import tantivy
from tantivy import FieldType, Occur, Query

from . import moments
from .contract import (
    AllOf,
    AnyOf,
    BestOf,
    Boosted,
    Constant,
    Everything,
    Fact,
    Filters,
    Node,
    Phrase,
    Prefix,
    Term,
    Without,
)
from .tantivy_schema import DATE, PUBLIC_FROM, PUBLIC_UNTIL, has_positions, index_option

type Clause = tuple[Occur, Query]

LONGEST_PREFIX = 100  # words are no longer; the automaton of a long one costs much


def query_of(node: Node, schema: tantivy.Schema) -> Query:
    """Raises:
    ValueError: a phrase in a field that keeps no positions.
    """
    match node:
        case Term(field, word):
            return Query.term_query(schema, field.value, word, index_option(field))
        case Prefix(field, start):
            if len(start) > LONGEST_PREFIX:
                return Query.empty_query()
            return Query.regex_query(schema, field.value, _literally(start) + ".*")
        case Phrase():
            return _phrase(node, schema) if len(node.words) > 1 else _one_word(node, schema)
        case AllOf(parts):
            if not parts:
                return Query.all_query()
            return _joined(Occur.Must, parts, schema)
        case AnyOf(parts, least):
            if len(parts) < max(1, least):
                return Query.empty_query()
            if least > 1:
                clauses = [(Occur.Should, query_of(part, schema)) for part in parts]
                return Query.boolean_query(clauses, minimum_number_should_match=least)
            return _joined(Occur.Should, parts, schema)
        case BestOf(parts, tie):
            queries = [query_of(part, schema) for part in parts]
            if len(queries) < 2:
                return queries[0] if queries else Query.empty_query()
            return Query.disjunction_max_query(queries, float(tie))
        case Without(part, left_out):
            return Query.boolean_query(
                [
                    (Occur.Must, query_of(part, schema)),
                    (Occur.MustNot, query_of(left_out, schema)),
                ]
            )
        case Boosted(part, factor):
            return Query.boost_query(query_of(part, schema), factor)
        case Constant(part, score):
            return Query.const_score_query(query_of(part, schema), score)
        case Fact(facet, value):
            return Query.const_score_query(_among(schema, facet, (value,)), 0.0)
        case Everything():
            return Query.all_query()


def filtered(
    query: Query, filters: Filters, schema: tantivy.Schema, *, but: str | None = None
) -> Query:
    """The query within the filters, whose score is the query's alone. ``but``: a dimension whose
    own chosen values are left aside."""
    return Query.boolean_query([(Occur.Must, query), *_conditions(filters, schema, but)])


def _conditions(filters: Filters, schema: tantivy.Schema, but: str | None) -> list[Clause]:
    at = moments.microseconds(filters.at)
    # What is not yet or no longer public is little: leaving it out costs less than asking of
    # everything else whether it is public.
    clauses: list[Clause] = [
        (Occur.MustNot, _range(schema, PUBLIC_FROM, lower=at, include_lower=False)),
        (Occur.MustNot, _range(schema, PUBLIC_UNTIL, upper=at)),
    ]
    for name, values in filters.chosen.items():
        if values and name != but:
            clauses.append(_must(_among(schema, name, values)))
    if filters.languages:
        clauses.append(_must(_among(schema, "language", filters.languages)))
    if filters.keys:
        clauses.append(_must(_among(schema, "key", filters.keys)))
    for name, values in (
        ("standing", filters.without_standings),
        ("kind", filters.without_kinds),
    ):
        if values:
            clauses.append((Occur.MustNot, _among(schema, name, values)))
    if filters.since is not None or filters.until is not None:
        clauses.append(_must(_dates(filters, schema)))
    return clauses


def _dates(filters: Filters, schema: tantivy.Schema) -> Query:
    lower = moments.NO_DATE + 1 if filters.since is None else moments.date_bound(filters.since)
    upper = moments.NEVER if filters.until is None else moments.date_bound(filters.until)
    return Query.range_query(schema, DATE, FieldType.Integer, lower, upper, include_upper=False)


def _range(
    schema: tantivy.Schema,
    name: str,
    *,
    lower: int | None = None,
    upper: int | None = None,
    include_lower: bool = True,
) -> Query:
    return Query.range_query(
        schema,
        name,
        FieldType.Integer,
        lower,
        upper,
        include_lower=include_lower,
        use_inverted_index=True,
    )


def _must(query: Query) -> Clause:
    return (Occur.Must, Query.const_score_query(query, 0.0))


def _among(schema: tantivy.Schema, name: str, values: tuple[str, ...]) -> Query:
    if len(values) == 1:
        return Query.term_query(schema, name, values[0], "basic")
    return Query.term_set_query(schema, name, list(values))


def _joined(occur: Occur, parts: tuple[Node, ...], schema: tantivy.Schema) -> Query:
    if len(parts) == 1:
        return query_of(parts[0], schema)
    return Query.boolean_query([(occur, query_of(part, schema)) for part in parts])


def _phrase(node: Phrase, schema: tantivy.Schema) -> Query:
    if not has_positions(node.field):
        raise ValueError(f"The field {node.field.value} keeps no positions for phrases.")
    return Query.phrase_query(schema, node.field.value, list(node.words), node.slop)


def _one_word(node: Phrase, schema: tantivy.Schema) -> Query:
    # Of one word tantivy makes no phrase: it panics.
    if not node.words:
        return Query.empty_query()
    return Query.term_query(schema, node.field.value, node.words[0], index_option(node.field))


def _literally(text: str) -> str:
    # Hanzi and letters mean themselves; the engine's expressions know other escapes than Python's.
    return "".join(c if c.isalnum() else f"\\x{{{ord(c):x}}}" for c in text)
