"""Interviews: what the public reads, what is new since a number, what staff work through."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from wagtail.images.models import AbstractImage

from portal.participation.deadlines import QUESTIONS_KIND
from portal.participation.models import (
    Activity,
    InterviewPage,
    InterviewQuestion,
    LiveEntry,
    Stage,
)
from portal.plugin_api import DueWords, clocks, page_holds_until

from .public import activity_of, end_of, page_stage

MOST_ENTRIES = 1_000
MOST_QUESTIONS = 200
AT_ONCE = 100
RENDITION = "max-960x960"

_State = InterviewQuestion.State
WAITING = (_State.NEW, _State.TAKEN)


# --- how far it is --------------------------------------------------------------------------------
def is_on_air(activity: Activity, now: datetime.datetime) -> bool:
    """Whether what is posted is public at once."""
    if activity.started_at is None or activity.ended_at is not None:
        return False
    end = end_of(activity)
    page_holds_until(end)
    return end is None or now < end


def state_of(page: InterviewPage, activity: Activity) -> InterviewPage.State:
    """Planned, announced, live, ended, followed up."""
    state = InterviewPage.State
    if not page.live:
        return state.PLANNED
    if is_on_air(activity, timezone.now()):
        return state.LIVE
    if activity.started_at or page_stage(page, activity) in (Stage.OWED, Stage.CLOSED):
        is_done = page.has_result and not _waiting(page).exists()
        return state.FOLLOWED_UP if is_done else state.ENDED
    return state.ANNOUNCED


def _waiting(page: InterviewPage) -> QuerySet[InterviewQuestion]:
    original = page.alias_of_id or page.pk
    return InterviewQuestion.objects.filter(interview=original, state__in=WAITING)


# --- what was said --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Said:
    """An entry as readers get it. Of one that is withdrawn only its number is left."""

    number: int
    sequence: int
    speaker: str
    text: str
    time: datetime.datetime
    is_corrected: bool
    is_withdrawn: bool
    question: str = ""
    image_url: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0

    def as_json(self) -> dict[str, Any]:
        local = timezone.localtime(self.time)
        return {
            "number": self.number, "speaker": self.speaker, "text": self.text,
            "time": local.isoformat(), "shown": local.strftime("%H:%M"),
            "corrected": self.is_corrected, "withdrawn": self.is_withdrawn,
            "question": self.question, "image": self.image_url, "alt": self.image_alt,
            "width": self.image_width, "height": self.image_height,
        }  # fmt: skip


def _entries(page_pk: int) -> QuerySet[LiveEntry]:
    return (
        LiveEntry.objects.filter(interview=page_pk)
        .select_related("image", "question")
        .prefetch_related("image__renditions")
    )


def all_said(page_pk: int) -> list[Said]:
    """The entries that are on the air, in the order in which they were said. Two queries."""
    newest = _entries(page_pk).filter(withdrawn_at=None).order_by("-number")[:MOST_ENTRIES]
    return [_said(entry) for entry in reversed(newest)]


def said_since(page_pk: int, since: int) -> list[Said]:
    """What changed after a number, the oldest change first; more may be left. Two queries."""
    rows = _entries(page_pk).filter(sequence__gt=since).order_by("sequence")[:AT_ONCE]
    return [_said(entry) for entry in rows]


def _said(entry: LiveEntry) -> Said:
    if entry.withdrawn_at is not None:
        return Said(entry.number, entry.sequence, "", "", entry.posted_at, False, True)
    image: AbstractImage | None = entry.image
    rendition = image.get_rendition(RENDITION) if image is not None else None
    return Said(
        number=entry.number,
        sequence=entry.sequence,
        speaker=entry.speaker,
        text=entry.text,
        time=entry.posted_at,
        is_corrected=entry.corrected_at is not None,
        is_withdrawn=False,
        question=entry.question.text if entry.question is not None else "",
        image_url=rendition.url if rendition else "",
        image_alt=rendition.alt if rendition else "",
        image_width=rendition.width if rendition else 0,
        image_height=rendition.height if rendition else 0,
    )


@dataclass(frozen=True, slots=True)
class News:
    """What a reader gets who has everything up to a number.

    ``sequence`` is what the reader has afterwards; ``has_more``: ask again at once.
    """

    sequence: int
    is_over: bool
    has_more: bool
    entries: list[Said]

    def as_json(self) -> dict[str, Any]:
        return {
            "sequence": self.sequence,
            "over": self.is_over,
            "more": self.has_more,
            "entries": [said.as_json() for said in self.entries],
        }


def news_since(page_pk: int, since: int) -> News:
    """One query where nothing is new, three where something is."""
    fields = ("sequence", "started_at", "ended_at", "closes_at")
    row = Activity.objects.filter(page=page_pk).only(*fields).first()
    if row is None:
        return News(since, True, False, [])
    is_over = row.started_at is not None and not is_on_air(row, timezone.now())
    if row.sequence <= since:
        return News(since, is_over, False, [])
    said = said_since(page_pk, since)
    has_more = len(said) == AT_ONCE
    # What was posted since the row was read comes along, and once more with the next news: each
    # entry has its number, and readers replace what they have of it.
    last = said[-1].sequence if has_more else row.sequence
    return News(last, is_over and not has_more, has_more, said)


# --- the page -------------------------------------------------------------------------------------
def public_view(page: InterviewPage) -> dict[str, Any]:
    """What the page's template shows. Six queries at most."""
    activity = activity_of(page)
    state = state_of(page, activity)
    original = page.alias_of_id or page.pk or 0
    # Once a transcript is published, it and not the raw entries is the record.
    shows_said = activity.started_at is not None and not page.transcript
    said = all_said(original) if shows_said else []
    asked = _shown_questions(original)
    waiting = [question for question in asked if not question.answer]
    is_over = state in (InterviewPage.State.ENDED, InterviewPage.State.FOLLOWED_UP)
    return {
        "activity": activity,
        # One that overruns is not over yet.
        "stage": Stage.OPEN if state == InterviewPage.State.LIVE else page_stage(page, activity),
        "state": state,
        "state_label": InterviewPage.State(state).label,
        "original": original,
        "is_live": state == InterviewPage.State.LIVE,
        "is_over": is_over,
        "said": said,
        "sequence": activity.sequence,
        "answered": [question for question in asked if question.answer],
        "waiting": waiting,
        "due": _due(original) if is_over and waiting else None,
        "takes_questions": takes_questions(page, activity),
    }


