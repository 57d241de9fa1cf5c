"""The part of a search that is the same on both databases."""

from abc import ABC, abstractmethod
from typing import Any, cast

from django.db.models import Field, QuerySet, Subquery
from modelsearch.backends.base import BaseSearchQueryCompiler
from modelsearch.query import MatchAll, SearchQuery

from .documents import is_heading
from .words import autocomplete_terms, cut_query, search_terms


class WordsCompiler(BaseSearchQueryCompiler, ABC):
    """Filters and orders a queryset by the index entries that a query matches.

    The objects are found by primary key in one uncorrelated subquery, so the full-text index is
    asked a fixed number of times, however many objects match.
    """

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    def terms(self, text: str) -> list[SearchQuery]:
        """How this kind of search cuts what was typed."""
        return search_terms(text)

    @abstractmethod
    def matches(self, query: SearchQuery) -> tuple[QuerySet[Any], bool]:
        """Primary keys (one column), and whether they are those that do *not* match."""

    @abstractmethod
    def score(self, query: SearchQuery) -> Subquery:
        """How well the object of the outer query matches; higher is better."""

    def columns(self) -> tuple[str, ...]:
        """Columns of the index to look into: as near to the asked fields as an entry allows."""
        fields = self.queryset.model.get_searchable_search_fields()
        if self.fields is not None:
            fields = [field for field in fields if field.field_name in self.fields]
        headings = {is_heading(field) for field in fields}
        if self.fields is None or len(headings) == 2:
            return ("title", "body")
        return ("title",) if headings == {True} else ("body",)

    def primary_key(self) -> Field[Any, Any]:
        """The field that the text ids of the index are converted to."""
        field: Any = self.queryset.model._meta.pk
        while field.remote_field:
            field = field.target_field
        return cast("Field[Any, Any]", field)

    def search(
        self,
        config: object,
        start: int | None,
        stop: int | None,
        score_field: str | None = None,
        backend: object = None,
    ) -> QuerySet[Any]:
        """The matching slice of the queryset; the signature is that of the results classes."""
        queryset: QuerySet[Any] = self.queryset
        if isinstance(self.query, MatchAll):
            return queryset[start:stop]
        query = cut_query(self.query, self.terms)
        if query is None:
            return queryset.none()
        keys, negated = self.matches(query)
        if negated:
            return _in_stable_order(queryset.exclude(pk__in=keys))[start:stop]
        queryset = queryset.filter(pk__in=keys)
        if score_field is not None:
            queryset = queryset.annotate(**{score_field: self.score(query)})
        if self.order_by_relevance:
            queryset = queryset.order_by(self.score(query).desc())
        return _in_stable_order(queryset)[start:stop]

    @abstractmethod
    def newest(self, query: SearchQuery, limit: int) -> QuerySet[Any]:
        """Primary keys (one column) of ``limit`` objects at most, what was indexed last first.

        Costs what ``limit`` costs, also where nearly everything matches.
        """

    def get_config(self, backend: object) -> None:
        """There is one way to cut words; the results classes of modelsearch ask for it."""


class AutocompleteMixin:
    """Turns a compiler into one for parts of titles and names."""

    def terms(self, text: str) -> list[SearchQuery]:
        return autocomplete_terms(text)

    def columns(self) -> tuple[str, ...]:
        return ("autocomplete",)


def _in_stable_order(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """What the asked order leaves open must at least stay the same from page to page."""
    return queryset.order_by(*queryset.query.order_by, "-pk")
