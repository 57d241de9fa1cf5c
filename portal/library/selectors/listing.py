"""The library's list: filters, words, a window of rows, and facets that were counted before.

Nothing here counts rows: with 100,000 records a list costs what it costs with 1,000.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.library.house import house
from portal.library.models import (
    FacetCount,
    FiveOpen,
    LibraryRecord,
    PubKind,
    RecordType,
    Scheme,
    Sharing,
    State,
)
from portal.library.permissions import visible
from portal.plugin_api import Standing, just_seen, newest_having_words

PER_PAGE = 50
# Of the pages with the words those that came last into the index are looked through, so many.
MOST_FOUND = 500
FACETS = ("site", "record_type", "state", "theme", "pub_kind", "sharing", "five_open", "validity",
          "language")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet. ``count`` is None where nobody has counted yet."""

    value: str
    label: str
    count: int | None
    is_chosen: bool
    query: str


class Wanted:
    """What the address asks for; anything that is no value of a facet is left out."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.words = (query.get("q") or "").replace("\x00", "").strip()[:100]
        self.chosen = {name: value for name in FACETS if (value := self._clean(name, query))}
        self.check = (query.get("check") or "")[:30]
        self.column = column if (column := query.get("column") or "").isdecimal() else ""
        self.number = max(
            1, int(p) if (p := query.get("p") or "").isdecimal() and len(p) < 6 else 1
        )

    @staticmethod
    def _clean(name: str, query: Mapping[str, str]) -> str:
        value = (query.get(name) or "").replace("\x00", "")[:40]
        return "" if name == "site" and not value.isdecimal() else value

    def query_with(self, name: str, value: str) -> str:
        """The address of the list with another value of a facet; "" takes the facet away."""
        found = {**self.chosen, "q": self.words, "check": self.check, "column": self.column}
        return f"?{urlencode({key: v for key, v in (found | {name: value}).items() if v})}"

    @property
    def conditions(self) -> Q:
        found = Q()
        for name, value in self.chosen.items():
            if name == "five_open":
                found &= Q(five_open__contains=value)
            elif name == "theme":
                found &= Q(theme_class=value) if len(value) == 2 else Q(theme=value)
            elif name == "site":
                found &= Q(site=int(value))
            else:
                found &= Q(**{name: value})
        if self.check:
            found &= Q(findings__check_name=self.check)
        return found


class Listing:
    """One page of the list for one account."""

    def __init__(self, user: Any, wanted: Wanted) -> None:
        self.user, self.wanted = user, wanted

    def _found(self) -> "QuerySet[LibraryRecord]":
        found = visible(self.user).filter(self.wanted.conditions)
        if self.wanted.words:
            found = found.filter(self._has_words)
        return found

    @cached_property
    def _pages_with_words(self) -> list[int]:
        found = newest_having_words(Page, self.wanted.words.split(), MOST_FOUND)
        return [pk for (pk,) in found]

    @property
    def _has_words(self) -> Q:
        """Whose page has all the words, or whose number or file name has them."""
        words = self.wanted.words
        found = Q(page__in=self._pages_with_words) | Q(index_no=words)
        return found | Q(page=None, title__icontains=words)

    @property
    def most_found(self) -> int | None:
        """How many pages were looked through, where more may have the words."""
        many = self.wanted.words and len(self._pages_with_words) == MOST_FOUND
        return MOST_FOUND if many else None

    @cached_property
    def _window(self) -> list[LibraryRecord]:
        start = (self.wanted.number - 1) * PER_PAGE
        # By the column that is filtered by: then an index gives the rows in their order.
        order = "-findings__record_id" if self.wanted.check else "-pk"
        rows = self._found().select_related("provider", "site").order_by(order)
        return list(rows[start : start + PER_PAGE + 1])

    @property
    def rows(self) -> list[LibraryRecord]:
        return self._window[:PER_PAGE]

    @property
    def has_next(self) -> bool:
        return len(self._window) > PER_PAGE

    @cached_property
    def facets(self) -> list[tuple[str, str, list[Choice]]]:
        """(name, label, choices); figures are those of all public records, as last counted."""
        counts: dict[str, dict[str, int]] = {}
        chosen_site = self.wanted.chosen.get("site")
        for facet, value, count in FacetCount.objects.filter(
            site=int(chosen_site) if chosen_site else None
        ).values_list("facet", "value", "count"):
            counts.setdefault(facet, {})[value] = count
        return [
            (name, label, choices)
            for name, label, labels in self._labels()
            if (choices := self._choices(name, labels, counts.get(name, {})))
        ]

    def _choices(
        self, name: str, labels: Mapping[str, str], counts: Mapping[str, int]
    ) -> list[Choice]:
        chosen = self.wanted.chosen.get(name, "")
        return [
            Choice(
                value,
                label,
                counts.get(value),
                value == chosen,
                self.wanted.query_with(name, "" if value == chosen else value),
            )
            for value, label in labels.items()
            if value in counts or value == chosen or not counts
        ]

    def _labels(self) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        records = just_seen().records.values()
        themes = {
            code: name for code, name in house().terms[Scheme.THEME].items() if len(code) == 2
        }
        languages = {code: str(label) for code, label in settings.LANGUAGES}
        yield "site", _("Site"), {str(record.pk): record.short_name for record in records}
        yield "record_type", _("Type"), _named(RecordType)
        yield "state", _("State"), _named(State)
        yield "theme", _("Theme"), themes
        yield "pub_kind", _("Kind of publication"), _named(PubKind)
        yield "sharing", _("Sharing"), _named(Sharing)
        yield "five_open", _("Five kinds of openness"), _named(FiveOpen)
        yield "validity", _("Validity"), _named(Standing)
        yield "language", _("Language"), languages


def _named(choices: Any) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}
