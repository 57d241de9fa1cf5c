"""Narrowed lists of guides: filters of an address, what each choice would leave, rows to print."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ListItem, PortalContext, public_urls, site_home
from portal.services.models import Dimension, GuidePage, ServedPerson

from . import finding
from .shelf import LETTER, OTHER_LETTERS, SERVED, SITE, UNIT, Shelf, Term, UnitName, shelf

# The name of a filter in addresses → the dimension of the shelf.
DIMENSIONS: Mapping[str, str] = {
    "served": SERVED,
    "event": Dimension.LIFE_EVENT.value,
    "person": Dimension.PERSON.value,
    "subject": Dimension.SUBJECT.value,
    "unit": UNIT,
    "online": Dimension.ONLINE_LEVEL.value,
    "type": Dimension.ITEM_TYPE.value,
    "letter": LETTER,
}
LABELS: Mapping[str, object] = {
    "served": _("For whom"),
    "event": _("Life event"),
    "person": _("I am"),
    "subject": _("Subject"),
    "unit": _("Handling office"),
    "online": _("Online level"),
    "type": _("Kind of item"),
    "letter": _("First letter"),
}
MOST_FOUND = 200
_LETTERS = [*map(chr, range(ord("A"), ord("Z") + 1)), OTHER_LETTERS]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor narrows guides by; "" for what is left open."""

    q: str = ""
    served: str = ""
    event: str = ""
    person: str = ""
    subject: str = ""
    unit: str = ""
    online: str = ""
    type: str = ""
    letter: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        """Of an address; what cannot be any value is dropped."""
        values = {
            field.name: " ".join(query.get(field.name, "").replace("\x00", "").split())[:120]
            for field in fields(cls)
        }
        values["letter"] = values["letter"].upper()[:1]
        return cls(**values)

    @property
    def is_narrowed(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, with how many guides it would leave."""

    value: str
    label: str
    count: int
    icon: str = ""
    explanation: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    choices: Sequence[Choice]

    @property
    def chosen(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.is_chosen), None)


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A guide as lists print it."""

    pk: int
    title: str
    url: str
    url_path: str
    summary: str
    unit: str
    limit: str
    fee: str
    level: str
    level_rank: int | None
    online_url: str
    item_type: str
    base_code: str
    phone: str
    visits: int | None


class GuideList:
    """One question to the entrance: what it leaves, how it could be narrowed, pieces of the list.

    The main site shows the guides of all sites, another one its own. One query for each piece; the
    rest is counted in memory.
    """

    def __init__(self, language: str, site: int | None, filters: Filters) -> None:
        self.filters = filters
        self.shelf: Shelf = shelf(language)
        self.base = self.shelf.all if site is None else self.shelf.having(SITE, str(site))
        self._chosen = {
            name: self.shelf.having(dimension, getattr(filters, name))
            for name, dimension in DIMENSIONS.items()
            if getattr(filters, name)
        }

    @cached_property
    def _fitting(self) -> list[int]:
        """Of a typed question: the guides that fit, the best first."""
        return finding.find(self.shelf, self.filters.q, among=self.base, count=MOST_FOUND)

    @cached_property
    def _in_question(self) -> int:
        if not self.filters.q:
            return self.base
        found = 0
        for pk in self._fitting:
            found |= 1 << self.shelf.places[pk]
        return found

    def guides(self, leaving_out: str = "") -> int:
        """The guides that fit all filters but one."""
        found = self._in_question
        for name, having in self._chosen.items():
            if name != leaving_out:
                found &= having
        return found

    @cached_property
    def count(self) -> int:
        return self.guides().bit_count()

    def piece(self, offset: int, count: int) -> list[int]:
        """Primary keys in the order of the list: by the alphabet, or by how well they fit."""
        if not self.filters.q:
            return self.shelf.piece(self.guides(), offset, count)
        left = set(self.shelf.piece(self.guides(), 0, MOST_FOUND))
        return [pk for pk in self._fitting if pk in left][offset : offset + count]

    # --- facets ----------------------------------------------------------------------------------
    def facet(self, name: str) -> Facet:
        """The choices of a filter that leave something, and the one that is made."""
        guides, dimension = self.guides(leaving_out=name), DIMENSIONS[name]
        chosen = getattr(self.filters, name)
        choices = []
        for choice in self._values(name):
            count = (guides & self.shelf.having(dimension, choice.value)).bit_count()
            if count or choice.value == chosen:
                choices.append(replace(choice, count=count, is_chosen=choice.value == chosen))
        if chosen and not any(choice.is_chosen for choice in choices):
            choices.append(Choice(chosen, chosen, 0, is_chosen=True))
        if name == "unit":
            choices.sort(key=lambda choice: -choice.count)
        return Facet(name, str(LABELS[name]), choices)

    def facets(self, *names: str) -> list[Facet]:
        found = [self.facet(name) for name in names]
        return [facet for facet in found if facet.choices]

    def _values(self, name: str) -> Iterator[Choice]:
        if name == "served":
            for value, label in ServedPerson.choices:
                yield Choice(str(value), str(label), 0)
        elif name == "letter":
            for letter in _LETTERS:
                yield Choice(letter, gettext("Other") if letter == OTHER_LETTERS else letter, 0)
        elif name == "unit":
            for unit in self.shelf.units.values():
                yield Choice(unit.code, unit.shown_name, 0)
        else:
            for term in self.shelf.terms_of(DIMENSIONS[name]):
                yield Choice(term.key, term.shown_label, 0, term.icon, term.explanation)


def read_rows(shelf_: Shelf, pks: Sequence[int]) -> list[GuideRow]:
    """Guides as list rows, in the given order, with one query; what is gone is left out."""
    values = {
        row["pk"]: row
        for row in GuidePage.objects.filter(pk__in=pks, live=True).values(
            "pk", "path", "url_path", "title", "summary", "promised_limit", "legal_limit",
            "is_charged", "fee_standard", "online_level_id", "online_url", "owner_unit_id",
            "item_type_id", "base_code", "contact_phone", "visits",
        )
    } if pks else {}  # fmt: skip
    urls = public_urls((row["pk"], row["path"], row["url_path"]) for row in values.values())
    found = []
    for pk in pks:
        if pk not in values or pk not in urls:
            continue
        row = values[pk]
        level: Term | None = shelf_.terms.get(row["online_level_id"])
        unit: UnitName | None = shelf_.units.get(row["owner_unit_id"])
        kind: Term | None = shelf_.terms.get(row["item_type_id"])
        found.append(
            GuideRow(
                pk=pk,
                title=row["title"],
                url=urls[pk],
                url_path=row["url_path"],
                summary=row["summary"],
                unit=unit.shown_name if unit else "",
                limit=row["promised_limit"] or row["legal_limit"],
                fee=fee_words(is_charged=row["is_charged"], standard=row["fee_standard"]),
                level=level.shown_label if level else "",
                level_rank=level.rank if level else None,
                online_url=row["online_url"],
                item_type=kind.shown_label if kind else "",
                base_code=row["base_code"],
                phone=row["contact_phone"],
                visits=row["visits"],
            )
        )
    return found


def fee_words(*, is_charged: bool, standard: str) -> str:
    """What a service costs in a few words; the whole standard stands on the guide's page."""
    if not is_charged:
        return gettext("Free of charge")
    words = " ".join(standard.split())
    return f"{words[:39]}…" if len(words) > 40 else words or gettext("For a fee")


def sites_scope(portal: PortalContext, *, is_named: bool) -> int | None:
    """The site whose guides are shown; None: those of all, on the main site."""
    is_main = portal.site_pk == portal.structure.main_site_pk
    return None if is_main and not is_named else portal.site_pk


def newest_guides(site_pk: int | None, language: str, count: int) -> list[ListItem]:
    """The guides that became public last, of a site and what lies in it. One query."""
    root = site_home(site_pk, language)
    if root is None:
        return []
    pages = GuidePage.objects.filter(live=True, alias_of=None, path__startswith=root.path)
    rows = list(
        pages.order_by("-first_published_at", "-pk").values(
            "pk", "path", "url_path", "title", "summary", "first_published_at"
        )[: count + 10]
    )
    urls = public_urls((row["pk"], row["path"], row["url_path"]) for row in rows)
    return [
        ListItem(
            title=row["title"],
            url=urls[row["pk"]],
            date=row["first_published_at"],
            summary=row["summary"],
        )
        for row in rows
        if row["pk"] in urls
    ][:count]
