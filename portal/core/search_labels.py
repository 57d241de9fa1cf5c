"""How visitors read the values by which search results are narrowed."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django.conf import settings

from . import structure
from .models import Organisation, Standing
from .search_points import SearchLabels, search_kinds, search_labels

type Labels = Mapping[str, str]

_NONE: Labels = {}


def facet_labels(facet: str, values: Sequence[str], *, language: str) -> Labels:
    """Labels by value of one dimension (``site``, ``column`` …); what has none is left out.

    Sites, columns and standings cost no query, units one. What the core does not know is asked of
    ``search_labels``. Words are in the language that is active.
    """
    known = _KNOWN.get(facet)
    if known is not None:
        return known(values, language)
    labels: dict[str, str] = {}
    for entry in search_labels.entries():
        if entry.item.facet == facet:
            ask = partial(_asked, values=values, language=language)
            labels |= entry.run(ask, _NONE)
    return labels


def _asked(source: SearchLabels, *, values: Sequence[str], language: str) -> Labels:
    return source.labels(values, language=language)


def _sites(values: Sequence[str], language: str) -> Labels:
    found = structure.current()
    labels = {}
    for value in values:
        pk = int(value) if value.isdecimal() else 0
        record = found.records.get(pk)
        if record is None:
            continue
        node = found.site_root(pk, language)
        is_own = node is None or node.pk == record.root_page_id
        labels[value] = record.name if is_own or node is None else node.title
    return labels


def _columns(values: Sequence[str], language: str) -> Labels:
    found = structure.current()
    nodes = {value: found.nodes.get(int(value)) for value in values if value.isdecimal()}
    public = {value: node for value, node in nodes.items() if node is not None and node.is_public}
    titles = Counter(node.title for node in public.values())
    return {
        value: node.title if titles[node.title] == 1 else _with_site(node)
        for value, node in public.items()
    }


def _with_site(node: structure.Node) -> str:
    """常见问题（湖滨区）: several sites have a column of that name."""
    record = structure.current().records.get(node.site_pk or 0)
    return node.title if record is None else f"{node.title}（{record.short_name}）"


def _units(values: Sequence[str], language: str) -> Labels:
    names = _unit_names()
    in_chinese = language == settings.LANGUAGE_CODE
    return {
        value: full if in_chinese else english or full
        for value, (full, english) in ((value, names[value]) for value in values if value in names)
    }


def _unit_names() -> Mapping[str, tuple[str, str]]:
    """Of all units: read once for each state of the structure, which a changed unit changes."""
    found, key = structure.current(), ("core", "unit names")
    names: Mapping[str, tuple[str, str]] | None = found.kept(key)
    if names is None:
        rows = Organisation.objects.values_list("pk", "full_name", "english_name")
        names = {str(pk): (full, english) for pk, full, english in rows}
        found.keep(key, names)
    return names


def _standings(values: Sequence[str], language: str) -> Labels:
    return {value: str(Standing(value).label) for value in values if value in Standing}


def _kinds(values: Sequence[str], language: str) -> Labels:
    kinds = {entry.key.partition(".")[2]: entry.item for entry in search_kinds.entries()}
    return {value: str(kinds[value].label) for value in values if value in kinds}


def _years(values: Sequence[str], language: str) -> Labels:
    return {value: value for value in values}


_KNOWN: Mapping[str, Callable[[Sequence[str], str], Labels]] = {
    "site": _sites,
    "column": _columns,
    "agency": _units,
    "standing": _standings,
    "kind": _kinds,
    "year": _years,
}
