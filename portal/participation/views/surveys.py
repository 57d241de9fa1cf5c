"""Answering a survey page by page. No script is needed: conditions are looked at between pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from portal.participation import guards
from portal.participation.guards import Stop
from portal.participation.models import AnswerSheet, Stage, SurveyPage
from portal.participation.questions import (
    Answers,
    Question,
    questions_of,
    read_answers,
    steps_of,
)
from portal.participation.selectors.public import Place, public_place, stage_of
from portal.participation.services.errors import AlreadyAnswered, ParticipationError
from portal.participation.services.surveys import take_sheet

from .answering import page_with, thanks

TEMPLATE = "participation/survey_form.html"
_COOKIE = "survey_answered"


@dataclass(frozen=True, slots=True)
class Field:
    """A question as it is shown: what was typed, what is wrong with it."""

    question: Question
    chosen: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]  # name, label, chosen option
    error: str

    @property
    def value(self) -> str:
        return self.chosen[0] if self.chosen else ""


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The first page with GET; each POST brings all that was answered so far along."""
    place = public_place(request, SurveyPage, pk)
    if stage_of(place.activity) != Stage.OPEN and request.method != "POST":
        return page_with(request, place, "participation/not_open.html", {})
    if _has_answered(request, pk):
        return page_with(request, place, "participation/answered.html", {})
    steps = steps_of(questions_of(place.page.questions))
    if request.method != "POST":
        return _step(request, place, steps, 0, {}, {}, guards.new_key("survey", pk))
    if guards.is_trapped(request.POST):
        return thanks(place)
    return _posted(request, place, steps)


def _posted(request: HttpRequest, place: Place, steps: list[list[Question]]) -> HttpResponse:
    pk = place.page.pk
    typed = request.POST.get("key", "")
    key = guards.read_key(typed, "survey", pk)
    shown_key = typed if key else guards.new_key("survey", pk)
    at = _number(request.POST.get("step", "0"), len(steps))
    answers, errors = read_answers([q for step in steps for q in step], request.POST)
    if "back" in request.POST:
        before = _neighbour(steps, at, answers, -1)
        return _step(request, place, steps, before if before is not None else 0, answers, {},
                     shown_key)  # fmt: skip
    # Later pages are not there yet: only what was asked so far can be wrong.
    for number in range(min(at + 1, len(steps))):
        wrong = {q.id: errors[q.id] for q in steps[number] if q.id in errors}
        if wrong:
            return _step(request, place, steps, number, answers, wrong, shown_key, status=422)
    after = _neighbour(steps, at, answers, +1)
    if after is not None:
        return _step(request, place, steps, after, answers, {}, shown_key)
    if "send" not in request.POST:  # what was answered decided that nothing more is asked
        return _step(request, place, steps, len(steps), answers, {}, shown_key)
    if errors:
        number = next(n for n, step in enumerate(steps) if any(q.id in errors for q in step))
        return _step(request, place, steps, number, answers, errors, shown_key, status=422)
    stop = _stopped(request, place, key, answers)
    if stop is None and not answers:
        stop = Stop(_("Nothing is answered yet."), 422)
    if stop is not None:
        return _step(request, place, steps, at, answers, {}, shown_key, stop=stop)
    return _stored(request, place, steps, at, answers, key)


def _stopped(request: HttpRequest, place: Place, key: str, answers: Answers) -> Stop | None:
    if not key:
        return Stop(
            _("This sheet is too old. Your answers are still here: please send them again."), 422
        )
    if not answers:
        return None
    stored = AnswerSheet.objects.filter(key=key)
    return guards.stop_of(request, "survey", place.page.pk, stored=stored)


def _stored(
    request: HttpRequest,
    place: Place,
    steps: list[list[Question]],
    at: int,
    answers: Answers,
    key: str,
) -> HttpResponse:
    page = place.page
    mark = guards.voter_mark(request, salt=place.activity.salt, strictness=page.strictness)
    try:
        take_sheet(
            page=page,
            questions=[question for step in steps for question in step],
            answers=answers,
            key=key,
            mark=mark,
            language=place.portal.language,
        )
    except AlreadyAnswered:
        return page_with(request, place, "participation/answered.html", {}, status=409)
    except ParticipationError as error:
        stop = Stop(str(error.message), 422)
        return _step(request, place, steps, at, answers, {}, request.POST.get("key", ""), stop=stop)
    response = thanks(place)
    # Says that this browser has answered, and nothing else: the same word for everybody.
    response.set_signed_cookie(
        f"{_COOKIE}_{page.pk}",
        "1",
        salt=f"participation.answered.{page.pk}",
        expires=page.closes_at,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _has_answered(request: HttpRequest, pk: int) -> bool:
    salt = f"participation.answered.{pk}"
    return bool(request.get_signed_cookie(f"{_COOKIE}_{pk}", default="", salt=salt))


def _number(typed: str, steps: int) -> int:
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 6
    return min(int(typed), steps) if is_number else 0


def _neighbour(
    steps: Sequence[Sequence[Question]], at: int, answers: Answers, way: int
) -> int | None:
    """The next page, this or that way, on which anything is asked."""
    number = at + way
    while 0 <= number < len(steps):
        if any(question.is_asked(answers) for question in steps[number]):
            return number
        number += way
    return None


def _step(
    request: HttpRequest,
    place: Place,
    steps: list[list[Question]],
    number: int,
    answers: Answers,
    errors: dict[str, str],
    key: str,
    *,
    stop: Stop | None = None,
    status: int = 200,
) -> HttpResponse:
    """``number`` beyond the last page: nothing is left but to send."""
    asked = steps[number] if number < len(steps) else []
    shown = [question for question in asked if question.is_asked(answers)]
    names = {question.name for question in shown}
    context: dict[str, Any] = {
        "fields": [_field(q, request.POST, errors.get(q.id, "")) for q in shown],
        "carried": [
            (name, value)
            for name in request.POST
            if name.startswith("q-") and name[: len("q-") + 36] not in names
            for value in request.POST.getlist(name)
        ],
        "key": key,
        "step": number,
        "number": min(number + 1, len(steps)),
        "steps": len(steps),
        "is_last": _neighbour(steps, number, answers, +1) is None
        and not any(q.condition for later in steps[number + 1 :] for q in later),
        "has_before": number > 0,
        "errors": [(q, errors[q.id]) for q in shown if q.id in errors],
    }
    return page_with(request, place, TEMPLATE, context, stop=stop, status=status)


def _field(question: Question, data: QueryDict, error: str) -> Field:
    rows = tuple(
        (f"{question.name}-{row.id}", row.text, data.get(f"{question.name}-{row.id}", ""))
        for row in question.rows
    )
    return Field(question, tuple(data.getlist(question.name)), rows, error)
