"""What may be shown at this moment, by the database: an index is up to a second behind."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left
from wagtail.models import Page

from portal.plugin_api import Publication, public_urls, site_home
from portal.search.models import Document

from .highlighting import LONGEST_BODY


class HasPage(Protocol):
    """What belongs to a page, or stands at a site by itself."""

    @property
    def page(self) -> int | None: ...
    @property
    def site(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it is shown; of its text the beginning. Made of a row, not of a model: a page
    of results is twenty of them."""

    key: str
    kind: str
    language: str
    site: int | None
    page: int | None
    parent: str
    url: str
    title: str
    number: str
    summary: str
    agencies: list[int]
    date: datetime.datetime | None
    standing: str
    trust: str
    extra: dict[str, Any]
    body_start: str


_STORED = tuple(name for name in Row.__slots__ if name != "body_start")


def shown_now(keys: Sequence[str], *, at: datetime.datetime) -> dict[str, Row]:
    """The documents among ``keys`` that everybody may see now. Two queries, however many."""
    if not keys:
        return {}
    found = public_rows(at).filter(key__in=keys)
    rows = (Row(*values) for values in found.values_list(*_STORED, Left("body", LONGEST_BODY)))
    return {row.key: row for row in without_hidden(rows, at=at)}


def public_rows(at: datetime.datetime) -> Any:
    """Rows that are public as documents: not removed, within their dates."""
    return Document.objects.filter(
        Q(public_from__isnull=True) | Q(public_from__lte=at),
        Q(public_until__isnull=True) | Q(public_until__gt=at),
        is_removed=False,
    )


def without_hidden[T: HasPage](rows: Iterable[T], *, at: datetime.datetime) -> list[T]:
    """Without rows (``Row`` or ``Document``) whose page is not public; one query."""
    found = list(rows)
    pages = {row.page for row in found if row.page is not None}
    public = _public(pages, at) if pages else frozenset()
    return [row for row in found if (row.page in public if row.page else _site_is_open(row.site))]


def _public(pages: set[int], at: datetime.datetime) -> frozenset[int]:
    """Pages that are live, under no restriction, at an open site, with a publication that runs.

    Pages of the set-up (roots, columns) may have no publication: for them the others decide.
    """
    ended = Publication.objects.filter(
        Q(since__gt=at) | Q(until__lte=at), page=OuterRef("pk"), closed=False
    )
    live = Page.objects.filter(~Exists(ended), pk__in=pages, live=True)
    rows = live.values_list("pk", "path", "url_path", "expire_at")
    return frozenset(
        public_urls(
            (pk, path, url_path)
            for pk, path, url_path, expires in rows
            if expires is None or expires > at
        )
    )


def _site_is_open(site: int | None) -> bool:
    if site is None:
        return True
    home = site_home(site, settings.LANGUAGE_CODE)
    return home is not None and home.is_public
