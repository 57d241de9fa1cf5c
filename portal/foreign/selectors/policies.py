"""Policies for foreigners: what a section's column for policies shows, in few queries."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.foreign.models import ForeignSection, Need, PageTranslation
from portal.plugin_api import (
    ListingRow,
    Publication,
    Standing,
    mark_text,
    public_place,
    public_urls,
    site_of_path,
)

from .landings import landings
from .standing import Standing as ReaderStanding
from .standing import standing_of
from .trust import Trust, trust_from

# What lists call a document, whichever plugin keeps documents.
DOCUMENT = "policy"
MOST_UNTRANSLATED = 20
_OVER = (Standing.REPEALED, Standing.EXPIRED, Standing.OUTDATED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the portal a listed page stands, and what lists say of it."""

    pk: int
    path: str
    url_path: str
    title: str
    date: datetime.datetime
    summary: str
    kind: str
    mark: str


@dataclass(frozen=True, slots=True)
class Validity:
    """How a document stands today: a label, and the days that matter to a reader."""

    label: str
    is_warning: bool
    since: datetime.date | None = None
    through: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A page in the reader's language. ``summary`` is its abstract; ``trust`` is None for what was
    written in that language; ``validity`` is None where there is nothing to say of it."""

    title: str
    url: str
    date: datetime.datetime
    summary: str
    validity: Validity | None
    trust: Trust | None
    original: str
    is_behind: bool


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A Chinese page that has no released translation: its Chinese title and address."""

    title: str
    url: str
    mark: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column in which some of the policies stand."""

    pk: int
    title: str
    count: int


def is_policy_column(path: str) -> bool:
    """Whether a column (by its treebeard path) is a section's column for policies; no query."""
    row = landings().columns.get(path)
    return row is not None and row["need"] == Need.POLICIES


class Policies:
    """What the column for policies of a section shows.

    Translated documents of the whole section, since a rule for businesses stands in the column for
    business; and whatever else stands in this column.
    """

    def __init__(self, section: ForeignSection, root_path: str, column_path: str) -> None:
        self._section = section
        self._column_path = column_path
        self._root_path = root_path
        self._language = section.locale.language_code
        self.places = self._places()

    def _places(self) -> list[Place]:
        rows = _listed(
            ListingRow.objects.filter(page__path__startswith=self._root_path).filter(
                Q(kind=DOCUMENT) | Q(page__path__startswith=self._column_path)
            )
        )
        return [row for row in rows if site_of_path(row.path) == self._section.site_id]

    # --- columns ---------------------------------------------------------------------------------
    def choices(self) -> list[ColumnChoice]:
        """The columns in which policies stand, the one for policies first; none for one alone."""
        counted: dict[int, int] = {}
        for place in self.places:
            pk = self._column_of(place)
            if pk is not None:
                counted[pk] = counted.get(pk, 0) + 1
        own = landings().columns[self._column_path]["page"]
        found = [
            ColumnChoice(pk, told[0], counted[pk])
            for pk in sorted(counted, key=lambda pk: (pk != own, pk))
            if (told := public_place(pk)) is not None
        ]
        return found if len(found) > 1 else []

    def within(self, column: int | None) -> list[Place]:
        """The newest first; of one column, or (None) of all."""
        return [p for p in self.places if column is None or self._column_of(p) == column]

    def _column_of(self, place: Place) -> int | None:
        """The section's column around a page; None directly below the home."""
        return landings().column_around(place.path)

    # --- what is shown ---------------------------------------------------------------------------
    def told(self, places: Sequence[Place]) -> list[Policy]:
        """Everything about some of them, with two queries."""
        pks = [place.pk for place in places]
        publications = {
            row.page_id: row for row in Publication.objects.filter(page_id__in=pks, closed=False)
        }
        translations = {
            row.target_id: row
            for row in PageTranslation.objects.filter(target__in=pks).select_related("source")
        }
        originals = public_urls(
            (row.source_id, row.source.path, row.source.url_path)
            for row in translations.values()
            if row.source.live
        )
        urls = public_urls((place.pk, place.path, place.url_path) for place in places)
        found = []
        for place in places:
            row = translations.get(place.pk)
            if place.pk not in urls or (row is not None and row.released_at is None):
                continue
            found.append(
                Policy(
                    title=place.title,
                    url=urls[place.pk],
                    date=place.date,
                    summary=place.summary,
                    validity=_validity(place, publications.get(place.pk)),
                    trust=trust_from(row) if row is not None else None,
                    original=originals.get(row.source_id, "") if row is not None else "",
                    is_behind=row is not None and standing_of(row) is ReaderStanding.STALE,
                )
            )
        return found

    def untranslated(self) -> list[Untranslated]:
        """Chinese core pages for this section and column of which no translation is public.

        Not what is no longer in force: nobody needs a translation of it.
        """
        missing = PageTranslation.objects.filter(section=self._section).filter(
            Q(target__isnull=True) | Q(target__live=False) | Q(released_at__isnull=True)
        )
        feeds = self._feed_paths()
        below = Q(kind=DOCUMENT)
        for path in feeds:
            below |= Q(page__path__startswith=path)
        rows = _listed(
            ListingRow.objects.filter(below, page__in=missing.values("source")).exclude(
                mark__in=_OVER
            )
        )
        own = landings().columns[self._column_path]["page"]
        rows = [
            row
            for row in rows
            if row.kind == DOCUMENT or landings().for_chinese(row.path, self._language) == own
        ]
        urls = public_urls((row.pk, row.path, row.url_path) for row in rows)
        return [
            Untranslated(row.title, urls[row.pk], mark_text(row.mark) if row.mark else "")
            for row in rows
            if row.pk in urls
        ]

    def _feed_paths(self) -> list[str]:
        own = landings().columns[self._column_path]["page"]
        fed = landings().feeds.get(self._language, {})
        return [path for path, column in fed.items() if column == own]


def _listed(rows: "QuerySet[ListingRow]") -> list[Place]:
    """Public pages as their own column lists them, the newest first; one query."""
    values = rows.filter(is_own=True).order_by("-date", "-page")
    fields = ("page_id", "page__path", "page__url_path", "title", "date", "summary", "kind", "mark")
    return [Place(*row) for row in values.values_list(*fields)]


def _validity(place: Place, row: Any) -> Validity | None:
    """Of a document always; of anything else only what a reader must know."""
    standing = row.standing_now() if row is not None else Standing.IN_FORCE
    mark = mark_text(standing)
    if place.kind != DOCUMENT:
        return Validity(mark, True) if mark else None
    since = through = None
    if row is not None and standing is Standing.NOT_YET_EFFECTIVE and row.valid_from is not None:
        since = timezone.localdate(row.valid_from)
    if row is not None and standing not in _OVER and row.valid_until is not None:
        # Stored is the first moment of the new state; readers are told the last day in force.
        through = timezone.localdate(row.valid_until) - datetime.timedelta(days=1)
    return Validity(str(standing.label), bool(mark), since, through)
