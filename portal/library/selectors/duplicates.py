"""Near-duplicates: records whose texts have most of their pieces in common."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from portal.library.likeness import ALIKE, bands, likeness, signature
from portal.library.models import LibraryRecord, PrintBand, State, TextPrint

# Candidates that are compared, those with most bands in common first.
MOST_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Similar:
    """A record and how much of the text it has in common, in per cent."""

    record: LibraryRecord
    percent: int


def similar_to(record: LibraryRecord, *, least: float = ALIKE) -> list[Similar]:
    """The public records that say nearly the same, the nearest first; four queries."""
    print_ = TextPrint.objects.filter(record=record).first()
    return _similar(print_.signature, least, without=record) if print_ is not None else []


def similar_to_text(text: str, *, least: float = ALIKE) -> list[Similar]:
    return _similar(signature(text), least, without=None)


def _similar(wanted: list[int], least: float, *, without: LibraryRecord | None) -> list[Similar]:
    if not wanted:
        return []
    rows = PrintBand.objects.filter(value__in=bands(wanted)).values("record")
    if without is not None:
        rows = rows.exclude(record=without)
    ranked = rows.annotate(shared=Count("pk")).order_by("-shared")[:MOST_COMPARED]
    keys = [row["record"] for row in ranked]
    found = {
        key: share
        for key, other in TextPrint.objects.filter(record__in=keys).values_list("pk", "signature")
        if (share := likeness(wanted, other)) >= least
    }
    nearest = sorted(found, key=lambda key: -found[key])[:50]
    records: Any = LibraryRecord.objects.select_related("site", "page").in_bulk(nearest)
    return [
        Similar(records[key], round(found[key] * 100))
        for key in nearest
        if records[key].state == State.PUBLIC and not _says_the_same(without, records[key])
    ]


def _says_the_same(one: LibraryRecord | None, other: LibraryRecord) -> bool:
    """Versions of one text in several languages are no duplicates."""
    return one is not None and one.translation_key == other.translation_key
