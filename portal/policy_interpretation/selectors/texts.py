"""The text of a document as it reads on a day."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from portal.policy_interpretation.clauses import ClauseData, from_json
from portal.policy_interpretation.models import PolicyPage, PolicyVersion
from portal.policy_interpretation.validity import Validity

from .citing import Citation

# What a text is ordered by: headings of the page, entries of its table of contents.
_ALWAYS_HEADINGS = frozenset({"part", "chapter", "section"})
_HEADINGS = frozenset({"heading1", "heading2", "heading3"})
_LONGEST_HEADING = 40
_SENTENCE_END = tuple("。；：！？;:")


@dataclass(frozen=True, slots=True)
class Reading:
    """A document on a day.

    ``existed``: it had been issued by then. ``is_known``: its text of that day is kept here
    (``known_since`` says from when on, where it is not). ``until``: the first day on which this
    text holds no longer; ``coming``: a later text is published already and takes effect then.
    ``figures`` are (number of clauses before it, bound block).
    """

    day: datetime.date
    validity: Validity
    clauses: Sequence[ClauseData]
    figures: Sequence[tuple[int, Any]]
    existed: bool = True
    is_known: bool = True
    known_since: datetime.date | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    basis: str = ""
    coming: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A clause as it is printed, or a table or picture (``figure``).

    ``tag`` is p, or h2 to h4. ``mark`` says what is particular about the clause: "ended", "ends"
    (later), "changed", or "" for nothing; ``mark_day`` when.
    """

    tag: str = ""
    clause: ClauseData | None = None
    paragraphs: Sequence[str] = ()
    is_addressee: bool = False
    mark: str = ""
    mark_day: datetime.date | None = None
    figure: Any = None
    citation: Citation | None = None


def reading_of_draft(page: PolicyPage) -> Reading:
    """The text that an editor is about to publish, as the preview shows it."""
    today = timezone.localdate()
    return Reading(today, page.validity(today), page.clauses(), _own_figures(page))


def reading_on(page: PolicyPage, day: datetime.date) -> Reading:
    """The public text of a page on a day; one query where the document was ever amended.

    Whether it is in force follows from the days that are known now: a repeal that was decided
    later and reaches back is told for the earlier day as well.
    """
    issued = page.issued_on or _day_of(page.displayed_date())
    existed = issued is None or issued <= day
    validity = page.validity(day)
    record = page.record
    text_since = record.text_since if record is not None else None
    if not existed:
        return Reading(day, validity, (), (), existed=False)
    if text_since is None:  # never amended: there is one text
        return Reading(day, validity, page.clauses(), _own_figures(page))
    original = page.alias_of_id or page.pk
    version = (
        PolicyVersion.objects.filter(Q(since__isnull=True) | Q(since__lte=day), policy=original)
        .exclude(until__lte=day)
        .last()
    )
    if version is None:
        return Reading(day, validity, (), (), is_known=False, known_since=text_since)
    is_current = version.until is None
    return Reading(
        day=day,
        validity=validity,
        clauses=from_json(version.clauses),
        figures=_own_figures(page) if is_current else _figures(page, version.figures),
        since=version.since,
        until=version.until,
        basis=version.basis,
        coming=text_since if text_since > day else None,
    )


def lines_of(reading: Reading, citations: Mapping[str, Citation] | None = None) -> list[Line]:
    """What a page prints, in order; ``citations`` by the clause's id."""
    citations = citations or {}
    found: list[Line] = []
    figures = list(reading.figures)
    levels = {clause.level for clause in reading.clauses}
    for number, clause in enumerate(reading.clauses):
        while figures and figures[0][0] <= number:
            found.append(Line(figure=figures.pop(0)[1]))
        found.append(_line(clause, levels, reading.day, citations.get(clause.id)))
    return found + [Line(figure=figure) for _after, figure in figures]


def table_of_contents(lines: Sequence[Line]) -> list[ClauseData]:
    """The entries by which a reader finds the way in a long text; empty for a short one."""
    clauses = [line.clause for line in lines if line.clause is not None]
    if len(clauses) < 15:
        return []
    headings = [line.clause for line in lines if line.clause and line.tag in ("h2", "h3")]
    if len(headings) >= 3:
        return headings
    articles = [clause for clause in clauses if clause.level in ("article", "heading1")]
    return articles if len(articles) >= 8 else []


def _line(
    clause: ClauseData, levels: set[str], day: datetime.date, citation: Citation | None
) -> Line:
    paragraphs = clause.text.split("\n")
    mark, mark_day = _mark(clause, day)
    return Line(
        tag=_tag(clause, levels),
        clause=clause,
        paragraphs=paragraphs,
        is_addressee=clause.level == "preamble" and clause.text.endswith(("：", ":")),
        mark=mark,
        mark_day=mark_day,
        citation=citation,
    )


def _tag(clause: ClauseData, levels: set[str]) -> str:
    if clause.level in _ALWAYS_HEADINGS:
        above = sorted(_ALWAYS_HEADINGS & levels, key=("part", "chapter", "section").index)
        return f"h{2 + above.index(clause.level)}"
    if clause.level in _HEADINGS and _is_heading(clause.text):
        above = sorted(_HEADINGS & levels)
        deeper = len(_ALWAYS_HEADINGS & levels)
        return f"h{min(4, 2 + deeper + above.index(clause.level))}"
    return "p"


def _is_heading(text: str) -> bool:
    """Whether a numbered line is a heading of its own, and not the beginning of a sentence."""
    return 0 < len(text) <= _LONGEST_HEADING and not text.endswith(_SENTENCE_END)


def _mark(clause: ClauseData, day: datetime.date) -> tuple[str, datetime.date | None]:
    if clause.invalid_from is not None:
        return ("ended" if clause.invalid_from <= day else "ends", clause.invalid_from)
    if clause.since is not None and clause.since <= day:
        return ("changed", clause.since)
    return ("", None)


def _own_figures(page: PolicyPage) -> list[tuple[int, Any]]:
    return list(_placed(page.body.raw_data, page.figures()))


def _placed(raw: Any, figures: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    rest = iter(figures)
    after = 0
    for block in raw:
        if block["type"] == "clause":
            after += 1
        else:
            yield after, next(rest)


def _figures(page: PolicyPage, stored: Sequence[dict[str, Any]]) -> list[tuple[int, Any]]:
    """Tables and pictures of an earlier text, as bound blocks."""
    stream = page.body.stream_block.to_python([row["block"] for row in stored])
    # A kind of block that exists no longer is left out of the stream.
    by_id = {child.id: child for child in stream}
    return [
        (row["after"], by_id[row["block"]["id"]]) for row in stored if row["block"]["id"] in by_id
    ]


def _day_of(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localtime(moment).date() if moment is not None else None
