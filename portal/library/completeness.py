"""What a record lacks. The identity is always demanded, the rest by rules that are data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .house import house
from .models import DEMANDABLE, PubKind, Scheme


@dataclass(frozen=True, slots=True)
class Lack:
    """A field that is missing or wrong, with a sentence; ``blocking``: nothing is published."""

    field: str
    message: str
    blocking: bool = True


def lacks(values: Mapping[str, Any]) -> list[Lack]:
    """What is missing in the values of a record, by field of ``LibraryRecord``."""
    return [*_identity(values), *_codes(values), *_source(values), *_rules(values)]


def _identity(values: Mapping[str, Any]) -> Iterator[Lack]:
    if not str(values.get("title") or "").strip():
        yield Lack("title", _("The library record has no title."))
    if not (values.get("provider_id") or str(values.get("provider_name") or "").strip()):
        yield Lack("provider", _("The library record names no unit that provides it."))
    if not values.get("theme"):
        yield Lack("theme", _("The library record has no theme."))


def _codes(values: Mapping[str, Any]) -> Iterator[Lack]:
    terms = house().terms
    themes = [values.get("theme") or "", *str(values.get("more_themes") or "").split(",")]
    for code in filter(None, themes):
        if code not in terms[Scheme.THEME]:
            yield Lack("theme", _("The theme “%(code)s” is not in the table.") % {"code": code})
    genre = values.get("genre")
    if genre and genre not in terms[Scheme.GENRE]:
        yield Lack("genre", _("The genre “%(code)s” is not in the table.") % {"code": genre})


def _source(values: Mapping[str, Any]) -> Iterator[Lack]:
    if values.get("pub_kind") == PubKind.REPOST:
        if not values.get("source_url"):
            yield Lack("source_url", _("A repost names the address of its source."))
        if not values.get("source_name"):
            yield Lack("source_name", _("A repost names its source."))


def _rules(values: Mapping[str, Any]) -> Iterator[Lack]:
    for demand in house().demands(str(values.get("record_type") or "")):
        name = demand.field
        held = values.get("provider_id") if name == "provider" else values.get(name)
        if held in (None, "", 0):
            yield Lack(
                name,
                _("The library record needs: %(field)s.") % {"field": DEMANDABLE[name]},
                demand.blocking,
            )
