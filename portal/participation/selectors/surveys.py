"""Surveys: what was answered, as charts with their tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from portal.participation.models import (
    AnswerTally,
    CrossTable,
    FreeText,
    Stage,
    SurveyPage,
)
from portal.participation.questions import Option, Question, questions_of

from .public import activity_of, page_stage

# Fewer people than this in a cell could be recognised by who knows them.
LEAST_IN_CELL = 5
SHOWN_TEXTS = 50
MOST_NUMBERS = 2_000


@dataclass(frozen=True, slots=True)
class Bar:
    """An option with its count. ``width`` is of a hundred, for the drawing."""

    label: str
    count: int
    percent: str
    width: float


@dataclass(frozen=True, slots=True)
class Chart:
    """One question (of a matrix: one row) with its bars; ``answered`` is what percents are of."""

    title: str
    kind: str
    answered: int
    bars: tuple[Bar, ...] = ()
    note: str = ""
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crossed:
    """Two questions against each other: headings, and rows of cells; "" hides a small one."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    has_hidden: bool


def public_view(page: SurveyPage) -> dict[str, Any]:
    """What the page's template shows: a few queries, whatever the number of sheets."""
    activity = activity_of(page)
    stage = page_stage(page, activity)
    questions = questions_of(page.questions)
    is_closed = stage == Stage.CLOSED
    original = page.alias_of_id or page.pk
    return {
        "activity": activity,
        "stage": stage,
        "original": original,
        "questions": questions,
        "charts": charts_of(original, questions) if is_closed else [],
        "crosses": crosses_of(original, questions) if is_closed else [],
    }


def charts_of(page_pk: int | None, questions: Sequence[Question]) -> list[Chart]:
    """From the kept counts: one query, and one for each question that is answered in words."""
    counts: dict[tuple[str, str], int] = {}
    rows = AnswerTally.objects.filter(survey=page_pk).order_by("-count")
    for key, option, count in rows.values_list("question", "option", "count"):
        counts[key, option] = count
    shown = FreeText.objects.filter(survey=page_pk, state=FreeText.State.SHOWN).order_by("pk")
    texts = {
        question.id: list(
            shown.filter(question=question.id).values_list("text", flat=True)[:SHOWN_TEXTS]
        )
        for question in questions
        if question.kind == "text"
    }
    found: list[Chart] = []
    for question in questions:
        found.extend(_charts(question, counts, texts.get(question.id, [])))
    return found


def _charts(
    question: Question, counts: Mapping[tuple[str, str], int], texts: Sequence[str]
) -> list[Chart]:
    answered = counts.get((question.id, ""), 0)
    title = f"{question.number}. {question.text}"
    if question.kind == "matrix":
        return [
            Chart(
                f"{title} · {row.text}",
                "matrix",
                answered,
                _bars(question.options, f"{question.id}/{row.id}", counts, answered),
            )
            for row in question.rows
        ]
    if question.kind == "text":
        return [Chart(title, "text", answered, texts=tuple(texts[:SHOWN_TEXTS]))]
    if question.kind == "number":
        return [_number_chart(question, title, counts, answered)]
    bars = _bars(question.options, question.id, counts, answered)
    note = ""
    if question.kind == "scale" and answered:
        total = sum(int(o.id) * counts.get((question.id, o.id), 0) for o in question.options)
        note = _("Mean %(mean)s; 1 means “%(low)s”, %(most)s “%(high)s”") % {
            "mean": f"{total / answered:.1f}",
            "low": question.low,
            "most": question.options[-1].text,
            "high": question.high,
        }
    elif question.kind == "multiple":
        note = _("Several could be chosen: together more than 100%.")
    return [Chart(title, question.kind, answered, bars, note)]


def _bars(
    options: Sequence[Option],
    key: str,
    counts: Mapping[tuple[str, str], int],
    answered: int,
) -> tuple[Bar, ...]:
    return tuple(_bar(option.text, counts.get((key, option.id), 0), answered) for option in options)


def _bar(label: str, count: int, answered: int) -> Bar:
    share = 100 * count / answered if answered else 0.0
    return Bar(label, count, f"{floatformat(round(share, 1), -1)}%", round(share, 1))


