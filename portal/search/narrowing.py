"""Ways to narrow a search as links: tabs of kinds, facets, what is chosen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import chinese
from portal.search.services.contract import FacetValue

from .asking import PARAMETERS, Asked
from .results import Kinds

FEW = 6
LABELS: dict[str, Any] = {
    "sites": pgettext_lazy("search", "Website"),
    "column": _("Column"),
    "theme": _("Theme"),
    "agency": _("Agency"),
    "year": _("Year"),
    "validity": _("Validity"),
    "form": pgettext_lazy("search", "Form"),
    "kind": _("Kind"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that chooses a value, or no longer where it is chosen."""

    label: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FacetShown:
    name: str
    label: str
    choices: Sequence[Choice]

    @property
    def lists(self) -> Iterator[tuple[SafeString, bool]]:
        """The items of what stands there at once (the commonest, and whatever is chosen), then of
        what is folded (True), where there is more."""
        yield _items(c for n, c in enumerate(self.choices) if n < FEW or c.is_chosen), False
        more = [c for n, c in enumerate(self.choices) if n >= FEW and not c.is_chosen]
        if more:
            yield _items(more), True


def _items(choices: Iterable[Choice]) -> SafeString:
    # Not in the template: a hundred choices there cost as much as the search itself.
    chosen = gettext("chosen; remove")
    parts = []
    for choice in choices:
        current, mark = "", ""
        if choice.is_chosen:
            current = ' aria-current="true"'
            mark = f'<span class="visually-hidden">, {escape(chosen)}</span>'
        parts.append(
            f'<li><a class="search-choice" href="{escape(choice.url)}" rel="nofollow"{current}>'
            f'<span class="search-choice__label">{chinese(choice.label)}{mark}</span>'
            f' <span class="search-choice__count">{_number(choice.count)}</span></a></li>'
        )
    return mark_safe("\n".join(parts))  # noqa: S308 - each part is escaped


@dataclass(frozen=True, slots=True)
class Taken:
    """Something that narrows the search, with the way back."""

    label: str
    value: str
    url: str


def _number(count: int) -> str:
    return str(count) if count < 1000 else number_format(count)


def tabs_of(asked: Asked, facets: Mapping[str, Sequence[FacetValue]], kinds: Kinds) -> list[Choice]:
    """All kinds together, then each that has results, in the order of kinds."""
    found = {value.value: value for value in facets.get("kind", ())}
    chosen = asked.chosen.get("kind", ())
    if not found and not chosen:
        return []
    without = _without_kind(asked)
    everything = sum(value.count for value in found.values())
    tabs = [Choice(gettext("Everything"), everything, without.address(), not chosen)]
    known = [name for name in kinds.labels if name in found or name in chosen]
    prefix = without.query
    for name in (*known, *(name for name in found if name not in kinds.labels)):
        value = found.get(name)
        label = kinds.label(name) or (value.label if value is not None else "")
        if label:
            url = f"?{prefix}&kind={quote(name)}"
            tabs.append(Choice(label, value.count if value else 0, url, name in chosen))
    return tabs


def facets_of(asked: Asked, facets: Mapping[str, Sequence[FacetValue]]) -> list[FacetShown]:
    """The facets that have something to choose."""
    shown = []
    prefix = asked.query
    for name, facet in PARAMETERS.items():
        if name == "kind" or (name == "sites" and not asked.everywhere):
            continue
        values = facets.get(facet, ())
        if len(values) < 2 and not any(value.is_chosen for value in values):
            continue
        choices = [_choice(asked, prefix, name, value) for value in values]
        shown.append(FacetShown(name, str(LABELS[name]), choices))
    return shown


def taken_of(asked: Asked, facets: Mapping[str, Sequence[FacetValue]], kinds: Kinds) -> list[Taken]:
    """What narrows the search now."""
    return list(_taken(asked, facets, kinds))


def _taken(
    asked: Asked, facets: Mapping[str, Sequence[FacetValue]], kinds: Kinds
) -> Iterator[Taken]:
    for name, values in asked.chosen.items():
        labels = {v.value: v.label for v in facets.get(PARAMETERS[name], ())}
        for value in values:
            known = _stored(asked, name, value)
            label = labels.get(known) or (kinds.label(value) if name == "kind" else "") or value
            yield Taken(str(LABELS[name]), label, asked.toggled(name, value).address())
    if asked.since is not None:
        rest = replace(asked, since=None)
        yield Taken(gettext("From"), asked.since.isoformat(), rest.address())
    if asked.until is not None:
        rest = replace(asked, until=None)
        yield Taken(gettext("Until"), asked.until.isoformat(), rest.address())
    if asked.in_title:
        yield Taken(gettext("Look in"), gettext("Titles"), replace(asked, in_title=False).address())
    if asked.hide_repealed:
        rest = replace(asked, hide_repealed=False)
        yield Taken(gettext("Validity"), gettext("In force only"), rest.address())


def _choice(asked: Asked, prefix: str, name: str, value: FacetValue) -> Choice:
    shown = _shown(asked, name, value.value)
    if value.is_chosen:
        url = asked.toggled(name, shown).address()
    else:
        url = f"?{prefix}&{name}={quote(shown)}"
    return Choice(value.label or shown, value.count, url, value.is_chosen)


def _shown(asked: Asked, name: str, value: str) -> str:
    """A value as it stands in addresses: sites by their codes."""
    if name != "sites" or not value.isdecimal():
        return value
    record = asked.portal.structure.records.get(int(value))
    return record.code if record is not None else value


def _stored(asked: Asked, name: str, value: str) -> str:
    if name != "sites":
        return value
    records = asked.portal.structure.records
    return next((str(pk) for pk, record in records.items() if record.code == value), value)


def _without_kind(asked: Asked) -> Asked:
    return replace(asked, chosen={n: v for n, v in asked.chosen.items() if n != "kind"})
