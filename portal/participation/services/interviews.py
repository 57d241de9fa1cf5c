"""Interviews: questions, what is said while it is live, the transcript, what stays open."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.participation.models import (
    Activity,
    InterviewPage,
    InterviewQuestion,
    LiveEntry,
    QuestionSender,
)
from portal.participation.selectors.interviews import is_on_air

from .activities import changed, contacts_until, count_one, follow_clocks
from .errors import ParticipationError

LOG_ON_AIR = "participation.on_air"
LOG_ENDED = "participation.ended"
LOG_CORRECTED = "participation.corrected"
LOG_WITHDRAWN = "participation.withdrawn"
LOG_TRANSCRIPT = "participation.transcript"

# So long before the announced time an interview can be put on air: no sooner by mistake.
EARLY = datetime.timedelta(hours=1)

_State = InterviewQuestion.State


def _held(page_pk: int) -> Activity:
    """The row, locked: all that changes an interview is done one after the other."""
    return Activity.objects.select_for_update().get(page=page_pk)


# --- questions ------------------------------------------------------------------------------------
@transaction.atomic
def ask(
    *,
    page: InterviewPage,
    text: str,
    key: str,
    name: str = "",
    contact: str = "",
    language: str = "",
    at: datetime.datetime | None = None,
) -> InterviewQuestion:
    """Store a question once.

    Raises:
        ParticipationError: questions are not taken now.
    """
    now = at or timezone.now()
    activity = _held(page.pk)
    known = InterviewQuestion.objects.filter(key=key).first()
    if known is not None:
        return known
    if not page.takes_questions(now) or activity.ended_at is not None:
        raise ParticipationError(_("Questions are not taken now. Your text is still here."))
    question = InterviewQuestion.objects.create(
        interview=page, text=text, key=key, language=language, sent_at=now
    )
    if name or contact:
        end = contacts_until(activity, now)
        QuestionSender.objects.create(question=question, name=name, contact=contact, kept_until=end)
    count_one(page_pk=page.pk)
    return question


@transaction.atomic
def look_at(*, question: InterviewQuestion, take: bool, reason: str = "") -> None:
    """Take a question, or refuse it with a reason.

    Raises:
        ParticipationError: it is answered, or refused without a reason.
    """
    activity = _held(question.interview_id)
    question.refresh_from_db()
    if question.state == _State.ANSWERED:
        raise ParticipationError(_("This question is answered already."))
    if not take and not reason.strip():
        raise ParticipationError(_("Say why the question is not taken."))
    question.state = _State.TAKEN if take else _State.REFUSED
    question.reason = "" if take else reason.strip()
    question.save(update_fields=["state", "reason"])
    follow_clocks(activity=activity)
    changed(page_pk=activity.page_id)


@transaction.atomic
def answer(*, question: InterviewQuestion, text: str) -> None:
    """Answer a question in writing, before, during or after the interview; or better the answer.

    Raises:
        ParticipationError: there is no text.
    """
    if not text.strip():
        raise ParticipationError(_("Write the answer."))
    activity = _held(question.interview_id)
    question.refresh_from_db()
    _store_answer(activity, question, text.strip(), is_live=False)


def _store_answer(
    activity: Activity, question: InterviewQuestion, text: str, *, is_live: bool
) -> None:
    was_open = question.state != _State.ANSWERED
    question.state, question.answer, question.reason = _State.ANSWERED, text, ""
    if was_open:
        question.answered_at = timezone.now()
        question.answered_live = is_live
    question.save()
    if was_open:
        Activity.objects.filter(pk=activity.pk).update(answered=F("answered") + 1)
    follow_clocks(activity=activity)
    changed(page_pk=activity.page_id)


# --- live -----------------------------------------------------------------------------------------
@transaction.atomic
def go_on_air(*, page: InterviewPage, by: Any = None, at: datetime.datetime | None = None) -> None:
    """Begin: from now on what is posted is public at once.

    Raises:
        ParticipationError: it is not public yet, or over, or announced for another time.
    """
    now = at or timezone.now()
    activity = _held(page.pk)
    if not page.live:
        raise ParticipationError(_("Publish the announcement first."))
    if activity.ended_at is not None or (activity.started_at and not is_on_air(activity, now)):
        raise ParticipationError(_("The interview has ended."))
    if activity.started_at is None:
        if activity.opens_at is not None and now < activity.opens_at - EARLY:
            raise ParticipationError(
                _("It is announced for %(time)s. Announce another time first.")
                % {"time": timezone.localtime(activity.opens_at).strftime("%Y-%m-%d %H:%M")}
            )
        if activity.closes_at is not None and activity.closes_at <= now:
            raise ParticipationError(_("The announced time is over. Announce another time first."))
        activity.started_at = now
        activity.save(update_fields=["started_at"])
        log(instance=page, action=LOG_ON_AIR, user=by)
        changed(page_pk=page.pk)


@transaction.atomic
def end(*, page: InterviewPage, by: Any = None, at: datetime.datetime | None = None) -> None:
    """End it; questions that are still open are due from now on.

    Raises:
        ParticipationError: it was never live.
    """
    activity = _held(page.pk)
    if activity.started_at is None:
        raise ParticipationError(_("The interview has not begun."))
    if activity.ended_at is None:
        activity.ended_at = at or timezone.now()
        activity.sequence += 1  # readers learn that it is over
        activity.save(update_fields=["ended_at", "sequence"])
        log(instance=page, action=LOG_ENDED, user=by)
        follow_clocks(activity=activity)
        changed(page_pk=page.pk)


@transaction.atomic
def post(
    *,
    page: InterviewPage,
    speaker: str,
    text: str,
    image: Any = None,
    question: InterviewQuestion | None = None,
    by: Any = None,
    at: datetime.datetime | None = None,
) -> LiveEntry:
    """Put on air what somebody says. With a question it is an answer to it, or a part of one.

    Raises:
        ParticipationError: it is not live, or nothing is said.
    """
    now = at or timezone.now()
    activity = _held(page.pk)
    if not is_on_air(activity, now):
        raise ParticipationError(_("Entries can be posted while the interview is live."))
    if not speaker.strip():
        raise ParticipationError(_("Say who speaks."))
    if not text.strip() and image is None:
        raise ParticipationError(_("Write something, or choose a picture."))
    if question is not None:
        question.refresh_from_db()
        if question.interview_id != page.pk:
            raise ParticipationError(_("This question belongs to another interview."))
        if question.state not in (_State.TAKEN, _State.ANSWERED):
            raise ParticipationError(_("Take the question first."))
    before = said_to(question) if question is not None else ""
    last = LiveEntry.objects.filter(interview=page).aggregate(last=Max("number"))["last"] or 0
    entry = LiveEntry.objects.create(
        interview=page,
        number=last + 1,
        sequence=_next(activity),
        speaker=speaker.strip(),
        text=text.strip(),
        image=image,
        question=question,
        posted_at=now,
        posted_by=by,
    )
    _follow_answer(activity, question, before)
    return entry


@transaction.atomic
def correct(*, entry: LiveEntry, text: str, speaker: str = "", by: Any = None) -> None:
    """Say it better. Readers see that it was corrected; the page's history keeps what it was.

    Raises:
        ParticipationError: it is withdrawn, or nothing is left of it.
    """
    activity = _held(entry.interview_id)
    entry.refresh_from_db()
    if entry.withdrawn_at is not None:
        raise ParticipationError(_("This entry is withdrawn."))
    if not text.strip() and entry.image_id is None:
        raise ParticipationError(_("To take everything away, withdraw the entry."))
    new = (text.strip(), speaker.strip() or entry.speaker)
    if new == (entry.text, entry.speaker):
        return
    before = said_to(entry.question)
    _log_entry(LOG_CORRECTED, entry, by)
    entry.text, entry.speaker = new
    entry.corrected_at = timezone.now()
    entry.sequence = _next(activity)
    entry.save()
    _follow_answer(activity, entry.question, before)


@transaction.atomic
def withdraw(*, entry: LiveEntry, by: Any = None) -> None:
    """Take an entry off the air. What it said stays for the house only."""
    activity = _held(entry.interview_id)
    entry.refresh_from_db()
    if entry.withdrawn_at is not None:
        return
    before = said_to(entry.question)
    _log_entry(LOG_WITHDRAWN, entry, by)
    entry.withdrawn_at = timezone.now()
    entry.sequence = _next(activity)
    entry.save(update_fields=["withdrawn_at", "sequence"])
    _follow_answer(activity, entry.question, before)


def _next(activity: Activity) -> int:
    """Readers ask for what is newer than a number: each change takes the next one."""
    activity.sequence += 1
    activity.save(update_fields=["sequence"])
    return activity.sequence


def _log_entry(action: str, entry: LiveEntry, by: Any) -> None:
    data = {"number": entry.number, "speaker": entry.speaker, "text": entry.text}
    log(instance=entry.interview, action=action, user=by, data=data)


def said_to(question: InterviewQuestion | None) -> str:
    """All that was said live in answer to a question."""
    if question is None:
        return ""
    said = LiveEntry.objects.filter(question=question, withdrawn_at=None).order_by("number")
    return "\n".join(filter(None, said.values_list("text", flat=True)))


def _follow_answer(activity: Activity, question: InterviewQuestion | None, before: str) -> None:
    """The answer of a question is what was said to it, until somebody writes a better one."""
    if question is None or question.answer not in ("", before):
        return
    now = said_to(question)
    if now:
        _store_answer(activity, question, now, is_live=True)
    elif question.state == _State.ANSWERED:
        question.state, question.answer = _State.TAKEN, ""
        question.answered_at, question.answered_live = None, False
        question.save()
        Activity.objects.filter(pk=activity.pk).update(answered=F("answered") - 1)
        follow_clocks(activity=activity)


# --- afterwards -----------------------------------------------------------------------------------
@transaction.atomic
def compose_transcript(*, page: InterviewPage, by: Any = None, replaces: bool = False) -> None:
    """Write what was said into a draft of the page, for its reviews.

    Args:
        replaces: a transcript that the draft has already goes (its older versions stay).

    Raises:
        ParticipationError: nothing was said, it is still live, or there is a transcript.
    """
    activity = _held(page.pk)
    if is_on_air(activity, timezone.now()):
        raise ParticipationError(_("End the interview first."))
    entries = list(
        LiveEntry.objects.filter(interview=page, withdrawn_at=None)
        .select_related("question", "image")
        .order_by("number")
    )
    if not entries:
        raise ParticipationError(_("There is nothing to make a transcript of."))
    draft: Any = page.get_latest_revision_as_object()
    if draft.transcript and not replaces:
        raise ParticipationError(_("The draft has a transcript. Say that it is to be replaced."))
    draft.transcript = draft.transcript.stream_block.normalize(list(transcript_blocks(entries)))
    draft.save_revision(user=by)
    log(instance=page, action=LOG_TRANSCRIPT, user=by)


def transcript_blocks(entries: Iterable[LiveEntry]) -> Iterable[tuple[str, Any]]:
    """Questions once, before the first of their answers; each entry a paragraph of its own."""
    asked = None
    for entry in entries:
        if entry.question is not None and entry.question_id != asked:
            yield (
                "paragraph",
                format_html("<p><b>{}</b>{}</p>", _("Question: "), entry.question.text),
            )
        asked = entry.question_id
        first, *rest = [line for line in entry.text.splitlines() if line.strip()] or [""]
        if first:
            said = format_html("<p><b>{}</b>：{}</p>", entry.speaker, first)
            yield "paragraph", said + format_html_join("", "<p>{}</p>", ((line,) for line in rest))
        if entry.image is not None:
            yield "image", {"image": entry.image, "caption": "", "description": ""}