def _number_chart(
    question: Question, title: str, counts: Mapping[tuple[str, str], int], answered: int
) -> Chart:
    values = sorted(
        (int(option), count)
        for (key, option), count in counts.items()
        if key == question.id and option
    )[:MOST_NUMBERS]
    if not values:
        return Chart(title, "number", 0)
    mean = sum(value * count for value, count in values) / answered
    middle, seen, median = (answered + 1) // 2, 0, values[0][0]
    for value, count in values:
        seen += count
        if seen >= middle:
            median = value
            break
    low, high = values[0][0], values[-1][0]
    step = max(1, -(-(high - low + 1) // 8))
    groups: dict[int, int] = {}
    for value, count in values:
        start = low + (value - low) // step * step
        groups[start] = groups.get(start, 0) + count
    bars = tuple(
        _bar(str(start) if step == 1 else f"{start}–{start + step - 1}", count, answered)
        for start, count in sorted(groups.items())
    )
    note = _("Mean %(mean)s, median %(median)s") % {"mean": f"{mean:.1f}", "median": median}
    return Chart(title, "number", answered, bars, note)


def crosses_of(page_pk: int | None, questions: Sequence[Question]) -> list[Crossed]:
    """The cross tables that were counted, small cells hidden. One query."""
    known = {question.id: question for question in questions}
    return [
        _crossed(table.cells, known[table.rows], known[table.columns])
        for table in CrossTable.objects.filter(survey=page_pk).order_by("pk")
        if table.rows in known and table.columns in known
    ]


def _crossed(cells: Mapping[str, Mapping[str, int]], one: Question, other: Question) -> Crossed:
    counts = [
        [cells.get(row.id, {}).get(column.id, 0) for column in other.options] for row in one.options
    ]
    hidden = hidden_cells(counts)
    rows = tuple(
        (
            option.text,
            tuple("" if (r, c) in hidden else str(value) for c, value in enumerate(counts[r])),
        )
        for r, option in enumerate(one.options)
    )
    return Crossed(
        f"{one.text} × {other.text}",
        tuple(option.text for option in other.options),
        rows,
        bool(hidden),
    )


def hidden_cells(counts: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """Which cells are not shown: those of few people, and more until no total tells them.

    The totals of both questions are public, so a row or column with one hidden cell would be one
    subtraction away from it. A cell of nobody tells of nobody only where it stands beside others,
    so it counts as small too where its row holds somebody.
    """
    hidden = {
        (r, c)
        for r, row in enumerate(counts)
        for c, value in enumerate(row)
        if 0 < value < LEAST_IN_CELL
    }
    lines = [[(r, c) for c in range(len(row))] for r, row in enumerate(counts)]
    lines += [[(r, c) for r in range(len(counts))] for c in range(len(counts[0]) if counts else 0)]
    is_changed = bool(hidden)
    while is_changed:
        is_changed = False
        for line in lines:
            inside = [cell for cell in line if cell in hidden]
            rest = [cell for cell in line if cell not in hidden]
            # Zeros are hidden last: hiding nobody protects nobody.
            rest.sort(key=lambda cell: (not counts[cell[0]][cell[1]], counts[cell[0]][cell[1]]))
            if (
                inside
                and rest
                and (len(inside) == 1 or sum(counts[r][c] for r, c in inside) < LEAST_IN_CELL)
            ):
                hidden.add(rest[0])
                is_changed = True
    return hidden


def changes_what_was_answered(page: SurveyPage, questions: Sequence[Question]) -> bool:
    """Whether questions or options are missing now that somebody has answered."""
    known = {question.id: question for question in questions}
    rows = AnswerTally.objects.filter(survey=page.pk, count__gt=0).values_list("question", "option")
    for key, option in rows:
        name, _slash, row = key.partition("/")
        question = known.get(name)
        if question is None or (row and row not in {r.id for r in question.rows}):
            return True
        named = {o.id for o in question.options}
        if option and question.kind not in ("number", "text") and option not in named:
            return True
        if option and question.kind == "text":
            return True
    return False
