"""What of a public translation is behind the Chinese: one mark for each text."""

import datetime
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from portal.foreign.models import LiveSegment, PageTranslation
from portal.plugin_api import page_holds_until

from .core_content import core_rule


class Kind(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Mark:
    """One text that is behind.

    ``at`` is the public text that the mark stands at (None: nowhere on the page), ``ordinal`` which
    of equal texts of its path it is; ``before``: the mark stands before the text. ``present`` is
    the present Chinese as string data, "" for what was taken out. ``hidden``: the public text is
    not shown any more.
    """

    kind: Kind
    since: datetime.datetime
    present: str
    path: str
    at: LiveSegment | None = None
    ordinal: int = 0
    before: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PageMarks:
    translation: PageTranslation
    marks: tuple[Mark, ...]
    per_cent: int
    hide_after: int | None


def marks_of(translation: PageTranslation) -> PageMarks | None:
    """The marks of a page in reading order; None, without a query, where nothing is behind."""
    if not translation.stale and not translation.missing:
        return None
    live = list(translation.live_segments.all())
    added = list(translation.added_texts.all())
    rule = core_rule(translation.source)
    days = rule.hide_after_days if rule is not None and rule.legal else None
    ordinals = _ordinals(live)
    places = {row.pk: at for at, row in enumerate(live)}
    found: list[tuple[int, int, Mark]] = []
    for at, row in enumerate(live):
        if row.stale_since is not None:
            mark = Mark(
                Kind.CHANGED if row.present else Kind.REMOVED,
                row.stale_since,
                row.present,
                row.path,
                row,
                ordinals[at],
                hidden=_is_hidden(row, days),
            )
            found.append((at, 0, mark))
    for number, text in enumerate(added, start=1):
        place = places.get(text.after_id or 0)
        first = place is None
        if place is None:
            field = text.path.split(".", 1)[0]
            place = next(
                (at for at, row in enumerate(live) if row.path.split(".", 1)[0] == field), None
            )
        mark = Mark(
            Kind.ADDED,
            text.since,
            text.present,
            text.path,
            live[place] if place is not None else None,
            ordinals[place] if place is not None else 0,
            before=first,
        )
        found.append((place if place is not None else len(live), number, mark))
    if not found:
        return None
    found.sort(key=lambda row: row[:2])
    whole = max(translation.segments, 1)
    return PageMarks(
        translation,
        tuple(mark for _at, _number, mark in found),
        min(99, translation.current * 100 // whole),
        days,
    )


def _ordinals(live: list[LiveSegment]) -> list[int]:
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for row in live:
        found.append(seen[row.path, row.text])
        seen[row.path, row.text] += 1
    return found


def _is_hidden(row: LiveSegment, days: int | None) -> bool:
    """Running text only: a title is always shown, with its mark."""
    if days is None or row.stale_since is None or "." not in row.path:
        return False
    hidden_from = row.stale_since + datetime.timedelta(days=days)
    page_holds_until(hidden_from)
    return timezone.now() > hidden_from
