"""Search in the admin that finds Chinese, on SQLite (FTS5) and on PostgreSQL (tsvector).

Named in ``WAGTAILSEARCH_BACKENDS`` as ``portal.core.search``. Wagtail's own backends leave the
cutting of words to the database, and both databases take a whole Chinese sentence for one word.
Here words are cut by ``portal.text.segmentation`` before they reach the database, on both sides of
a search:

- ``search()`` (whole texts) looks for dictionary words, all of them, in any order;
- ``autocomplete()`` (what explorer, listings and choosers use) looks for what was typed, anywhere
  in a title.

The public search of the portal is another matter and does not use this.
"""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models
from modelsearch.backends import get_search_backend
from modelsearch.backends.base import BaseSearchBackend
from modelsearch.query import PlainText

from .words import cut_query

__all__ = ["SearchBackend", "bulk_index", "having_words", "newest_having_words"]


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802 - modelsearch's name
    """The backend for the database in use; called by modelsearch for every search."""
    # Each module defines classes on models that exist for its own database only.
    if connection.vendor == "postgresql":
        from .postgresql import PostgreSQLSearchBackend

        return PostgreSQLSearchBackend(params)
    from .sqlite import SQLiteSearchBackend

    return SQLiteSearchBackend(params)


def having_words[M: models.Model](
    queryset: models.QuerySet[M], words: Sequence[str]
) -> models.QuerySet[M]:
    """The objects of an indexed model with all of some words, those made last first.

    For code that narrows by what the index does not hold: ``queryset`` may have any conditions,
    where ``search()`` takes those of the model's search fields only. Not ranked, so that its cost
    has a bound. Not evaluated yet: slice it.
    """
    query = PlainText(" ".join(words), operator="and")
    backend = get_search_backend()
    compiler = backend.query_compiler_class(queryset.order_by(), query, order_by_relevance=False)
    found: models.QuerySet[M] = compiler.search(None, None, None)
    return found


def newest_having_words(
    model: type[models.Model], words: Sequence[str], limit: int
) -> models.QuerySet[Any]:
    """Primary keys (one column) of ``limit`` objects of an indexed model with all of some words.

    Those that came into the index last, first: an object keeps its place when it is indexed anew.
    The cost is that of ``limit`` rows however many objects have the words, so where ``limit`` are
    found there may be more: tell people so. For ``pk__in`` of a query with other conditions.
    """
    compiler = get_search_backend().query_compiler_class(
        model._default_manager.all(), PlainText(" ".join(words), operator="and")
    )
    query = cut_query(compiler.query, compiler.terms)
    if query is None:
        return model._default_manager.none().values_list("pk")
    found: models.QuerySet[Any] = compiler.newest(query, limit)
    return found


def bulk_index(objects: Iterable[models.Model], *, batch_size: int = 1000) -> int:
    """Index many objects of one indexed model at once, for writers that bypass signals.

    The objects must be saved and of their most specific class; those already in the index are
    replaced. Reads what the model's ``search_fields`` read, so prefetch related rows. Returns the
    number indexed.
    """
    backend = get_search_backend()
    count = 0
    for batch in batched(objects, batch_size):
        backend.add_bulk(type(batch[0]), batch)
        count += len(batch)
    return count
