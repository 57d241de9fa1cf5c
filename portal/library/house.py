"""The library's rules and tables, read once for as long as the structure stays the same.

A publication asks them without a query. Whoever changes one of them tells the structure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.plugin_api import just_seen

from .models import (
    Classification,
    ColumnDefaults,
    CompletenessRule,
    NumberRule,
    Scheme,
    Term,
)
from .numbers import PATTERN

_KEY = ("library", "house")
# What has no theme of its own is of the class "other" (reference 8).
OTHER_THEME = "22"


@dataclass(frozen=True, slots=True)
class Demand:
    """A field that a record must have, and whether its lack stops publishing."""

    field: str
    blocking: bool


class House:
    """One reading of all of it."""

    @cached_property
    def terms(self) -> Mapping[str, Mapping[str, str]]:
        """By scheme: the codes in force, with their names."""
        found: dict[str, dict[str, str]] = {scheme: {} for scheme in Scheme.values}
        rows = Term.objects.filter(classification__state=Classification.State.IN_FORCE)
        for scheme, code, name in rows.values_list("classification__scheme", "code", "name"):
            found[scheme][code] = name
        return found

    @cached_property
    def _demands(self) -> list[tuple[str, Demand]]:
        rows = CompletenessRule.objects.values_list("record_type", "field", "blocking")
        return [(kind, Demand(field, blocking)) for kind, field, blocking in rows]

    @cached_property
    def _numbers(self) -> Mapping[int | None, tuple[str, str]]:
        rows = NumberRule.objects.values_list("site_id", "pattern", "code")
        return {site: (pattern, code) for site, pattern, code in rows}

    @cached_property
    def column_defaults(self) -> Mapping[int, Mapping[str, str]]:
        names = ("theme", "genre", "five_open", "sharing")
        rows = ColumnDefaults.objects.values("column_id", *names)
        return {row["column_id"]: {name: row[name] for name in names if row[name]} for row in rows}

    def demands(self, record_type: str) -> list[Demand]:
        return [demand for kind, demand in self._demands if kind in ("", record_type)]

    def number_rule(self, site_pk: int | None, site_code: str) -> tuple[str, str]:
        """Pattern and code of a site."""
        own = self._numbers.get(site_pk)
        pattern, code = own or self._numbers.get(None) or (PATTERN, "")
        return pattern, (code if own else "") or "".join(filter(str.isalnum, site_code)) or "X"

    def term(self, scheme: str, code: str) -> str:
        return self.terms[scheme].get(code, "")


def house(look: Callable[[], Any] = just_seen) -> House:
    """The rules as they are now; ``look`` gives the structure to keep them in."""
    found = look()
    kept: House | None = found.kept(_KEY)
    if kept is None:
        kept = House()
        # Read at once: what is kept must be of one moment.
        _ = (kept.terms, kept._demands, kept._numbers, kept.column_defaults)
        found.keep(_KEY, kept)
    return kept