def takes_questions(page: InterviewPage, activity: Activity) -> bool:
    page_holds_until(page.questions_from, page.questions_until or page.closes_at)
    return page.takes_questions(timezone.now()) and activity.ended_at is None


def _shown_questions(page_pk: int) -> list[InterviewQuestion]:
    """Questions that were taken; those that were answered live are among what was said."""
    rows = InterviewQuestion.objects.filter(
        interview=page_pk, state__in=(_State.TAKEN, _State.ANSWERED), answered_live=False
    )
    return list(rows.order_by("sent_at", "pk")[:MOST_QUESTIONS])


def _due(page_pk: int) -> DueWords | None:
    clock = clocks.open(QUESTIONS_KIND, f"page:{page_pk}")
    return clocks.words(clock) if clock is not None else None


# --- for staff ------------------------------------------------------------------------------------
def question_counts(page_pk: int) -> dict[str, int]:
    """How many questions stand where; every state has a number."""
    rows = InterviewQuestion.objects.filter(interview=page_pk).values_list("state")
    return dict.fromkeys(_State.values, 0) | dict(rows.annotate(number=Count("pk")))


def questions_in(page_pk: int, state: str) -> QuerySet[InterviewQuestion]:
    """The oldest first; with whoever wrote their name."""
    rows = InterviewQuestion.objects.filter(interview=page_pk).select_related("sender")
    if state in _State.values:
        rows = rows.filter(state=state)
    return rows.order_by("sent_at", "pk")


def staff_entries(page_pk: int) -> list[LiveEntry]:
    """All entries, also those that were withdrawn, the newest first."""
    rows = LiveEntry.objects.filter(interview=page_pk)
    rows = rows.select_related("image", "question", "posted_by")
    return list(rows.order_by("-number")[:MOST_ENTRIES])


def speakers_of(page: InterviewPage) -> list[str]:
    """Host and guests by name and office, for the list behind the field."""
    named = [page.host] if page.host else []
    return named + [f"{b.value['name']}（{b.value['office']}）" for b in page.guests]


def questions_due(page_pk: int) -> DueWords | None:
    """By when the open questions are to be answered; None where nothing is owed."""
    return _due(page_pk)
