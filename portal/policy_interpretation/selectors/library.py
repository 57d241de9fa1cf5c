"""The library of policy documents: what is public, filtered and counted."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import get_language, gettext

from portal.plugin_api import (
    ListItem,
    PortalContext,
    date_text,
    kept_text,
    page_today,
    public_urls,
    site_home,
)
from portal.policy_interpretation.models import PolicyRecord, PolicyTheme
from portal.policy_interpretation.models.documents import Audience, BodyLevel, Genre
from portal.policy_interpretation.numbers import number_key
from portal.policy_interpretation.validity import Dates, Validity, having, validity_on

ORDERS: Mapping[str, tuple[str, ...]] = {
    "": ("-published_at", "-page"),
    "issued": ("-issued_on", "-page"),
    "oldest": ("issued_on", "page"),
}
_SHOWN_BODIES = 40
_MOST_WORDS = 8
_BRACKETS = str.maketrans("[]()【】", "〔〕〔〕〔〕")
DATES = ("effective_on", "valid_through", "repealed_on", "amended_on", "partly_invalid_on")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor narrows the library by; "" for what is left open.

    ``theme`` is the code of a class or a subclass. Values that do not exist are dropped, so that
    an old address shows too much rather than nothing.
    """

    q: str = ""
    theme: str = ""
    body: str = ""
    year: str = ""
    genre: str = ""
    level: str = ""
    validity: str = ""
    audience: str = ""
    sort: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        values = {
            field.name: query.get(field.name, "").strip()[:120]
            for field in fields(cls)
        }  # fmt: skip
        known: Mapping[str, Sequence[str]] = {
            "genre": Genre.values,
            "level": BodyLevel.values,
            "validity": Validity.values,
            "audience": Audience.values,
            "sort": list(ORDERS),
        }
        for name, choices in known.items():
            if values[name] not in choices:
                values[name] = ""
        for name, lengths in (("year", (4,)), ("theme", (2, 4))):
            typed = values[name]
            if not (typed.isascii() and typed.isdigit() and len(typed) in lengths):
                values[name] = ""
        return cls(**values)

    @property
    def is_narrowed(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self) if field.name != "sort")

    @property
    def is_common(self) -> bool:
        """Whether there are few questions like it: nothing typed, at most one choice made."""
        made = [field.name for field in fields(self) if getattr(self, field.name)]
        choices = {"theme", "genre", "level", "validity", "audience"}
        return not set(made) - choices - {"sort"} and (
            len(set(made) & choices) <= 1 and len(self.theme) <= 2
        )

    def conditions(self, day: datetime.date) -> dict[str, Q]:
        """One condition for each filter that is set, by its name."""
        found: dict[str, Q] = {}
        if self.q:
            found["q"] = _matching(self.q)
        if self.theme:
            is_class = len(self.theme) == 2
            found["theme"] = Q(theme_class=self.theme) if is_class else Q(theme=self.theme)
        if self.body:
            found["body"] = Q(lead_body=self.body)
        if self.year:
            found["year"] = Q(year=int(self.year))
        if self.genre:
            found["genre"] = Q(genre=self.genre)
        if self.level:
            found["level"] = Q(level=self.level)
        if self.validity:
            found["validity"] = having(Validity(self.validity), day)
        if self.audience:
            found["audience"] = Q(page__audience__contains=self.audience)
        return found


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """What one filter offers: each choice with how many documents it would leave."""

    name: str
    label: str
    choices: Sequence[Choice]

    @property
    def chosen(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.is_chosen), None)


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A document as lists print it. ``published_text`` is YYYY-MM-DD."""

    pk: int
    title: str
    url: str
    document_number: str
    bodies: str
    issued_on: datetime.date | None
    published_at: datetime.datetime | None
    published_text: str
    validity: Validity
    summary: str

    @property
    def is_over(self) -> bool:
        return self.validity in (Validity.REPEALED, Validity.EXPIRED)

    @property
    def body_names(self) -> list[str]:
        """The issuing bodies one by one, the lead body first."""
        return [name for name in self.bodies.split("、") if name]


def public_records(portal: PortalContext, site_pk: int | None) -> "QuerySet[PolicyRecord]":
    """The records of a site (None: of all) whose pages everybody may read."""
    records = PolicyRecord.objects.filter(
        page__live=True, page__locale__language_code=portal.language
    )
    if site_pk is not None:
        records = records.filter(site=site_pk)
    for path in portal.structure.hidden_paths:
        records = records.exclude(page__path__startswith=path)
    return records


class Library:
    """One question to the library: its facets, its number of documents, a piece of its list.

    At most eleven queries, whatever is asked; none of them grows with the number of documents
    shown.
    """

    def __init__(self, portal: PortalContext, site_pk: int | None, filters: Filters) -> None:
        self.portal = portal
        self.filters = filters
        self.day = page_today()
        self._site_pk = site_pk
        self._base = public_records(portal, site_pk)
        self._conditions = filters.conditions(self.day)

    def _records(self, leaving_out: str = "") -> "QuerySet[PolicyRecord]":
        chosen = [q for name, q in self._conditions.items() if name != leaving_out]
        return self._base.filter(*chosen)

    def counts(self) -> tuple[int, list[Facet]]:
        """(documents that fit, facets).

        Counting looks at every document; for what is asked again and again it is done once for
        each change of the content.
        """
        if not self.filters.is_common:
            return self._counts()
        asked = {**asdict(self.filters), "sort": ""}
        key = (get_language(), self.portal.language, self._site_pk, self.day, *asked.values())
        kept = kept_text(("policy_interpretation", "library", *key), self._counts_text)
        total, facets = json.loads(kept)
        return total, [
            Facet(name, label, [Choice(*choice) for choice in choices])
            for name, label, choices in facets
        ]

    def _counts_text(self) -> str:
        total, facets = self._counts()
        rows = [
            (facet.name, facet.label, [tuple(asdict(choice).values()) for choice in facet.choices])
            for facet in facets
        ]
        return json.dumps((total, rows))

    def _counts(self) -> tuple[int, list[Facet]]:
        states = {f"v_{state.value}": having(state, self.day) for state in Validity}
        audiences = {
            f"a_{number}": Q(page__audience__contains=value)
            for number, value in enumerate(Audience.values)
        }
        asked = {
            **({} if self.filters.validity else states),
            **({} if self.filters.audience else audiences),
        }
        counted = self._count(self._records(), asked)
        if self.filters.validity:
            counted |= self._count(self._records("validity"), states, total=False)
        if self.filters.audience:
            counted |= self._count(self._records("audience"), audiences, total=False)
        facets = [
            self._themes(),
            self._grouped("body", gettext("Issuing body"), "lead_body", limit=_SHOWN_BODIES),
            self._grouped("year", gettext("Year"), "year", newest_first=True),
            self._grouped("genre", gettext("Genre"), "genre", labels=dict(Genre.choices)),
            self._grouped("level", gettext("Level"), "level", labels=dict(BodyLevel.choices)),
            Facet(
                "validity",
                gettext("Validity"),
                self._choices(
                    "validity",
                    [(s.value, str(s.label), counted[f"v_{s.value}"]) for s in Validity],
                ),
            ),
            Facet(
                "audience",
                gettext("Who it is for"),
                self._choices(
                    "audience",
                    [
                        (value, str(label), counted[f"a_{number}"])
                        for number, (value, label) in enumerate(Audience.choices)
                    ],
                ),
            ),
        ]
        return counted["total"], [facet for facet in facets if facet.choices]

    def total(self) -> int:
        """How many documents fit, without the facets."""
        return self._records().count()

    def rows(self, *, offset: int, limit: int) -> list[LibraryRow]:
        records = self._records().order_by(*ORDERS[self.filters.sort])
        return read_rows(records[offset : offset + limit], self.portal, self.day)

    @staticmethod
    def _count(
        records: "QuerySet[PolicyRecord]", asked: Mapping[str, Q], *, total: bool = True
    ) -> dict[str, int]:
        counts = {name: Count("pk", filter=condition) for name, condition in asked.items()}
        if total:
            counts["total"] = Count("pk")
        return records.aggregate(**counts)

    def _grouped(
        self,
        name: str,
        label: str,
        column: str,
        *,
        labels: Mapping[Any, Any] | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Facet:
        rows = list(
            self._records(name)
            .values_list(column)
            .annotate(n=Count("pk"))
            .order_by(f"-{column}" if newest_first else "-n", column)[:limit]
        )
        found = [
            (str(value), str(labels.get(value, value)) if labels else str(value), count)
            for value, count in rows
            if value
        ]
        chosen = getattr(self.filters, name)
        if chosen and chosen not in (value for value, _label, _count in found):
            found.append((chosen, str(labels.get(chosen, chosen)) if labels else chosen, 0))
        return Facet(name, label, self._choices(name, found))

    def _themes(self) -> Facet:
        """Classes; of the class that is chosen the subclasses too."""
        records = self._records("theme")
        counts = dict(records.values_list("theme_class").annotate(n=Count("pk")).order_by())
        wanted = Q(parent__isnull=True)
        chosen_class = self.filters.theme[:2]
        if chosen_class:
            inside = records.filter(theme_class=chosen_class)
            counts |= dict(inside.values_list("theme").annotate(n=Count("pk")).order_by())
            wanted |= Q(parent=chosen_class)
        names = PolicyTheme.objects.filter(wanted).values_list("code", "name")
        found = [(code, name, counts.get(code, 0)) for code, name in names]
        return Facet("theme", gettext("Theme"), self._choices("theme", found))

    def _choices(self, name: str, found: Sequence[tuple[str, str, int]]) -> list[Choice]:
        chosen = getattr(self.filters, name)
        return [
            Choice(value, label, count, value == chosen)
            for value, label, count in found
            if count or value == chosen
        ]


def read_rows(
    records: "QuerySet[PolicyRecord]", portal: PortalContext, day: datetime.date
) -> list[LibraryRow]:
    """Records as list rows, with one query."""
    values = records.values(
        "page_id", "title", "document_number", "bodies", "issued_on", "published_at",
        "page__url_path", "page__summary", *DATES,
    )  # fmt: skip
    return [
        LibraryRow(
            pk=row["page_id"],
            title=row["title"],
            url=portal.structure.url(row["page__url_path"], portal.host),
            document_number=row["document_number"],
            bodies=row["bodies"],
            issued_on=row["issued_on"],
            published_at=row["published_at"],
            published_text=date_text(row["published_at"])[:10],
            validity=validity_on(Dates(**{name: row[name] for name in DATES}), day),
            summary=row["page__summary"],
        )
        for row in values
    ]


def latest_documents(site_pk: int | None, language: str, count: int) -> list[ListItem]:
    """The newest public documents of a site and what lies in it, for lists in homes. One query.

    What is no longer in force says so before its title.
    """
    root = site_home(site_pk, language)
    if root is None:
        return []
    records = PolicyRecord.objects.filter(
        page__live=True, page__path__startswith=root.path, published_at__isnull=False
    ).order_by("-published_at", "-page")
    # A few more: those that are hidden from the public are left out below.
    rows = list(
        records.values(
            "page_id", "page__path", "page__url_path", "title", "bodies", "published_at",
            "page__summary", *DATES,
        )[: count + 10]
    )  # fmt: skip
    urls = public_urls((row["page_id"], row["page__path"], row["page__url_path"]) for row in rows)
    today = page_today()
    found = []
    for row in rows:
        validity = validity_on(Dates(**{name: row[name] for name in DATES}), today)
        over = validity in (Validity.REPEALED, Validity.EXPIRED)
        if row["page_id"] in urls:
            found.append(
                ListItem(
                    title=f"【{validity.label}】{row['title']}" if over else row["title"],
                    url=urls[row["page_id"]],
                    date=row["published_at"],
                    summary=row["page__summary"],
                    source=row["bodies"],
                )
            )
    return found[:count]


def _matching(typed: str) -> Q:
    """All words in the title, or the whole as (part of) a document number."""
    words = Q()
    for word in typed.split()[:_MOST_WORDS]:
        words &= Q(title__icontains=word)
    key = number_key(typed)
    # Of a whole number the key has the usual brackets; a part of one is typed with any.
    usual = key.translate(_BRACKETS)
    return words | Q(number_key__contains=key) | Q(number_key__contains=usual)
