"""The catalogue of a disclosure platform: what is public in it, filtered, counted, exported."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

from portal.plugin_api import PortalContext, date_text, page_today
from portal.policy_interpretation.models import (
    CatalogueEntry,
    DisclosurePlatform,
    PolicyPage,
    PolicyTheme,
)
from portal.policy_interpretation.models.documents import Disclosure, Genre
from portal.policy_interpretation.validity import Dates, Validity, validity_on

from .library import Choice, Facet

_MOST_WORDS = 8
_MOST_BODIES = 30
_DATES = ("effective_on", "valid_through", "repealed_on", "amended_on", "partly_invalid_on")
_RECORD = "page__policypage__policy_record__"


@dataclass(frozen=True, slots=True)
class CatalogueFilters:
    """What a reader narrows the catalogue by; values that do not exist are dropped."""

    q: str = ""
    theme: str = ""
    body: str = ""
    genre: str = ""
    year: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "CatalogueFilters":
        values = {field.name: query.get(field.name, "").strip()[:120] for field in fields(cls)}
        if values["genre"] not in Genre.values:
            values["genre"] = ""
        for name, lengths in (("year", (4,)), ("theme", (2, 4))):
            typed = values[name]
            if not (typed.isascii() and typed.isdigit() and len(typed) in lengths):
                values[name] = ""
        return cls(**values)

    @property
    def is_narrowed(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def conditions(self) -> dict[str, Q]:
        """One condition for each filter that is set, by its name."""
        found: dict[str, Q] = {}
        if self.q:
            words = Q()
            for word in self.q.split()[:_MOST_WORDS]:
                words &= Q(title__icontains=word) | Q(summary__icontains=word)
            found["q"] = words | Q(index_number=self.q) | Q(document_number__icontains=self.q)
        if self.theme:
            is_class = len(self.theme) == 2
            found["theme"] = Q(theme_class=self.theme) if is_class else Q(theme=self.theme)
        if self.body:
            found["body"] = Q(body=self.body)
        if self.genre:
            found["genre"] = Q(genre=self.genre)
        if self.year:
            found["year"] = Q(year=int(self.year))
        return found


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A line as it is printed and exported. ``validity`` is None for what is no policy document."""

    index_number: str
    title: str
    url: str
    summary: str
    created_on: datetime.date | None
    document_number: str
    body: str
    published_text: str
    disclosure: str
    theme: str
    genre: str
    validity: Validity | None

    @property
    def is_over(self) -> bool:
        return self.validity in (Validity.REPEALED, Validity.EXPIRED)


def public_entries(
    platform: DisclosurePlatform, portal: PortalContext
) -> "QuerySet[CatalogueEntry]":
    """The lines of a platform whose pages everybody may read."""
    entries = CatalogueEntry.objects.filter(
        platform=platform, page__live=True, page__locale__language_code=portal.language
    )
    for path in portal.structure.hidden_paths:
        entries = entries.exclude(page__path__startswith=path)
    return entries


def index_number_of(page: PolicyPage) -> str:
    """A document's own number, else the one that the catalogue gave.

    No query for a page with its ``disclosure_entry``, as public pages are read.
    """
    entry = getattr(page, "disclosure_entry", None) if page.pk else None
    return page.index_number or (entry.index_number if entry is not None else "")


class Catalogue:
    """One question to the catalogue: its facets, its number of lines, a piece of it.

    At most seven queries; none of them grows with what is shown.
    """

    def __init__(
        self, platform: DisclosurePlatform, portal: PortalContext, filters: CatalogueFilters
    ) -> None:
        self.portal = portal
        self.filters = filters
        self._base = public_entries(platform, portal)
        self._conditions = filters.conditions()

    def entries(self, leaving_out: str = "") -> "QuerySet[CatalogueEntry]":
        chosen = [q for name, q in self._conditions.items() if name != leaving_out]
        return self._base.filter(*chosen)

    def count(self) -> int:
        return self.entries().count()

    def facets(self) -> list[Facet]:
        """Theme, body, genre and year; each choice with how many lines it would leave."""
        found = [
            self._themes(),
            self._grouped("body", gettext("Issuing body"), limit=_MOST_BODIES),
            self._grouped("genre", gettext("Genre"), labels=dict(Genre.choices)),
            self._grouped("year", gettext("Year"), newest_first=True),
        ]
        return [facet for facet in found if facet.choices]

    def rows(self, *, offset: int = 0, limit: int | None = None) -> Iterator[CatalogueRow]:
        """Newest first, with one query."""
        entries = self.entries().order_by("-published_at", "-page")
        end = None if limit is None else offset + limit
        today = page_today()
        values = entries.values(
            "index_number", "title", "summary", "created_on", "document_number", "body",
            "published_at", "disclosure", "theme__name", "genre", "page__url_path",
            f"{_RECORD}page_id", *(_RECORD + name for name in _DATES),
        )[offset:end]  # fmt: skip
        labels: Mapping[str, Any] = dict(Disclosure.choices)
        genres: Mapping[str, Any] = dict(Genre.choices)
        for row in values.iterator(chunk_size=1000):
            dates = Dates(**{name: row[_RECORD + name] for name in _DATES})
            is_policy = row[f"{_RECORD}page_id"] is not None
            yield CatalogueRow(
                index_number=row["index_number"],
                title=row["title"],
                url=self.portal.structure.url(row["page__url_path"], self.portal.host),
                summary=row["summary"],
                created_on=row["created_on"],
                document_number=row["document_number"],
                body=row["body"],
                published_text=date_text(row["published_at"])[:10],
                disclosure=str(labels[row["disclosure"]]),
                theme=row["theme__name"] or "",
                genre=str(genres.get(row["genre"], "")),
                validity=validity_on(dates, today) if is_policy else None,
            )

    def _grouped(
        self,
        name: str,
        label: str,
        *,
        labels: Mapping[str, Any] | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Facet:
        counts = self.entries(name).values_list(name).annotate(n=Count("pk"))
        order = f"-{name}" if newest_first else "-n"
        found = [
            (str(value), str((labels or {}).get(value, value)), count)
            for value, count in counts.order_by(order, name)[:limit]
            if value
        ]
        chosen = getattr(self.filters, name)
        if chosen and chosen not in (value for value, _label, _count in found):
            found.append((chosen, str((labels or {}).get(chosen, chosen)), 0))
        return Facet(name, label, self._choices(name, found))

    def _themes(self) -> Facet:
        counts = dict(
            self.entries("theme").values_list("theme_class").annotate(n=Count("pk")).order_by()
        )
        chosen = self.filters.theme
        names = PolicyTheme.objects.filter(Q(pk__in=counts) | Q(pk=chosen))
        found = [
            (code, name, counts.get(code, 0)) for code, name in names.values_list("pk", "name")
        ]
        return Facet("theme", gettext("Theme"), self._choices("theme", found))

    def _choices(self, name: str, found: Sequence[tuple[str, str, int]]) -> list[Choice]:
        chosen = getattr(self.filters, name)
        return [
            Choice(value, label, count, value == chosen)
            for value, label, count in found
            if count or value == chosen
        ]
