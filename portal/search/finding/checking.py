"""What may be shown at this moment, by the database: an index is up to a second behind."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left
from wagtail.models import Page

from portal.plugin_api import Publication, public_pages, site_home
from portal.search.models import Document

from .highlighting import LONGEST_BODY

_FIELDS = (
    "key", "kind", "language", "site", "page", "parent", "url", "title", "number", "summary",
    "agencies", "date", "standing", "trust", "extra", "public_from", "public_until",
)  # fmt: skip


def shown_now(keys: Sequence[str], *, at: datetime.datetime) -> dict[str, Document]:
    """The documents among ``keys`` that everybody may see now. Two queries, however many.

    Of each text only the beginning is read, as ``body_start``.
    """
    if not keys:
        return {}
    rows = (
        public_rows(at)
        .filter(key__in=keys)
        .only(*_FIELDS)
        .annotate(body_start=Left("body", LONGEST_BODY))
    )
    return {row.key: row for row in without_hidden(rows, at=at)}


def public_rows(at: datetime.datetime) -> Any:
    """Rows that are in force as documents: not removed, within their dates."""
    return Document.objects.filter(
        Q(public_from__isnull=True) | Q(public_from__lte=at),
        Q(public_until__isnull=True) | Q(public_until__gt=at),
        is_removed=False,
    )


def without_hidden(rows: Iterable[Document], *, at: datetime.datetime) -> list[Document]:
    """Without rows whose page is not public; one query."""
    found = list(rows)
    pages = {row.page for row in found if row.page is not None}
    public = _public(pages, at) if pages else frozenset()
    return [row for row in found if (row.page in public if row.page else _site_is_open(row.site))]


def _public(pages: set[int], at: datetime.datetime) -> frozenset[int]:
    """Pages that are live, under no restriction, at an open site, with a publication that runs.

    Pages that were never published through the gate (roots, columns of the set-up) have no
    publication; for them the others decide.
    """
    own = Publication.objects.filter(page=OuterRef("pk"))
    running = Publication.objects.public(at).filter(page=OuterRef("pk"))
    return frozenset(
        Page.objects.filter(public_pages(), pk__in=pages, live=True)
        .filter(Q(expire_at__isnull=True) | Q(expire_at__gt=at))
        .filter(Exists(running) | ~Exists(own))
        .values_list("pk", flat=True)
    )


def _site_is_open(site: int | None) -> bool:
    if site is None:
        return True
    home = site_home(site, settings.LANGUAGE_CODE)
    return home is not None and home.is_public
