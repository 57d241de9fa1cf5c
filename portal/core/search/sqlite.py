"""The index in SQLite: Wagtail's FTS5 table, asked once for matches and once for their ranks."""

import json
from typing import Any

from django.db.models import F, FloatField, Func, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from modelsearch.backends.database.sqlite.query import (
    MatchExpression,
    SQLiteFTSIndexEntry,
)
from modelsearch.backends.database.sqlite.sqlite import (
    IndexEntry,
    SQLiteIndex,
    SQLiteSearchResults,
)
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteSearchBackend as StockBackend,
)
from modelsearch.query import And, Not, SearchQuery
from modelsearch.utils import get_descendants_content_types_pks

from .compiler import AutocompleteMixin, WordsCompiler
from .documents import IndexedTexts
from .indexing import WordsIndexMixin
from .words import Term


def fts5(query: SearchQuery) -> tuple[str, bool]:
    """The query in FTS5's language, and whether its result is what does *not* match.

    FTS5 can only subtract (``a NOT b``), so what remains of a negation is carried outwards.
    """
    if isinstance(query, Term):
        return f'"{query.text}"' + ("*" if query.prefix else ""), False
    if isinstance(query, Not):
        text, negated = fts5(query.subquery)
        return text, not negated
    conjunction = isinstance(query, And)
    parts = [fts5(part) for part in query.subqueries]
    found = [text for text, negated in parts if not negated]
    barred = [text for text, negated in parts if negated]
    if not barred:
        return _joined(found, "AND" if conjunction else "OR"), False
    if conjunction:
        without = _joined(barred, "OR")
        return (f"({_joined(found, 'AND')} NOT {without})", False) if found else (without, True)
    # a or not b = not (b and not a)
    every = _joined(barred, "AND")
    return (f"({every} NOT {_joined(found, 'OR')})" if found else every), True


def _joined(parts: list[str], operator: str) -> str:
    return parts[0] if len(parts) == 1 else "(" + f" {operator} ".join(parts) + ")"


class _Relevance(Func):
    """BM25 with the title ten times the body; positive, better is higher."""

    # The weights go by FTS5's columns: autocomplete, body, title.
    template = f"-bm25({SQLiteFTSIndexEntry._meta.db_table}, 1.0, 1.0, 10.0)"
    output_field = FloatField()


class _RankedScore(Subquery):
    """The score of the outer object, out of one ranking of all matches.

    FTS5 computes ranks only while it goes through the matches of a query. The stock backend asks it
    again for each match, which makes a search quadratic. Here the ranking does not mention the
    outer query and its limit keeps SQLite from merging the two, so it is made once and looked up by
    primary key.
    """

    template = "(SELECT score FROM (%(subquery)s LIMIT -1) AS ranked WHERE object_pk = %(pk)s)"

    def __init__(self, ranking: QuerySet[Any]) -> None:
        super().__init__(ranking, output_field=FloatField())
        self.pk: Any = F("pk")

    def get_source_expressions(self) -> list[Any]:
        return [self.query, self.pk]

    def set_source_expressions(self, exprs: Any) -> None:
        self.query, self.pk = exprs

    def as_sql(
        self, compiler: Any, connection: Any, template: str | None = None, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        pk_sql, pk_params = compiler.compile(self.pk)
        sql, params = super().as_sql(compiler, connection, template, pk=pk_sql, **extra)
        return sql, (*params, *pk_params)


class SQLiteCompiler(WordsCompiler):
    def _ranking(self, text: str) -> QuerySet[Any]:
        # bm25() needs the join; the sum keeps SQLite from going through all entries of the type by
        # their index and asking FTS5 about each (16 s instead of 0.1 s for 4,600 long documents).
        kind = F("index_entry__content_type_id") + Value(0)
        entries: QuerySet[Any] = (
            SQLiteFTSIndexEntry.objects.filter(MatchExpression(self.columns(), Value(text)))
            .annotate(kind=kind, object_pk=Cast("index_entry__object_id", self.primary_key()))
            .filter(kind__in=get_descendants_content_types_pks(self.queryset.model))
        )
        return entries.annotate(score=_Relevance())

    def matches(self, query: SearchQuery) -> tuple[QuerySet[Any], bool]:
        text, negated = fts5(query)
        # In a subquery of its own FTS5 is asked once. In a join SQLite may go through all entries
        # of the type first and ask FTS5 about each: a thousand times the work.
        found = SQLiteFTSIndexEntry.objects.filter(MatchExpression(self.columns(), Value(text)))
        entries = IndexEntry.objects.filter(
            content_type__in=get_descendants_content_types_pks(self.queryset.model),
            pk__in=found.values("index_entry_id"),
        )
        return entries.values_list(Cast("object_id", self.primary_key())), negated

    def newest(self, query: SearchQuery, limit: int) -> QuerySet[Any]:
        text, _negated = fts5(query)
        # FTS5 goes through its rows backwards as it is asked for them, so the limit ends the work;
        # the sum keeps SQLite from beginning with the entries of the type.
        kind = F("index_entry__content_type_id") + Value(0)
        found = SQLiteFTSIndexEntry.objects.filter(MatchExpression(self.columns(), Value(text)))
        mine = found.annotate(kind=kind).filter(
            kind__in=get_descendants_content_types_pks(self.queryset.model)
        )
        keys = mine.order_by("-index_entry_id").values_list(
            Cast("index_entry__object_id", self.primary_key())
        )
        return keys[:limit]

    def score(self, query: SearchQuery) -> Subquery:
        text, _negated = fts5(query)
        return _RankedScore(self._ranking(text).values("object_pk", "score"))


class SQLiteAutocompleteCompiler(AutocompleteMixin, SQLiteCompiler):
    pass


class SQLiteWordsIndex(WordsIndexMixin, SQLiteIndex):
    def write(self, content_type_id: int, entries: dict[str, IndexedTexts]) -> None:
        rows = [(key, t.title, t.body, t.autocomplete) for key, t in entries.items()]
        # One statement for all rows: FTS5 writes a segment to disk at the end of each statement.
        # "WHERE true" keeps the parser from reading ON CONFLICT as a join.
        with self.write_connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO {IndexEntry._meta.db_table}
                    (content_type_id, object_id, title, body, autocomplete, title_norm)
                SELECT %s, value ->> 0, value ->> 1, value ->> 2, value ->> 3, 1.0
                FROM json_each(%s) WHERE true
                {self.conflict_sql}
                """,  # noqa: S608 - constants only
                [content_type_id, json.dumps(rows, ensure_ascii=False)],
            )


class SQLiteSearchBackend(StockBackend):
    query_compiler_class = SQLiteCompiler
    autocomplete_query_compiler_class = SQLiteAutocompleteCompiler
    index_class = SQLiteWordsIndex
    results_class = SQLiteSearchResults
