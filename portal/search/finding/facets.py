"""Counts of an engine with the words that visitors read."""

from collections.abc import Mapping

from portal.plugin_api import facet_labels
from portal.search.services.contract import FacetValue

MOST_VALUES = 30
"""So many values of one dimension are given, the commonest; chosen ones always."""

# A number says nothing to a visitor: what has no name is not public, or gone.
_NAMED_ONLY = frozenset({"site", "column", "agency"})


def labelled(
    counts: Mapping[str, Mapping[str, int]],
    chosen: Mapping[str, tuple[str, ...]],
    *,
    language: str,
) -> dict[str, tuple[FacetValue, ...]]:
    """Values by dimension: years from the newest, others from the commonest."""
    return {
        facet: _values(facet, found, chosen.get(facet, ()), language)
        for facet, found in counts.items()
    }


def _values(
    facet: str, counts: Mapping[str, int], chosen: tuple[str, ...], language: str
) -> tuple[FacetValue, ...]:
    if facet == "year":
        ordered = sorted(counts, reverse=True)
    else:
        ordered = sorted(counts, key=lambda value: (-counts[value], value))
    values = list(dict.fromkeys((*ordered[:MOST_VALUES], *chosen)))
    labels = facet_labels(facet, values, language=language) if values else {}
    return tuple(
        FacetValue(value, labels.get(value, value), counts.get(value, 0), value in chosen)
        for value in values
        if value in labels or facet not in _NAMED_ONLY
    )


def added(
    one: Mapping[str, Mapping[str, int]], other: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """Counts of two sets of documents that have none in common."""
    made = {facet: dict(counts) for facet, counts in one.items()}
    for facet, counts in other.items():
        kept = made.setdefault(facet, {})
        for value, count in counts.items():
            kept[value] = kept.get(value, 0) + count
    return made
