"""The index in PostgreSQL: tsvectors of cut words, found through GIN indexes."""

from typing import Any

from django.contrib.postgres.search import SearchQuery as TSQuery
from django.contrib.postgres.search import SearchRank
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from modelsearch.backends.database.postgres.postgres import (
    IndexEntry,
    PostgresIndex,
    PostgresSearchResults,
)
from modelsearch.backends.database.postgres.postgres import (
    PostgresSearchBackend as StockBackend,
)
from modelsearch.query import And, Not, SearchQuery
from modelsearch.utils import get_descendants_content_types_pks

from .compiler import AutocompleteMixin, WordsCompiler
from .documents import IndexedTexts
from .indexing import WordsIndexMixin
from .words import Term

CONFIG = "simple"  # words arrive ready; no server setting may stem or drop them


def tsquery(query: SearchQuery) -> str:
    """The query in PostgreSQL's language; words of one term in quotes must follow each other."""
    if isinstance(query, Term):
        return f"'{query.text}'" + (":*" if query.prefix else "")
    if isinstance(query, Not):
        return f"!({tsquery(query.subquery)})"
    operator = " & " if isinstance(query, And) else " | "
    return "(" + operator.join(tsquery(part) for part in query.subqueries) + ")"


class PostgreSQLCompiler(WordsCompiler):
    # Divides a rank by 1 + log(length of the text): a long text matches anything a little.
    normalisation = 1

    def _vector(self) -> Any:
        vector: Any
        vector, *rest = (F(column) for column in self.columns())
        for column in rest:  # title || body, as in the expression index
            vector = vector._combine(column, "||", False)
        return vector

    def _query(self, query: SearchQuery) -> TSQuery:
        return TSQuery(tsquery(query), search_type="raw", config=CONFIG)

    def _entries(self) -> QuerySet[Any]:
        content_types = get_descendants_content_types_pks(self.queryset.model)
        entries: QuerySet[Any] = IndexEntry.objects.filter(content_type__in=content_types)
        return entries

    def _found(self, query: SearchQuery) -> QuerySet[Any]:
        return self._entries().annotate(vector=self._vector()).filter(vector=self._query(query))

    def matches(self, query: SearchQuery) -> tuple[QuerySet[Any], bool]:
        return self._found(query).values_list(Cast("object_id", self.primary_key())), False

    def newest(self, query: SearchQuery, limit: int) -> QuerySet[Any]:
        # By its figures of how frequent words are, PostgreSQL goes backwards through the entries
        # (frequent words) or asks the index of words and sorts the few.
        keys = self._found(query).order_by("-pk")
        return keys.values_list(Cast("object_id", self.primary_key()))[:limit]

    def score(self, query: SearchQuery) -> Subquery:
        rank = SearchRank(
            self._vector(), self._query(query), normalization=Value(self.normalisation)
        )
        entry = self._entries().filter(object_id=Cast(OuterRef("pk"), CharField()))
        return Subquery(entry.values_list(rank)[:1])


class PostgreSQLAutocompleteCompiler(AutocompleteMixin, PostgreSQLCompiler):
    normalisation = (
        2  # by the length itself: the shortest title that holds what was typed comes first
    )


class PostgreSQLWordsIndex(WordsIndexMixin, PostgresIndex):
    def write(self, content_type_id: int, entries: dict[str, IndexedTexts]) -> None:
        # By PostgreSQL's default weights, A (the title) counts ten times D (unmarked).
        # The plain texts are for trigram search, which this backend does not offer.
        columns = zip(
            *((key, t.title, t.body, t.autocomplete) for key, t in entries.items()),
            strict=True,
        )
        with self.write_connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO {IndexEntry._meta.db_table}
                    (content_type_id, object_id, title, body, autocomplete,
                     title_norm, title_text, body_text)
                SELECT %s, object_id, setweight(to_tsvector('{CONFIG}', title), 'A'),
                    to_tsvector('{CONFIG}', body), to_tsvector('{CONFIG}', autocomplete),
                    1.0, '', ''
                FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])
                    AS entry (object_id, title, body, autocomplete)
                {self.conflict_sql}
                """,  # noqa: S608 - constants only
                [content_type_id, *map(list, columns)],
            )


class PostgreSQLSearchBackend(StockBackend):
    query_compiler_class = PostgreSQLCompiler
    autocomplete_query_compiler_class = PostgreSQLAutocompleteCompiler
    index_class = PostgreSQLWordsIndex
    results_class = PostgresSearchResults
