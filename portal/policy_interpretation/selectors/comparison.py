"""Old and new text side by side (新旧对照): of two documents, or before and after an amendment."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext

from portal.plugin_api import PortalContext, page_today
from portal.policy_interpretation.clauses import ClauseData, from_json, to_text
from portal.policy_interpretation.models import PolicyPage, PolicyVersion
from portal.text.official.alignment import Pair, Span, compare
from portal.text.official.model import Clause

from .texts import reading_on

# Longer texts are read as files; aligning them would hold up other visitors.
MOST_CLAUSES = 1500


class NotComparable(Exception):
    """There is no table to show; the message says why, to the visitor."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts; ``state`` says which one it is, or how its document stands."""

    title: str
    document_number: str
    url: str
    state: str
    clauses: Sequence[ClauseData]


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    is_different: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A clause as a cell prints it: its number, and its text in equal and different stretches."""

    level: str
    number: str
    segments: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """``kind`` is same, changed, added, removed or moved; ``label`` the same for readers."""

    kind: str
    label: str
    old: Cell | None
    new: Cell | None


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison. ``summary`` are sentences on what changed; ``unchanged`` rows are counted."""

    old: Side
    new: Side
    rows: Sequence[ComparedRow]
    summary: Sequence[str]
    unchanged: int

    @property
    def changed_rows(self) -> list[ComparedRow]:
        return [row for row in self.rows if row.kind != "same"]


def documents_side_by_side(one: PolicyPage, other: PolicyPage, portal: PortalContext) -> Table:
    """Two documents, the one that was issued earlier as the old one.

    Each with its text of today; one that is not in force any more or not yet, with its last or
    first text.

    Raises:
        NotComparable: one has no text here, or too much.
    """
    earliest = datetime.date.min
    old, new = sorted((one, other), key=lambda page: (page.issued_on or earliest, page.pk))
    return table_of(_side(old, portal), _side(new, portal))


def amendment_side_by_side(page: PolicyPage, day: datetime.date, portal: PortalContext) -> Table:
    """A document before and after the amendment that took effect on a day.

    Raises:
        NotComparable: the document was not amended on that day, or the earlier text is not kept.
    """
    versions = list(PolicyVersion.objects.filter(policy=page))
    after = next((version for version in versions if version.since == day), None)
    if after is None:
        raise NotComparable(
            gettext("This document was not amended with effect from %(day)s.") % {"day": _long(day)}
        )
    before = next((version for version in versions if version.until == day), None)
    if before is None:
        raise NotComparable(
            gettext("How the text read before %(day)s is not kept here.") % {"day": _long(day)}
        )
    url = portal.structure.url(page.url_path, portal.host)
    last_day = day - datetime.timedelta(days=1)
    return table_of(
        Side(
            page.title,
            page.document_number,
            f"{url}?asof={last_day.isoformat()}",
            gettext("until %(day)s") % {"day": _long(last_day)},
            from_json(before.clauses),
        ),
        Side(
            page.title,
            page.document_number,
            f"{url}?asof={day.isoformat()}",
            gettext("from %(day)s on") % {"day": _long(day)},
            from_json(after.clauses),
        ),
    )


def table_of(old: Side, new: Side) -> Table:
    """Align two texts and mark what differs.

    Raises:
        NotComparable: one is empty or longer than ``MOST_CLAUSES``.
    """
    for side in (old, new):
        if not side.clauses:
            raise NotComparable(
                gettext("“%(title)s” has no text here, only its original file.")
                % {"title": side.title}
            )
        if len(side.clauses) > MOST_CLAUSES:
            raise NotComparable(
                gettext("“%(title)s” is too long to be compared here.") % {"title": side.title}
            )
    pairs = compare(to_text(old.clauses), to_text(new.clauses))
    labels = {
        "same": gettext("unchanged"),
        "changed": gettext("changed"),
        "added": gettext("added"),
        "removed": gettext("left out"),
        "moved": gettext("moved"),
    }
    rows = [
        ComparedRow(
            pair.kind,
            labels[pair.kind],
            _cell(pair.old, _all_of(pair.old, pair.old_spans, whole=pair.kind == "removed")),
            _cell(pair.new, _all_of(pair.new, pair.new_spans, whole=pair.kind == "added")),
        )
        for pair in pairs
    ]
    counts = Counter(row.kind for row in rows)
    return Table(old, new, rows, _summary(pairs), counts["same"])


def segments_of(text: str, spans: Sequence[Span]) -> list[Segment]:
    """A text cut at half-open ``spans``, which rise and do not overlap; empty pieces left out."""
    found = []
    at = 0
    for start, end in spans:
        found += [Segment(text[at:start]), Segment(text[start:end], is_different=True)]
        at = end
    found.append(Segment(text[at:]))
    return [segment for segment in found if segment.text]


def _side(page: PolicyPage, portal: PortalContext) -> Side:
    today = page_today()
    read = reading_on(page, today)
    url = portal.structure.url(page.url_path, portal.host)
    return Side(page.title, page.document_number, url, str(read.validity.label), read.clauses)


def _all_of(clause: Clause | None, spans: Sequence[Span], *, whole: bool) -> Sequence[Span]:
    return [(0, len(clause.text))] if clause is not None and whole else spans


def _cell(clause: Clause | None, spans: Sequence[Span]) -> Cell | None:
    if clause is None:
        return None
    return Cell(clause.level, clause.number, segments_of(clause.text, spans))


def _summary(pairs: Sequence[Pair]) -> list[str]:
    """What changed, kind by kind, with the numbers of the clauses that have one."""
    sentences = {
        "changed": gettext("Changed: %(clauses)s"),
        "added": gettext("Added: %(clauses)s"),
        "removed": gettext("Left out: %(clauses)s"),
        "moved": gettext("Moved or renumbered: %(clauses)s"),
    }
    found = []
    for kind, sentence in sentences.items():
        names = [_name(pair) for pair in pairs if pair.kind == kind]
        if names:
            found.append(sentence % {"clauses": "、".join(names)})
    return found


def _name(pair: Pair) -> str:
    clause = pair.new or pair.old
    assert clause is not None
    name = clause.number or f"“{clause.text[:10]}…”"
    if pair.kind == "moved" and pair.old is not None and pair.old.number != clause.number:
        return f"{pair.old.number or '—'}→{name}"
    return name


def _long(day: datetime.date) -> str:
    return date_format(day, "DATE_FORMAT")
