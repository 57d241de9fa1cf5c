"""Published results as counts: what everybody may compute with."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from portal.participation.drafts import clauses_of
from portal.participation.models import (
    Activity,
    ActivityKind,
    AnswerTally,
    ClauseTally,
    SolicitationPage,
    SurveyPage,
)
from portal.participation.questions import Question, questions_of
from portal.plugin_api import public_place


@dataclass(frozen=True, slots=True)
class ClauseCount:
    """``clause`` "" is the draft as a whole."""

    clause: str
    label: str
    text: str
    tally: ClauseTally


@dataclass(frozen=True, slots=True)
class OptionCount:
    row: str
    option: str
    count: int


@dataclass(frozen=True, slots=True)
class QuestionCount:
    number: int
    kind: str
    text: str
    answered: int
    options: tuple[OptionCount, ...]


@dataclass(frozen=True, slots=True)
class OpenResult:
    """``policy_path`` is the place of the document that came of it, where everybody may read it."""

    summary: str
    policy_path: str = ""
    clauses: tuple[ClauseCount, ...] = ()
    questions: tuple[QuestionCount, ...] = ()
    questions_answered: int | None = None


def open_result(activity: Activity) -> OpenResult | None:
    """None until the result is published. From kept counts: the same cost with any number of
    opinions."""
    if activity.result_at is None:
        return None
    page: Any = activity.page.specific
    policy = public_place(activity.policy_id) if activity.policy_id else None
    is_survey = activity.kind == ActivityKind.SURVEY
    is_interview = activity.kind == ActivityKind.INTERVIEW
    return OpenResult(
        summary=page.result_summary,
        policy_path=policy[1] if policy else "",
        clauses=() if is_survey or is_interview else _clauses(page, activity.site_id),
        questions=_questions(page) if is_survey else (),
        questions_answered=activity.answered if is_interview else None,
    )


def _clauses(page: SolicitationPage, site_pk: int | None) -> tuple[ClauseCount, ...]:
    """In the order of the draft, the whole first; opinions on what is no longer there last."""
    tallies = {tally.clause: tally for tally in ClauseTally.objects.filter(solicitation=page)}
    named = [("", gettext("The draft as a whole"), "")]
    named += [(clause.id, clause.label, clause.text) for clause in clauses_of(page, site_pk)]
    known = {clause for clause, _label, _text in named}
    named += [(clause, "", "") for clause in sorted(set(tallies) - known)]
    return tuple(
        ClauseCount(clause, label, text, tallies[clause])
        for clause, label, text in named
        if clause in tallies
    )


def _questions(page: SurveyPage) -> tuple[QuestionCount, ...]:
    counts = {
        (question, option): count
        for question, option, count in AnswerTally.objects.filter(survey=page).values_list(
            "question", "option", "count"
        )
    }
    return tuple(
        QuestionCount(
            number=question.number,
            kind=question.kind,
            text=question.text,
            answered=counts.get((question.id, ""), 0),
            options=_options(question, counts),
        )
        for question in questions_of(page.questions)
    )


def _options(question: Question, counts: dict[tuple[str, str], int]) -> tuple[OptionCount, ...]:
    if question.kind == "matrix":
        return tuple(
            OptionCount(
                row.text, option.text, counts.get((f"{question.id}/{row.id}", option.id), 0)
            )
            for row in question.rows
            for option in question.options
        )
    if question.kind == "number":
        given = [
            (int(option), count)
            for (name, option), count in counts.items()
            if name == question.id and option
        ]
        return tuple(OptionCount("", str(number), count) for number, count in sorted(given))
    return tuple(
        OptionCount("", option.text, counts.get((question.id, option.id), 0))
        for option in question.options
    )
