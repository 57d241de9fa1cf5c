"""Surveys: sheets taken in once, words looked at, cross tables counted."""

import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.participation.models import (
    Activity,
    AnswerSheet,
    AnswerTally,
    CrossTable,
    FreeText,
    SurveyPage,
    Voter,
)
from portal.participation.questions import Answers, Question, questions_of, tallied

from .activities import changed, count_one
from .errors import AlreadyAnswered, ParticipationError
from .solicitations import is_open

CROSSABLE = ("single", "scale", "multiple")


@transaction.atomic
def take_sheet(
    *,
    page: SurveyPage,
    questions: Sequence[Question],
    answers: Answers,
    key: str,
    mark: str = "",
    language: str = "",
    at: datetime.datetime | None = None,
) -> AnswerSheet:
    """Store what somebody answered, once.

    Args:
        answers: as ``read_answers`` gave them.
        key: names the sheet of paper: pressing twice stores one.
        mark: stands for who answers (``voter_mark``); "": cannot be told.

    Raises:
        ParticipationError: the survey is not open.
        AlreadyAnswered: the mark is known.
    """
    now = at or timezone.now()
    activity = Activity.objects.select_for_update().get(page=page.pk)
    known = AnswerSheet.objects.filter(key=key).first()
    if known is not None:
        return known
    if not is_open(activity, now):
        raise ParticipationError(_("This survey is not open now."))
    if mark:
        try:
            with transaction.atomic():
                Voter.objects.create(mark=mark, survey=page)
        except IntegrityError as error:
            raise AlreadyAnswered(
                _("This survey was answered from this browser already. Each person counts once.")
            ) from error
    # The day is enough: with the moment a sheet could be matched to a log of the web server.
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    sheet = AnswerSheet.objects.create(
        survey=page, answers=answers, key=key, language=language, sent_at=day
    )
    FreeText.objects.bulk_create(
        FreeText(survey=page, question=question.id, text=answers[question.id])
        for question in questions
        if question.kind == "text" and question.id in answers
    )
    count_one(page_pk=page.pk)
    _count(page, set(tallied(answers, questions)))
    return sheet


def _count(page: SurveyPage, pairs: set[tuple[str, str]]) -> None:
    wanted = Q()
    for question, option in pairs:
        wanted |= Q(question=question, option=option)
    if not pairs:
        return
    rows = AnswerTally.objects.filter(wanted, survey=page)
    missing = pairs - set(rows.values_list("question", "option"))
    AnswerTally.objects.bulk_create(
        AnswerTally(survey=page, question=question, option=option) for question, option in missing
    )
    rows.update(count=F("count") + 1)


@transaction.atomic
def recount(*, page: SurveyPage) -> None:
    """Count all sheets anew: what was counted one by one comes out the same."""
    Activity.objects.select_for_update().get(page=page.pk)
    questions = questions_of(page.questions)
    counts: Counter[tuple[str, str]] = Counter()
    number = 0
    for answers in AnswerSheet.objects.filter(survey=page).values_list("answers", flat=True):
        counts.update(set(tallied(answers, questions)))
        number += 1
    AnswerTally.objects.filter(survey=page).delete()
    AnswerTally.objects.bulk_create(
        (
            AnswerTally(survey=page, question=question, option=option, count=count)
            for (question, option), count in counts.items()
        ),
        batch_size=500,
    )
    Activity.objects.filter(page=page.pk).update(received=number)


@transaction.atomic
def look_at_texts(*, page: SurveyPage, texts: Collection[int], state: str) -> int:
    """Show answers in words, or leave them unshown."""
    if state not in FreeText.State.values:
        raise ParticipationError(_("Choose what to do with the answers."))
    number = FreeText.objects.filter(survey=page, pk__in=texts).update(state=state)
    changed(page_pk=page.pk)
    return number


@transaction.atomic
def cross(*, page: SurveyPage, rows: str, columns: str) -> CrossTable:
    """Count two questions against each other, and keep it.

    Raises:
        ParticipationError: they cannot be set against each other.
    """
    questions = {question.id: question for question in questions_of(page.questions)}
    one, other = questions.get(rows), questions.get(columns)
    if one is None or other is None or one is other:
        raise ParticipationError(_("Choose two different questions."))
    if one.kind not in CROSSABLE or other.kind not in CROSSABLE:
        raise ParticipationError(_("Only questions with options can be set against each other."))
    counts: Counter[tuple[str, str]] = Counter()
    for answers in AnswerSheet.objects.filter(survey=page).values_list("answers", flat=True):
        for row in _chosen(answers.get(rows)):
            counts.update((row, column) for column in _chosen(answers.get(columns)))
    cells: dict[str, Any] = {}
    for (row, column), count in counts.items():
        cells.setdefault(row, {})[column] = count
    found, _made = CrossTable.objects.update_or_create(
        survey=page,
        rows=rows,
        columns=columns,
        defaults={"cells": cells, "counted_at": timezone.now()},
    )
    changed(page_pk=page.pk)
    return found


def _chosen(given: Any) -> list[str]:
    if given is None:
        return []
    return given if isinstance(given, list) else [str(given)]
