"""Receipts: an answer as it was given, and how it stands now. Computed anew with each look."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.models.conversations import AnswerRecord, AnswerStatus, digest_of
from portal.plugin_api import Publication

from .knowledge import Answerable, answerable, in_language

LONGEST_ID = 32
_ID_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


class State(StrEnum):
    """``VALID``: the text is approved and in force as it was given. ``SUPERSEDED``: another text
    has taken its place. ``ENDED``: it was withdrawn, or it or its basis is no longer in force.
    ``NONE``: no approved text was given."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    ENDED = "no_longer_in_force"
    NONE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Replacement:
    """What holds now instead."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """``since``: from when the state holds, where it is known."""

    record: AnswerRecord
    state: State
    since: datetime.datetime | None = None
    replaced_by: Replacement | None = None

    @property
    def is_over(self) -> bool:
        return self.state in (State.SUPERSEDED, State.ENDED)


def receipt(answer_id: str) -> Receipt | None:
    """The receipt with an id; None where there is none (any more)."""
    record = find_record(answer_id)
    return None if record is None else receipt_of(record)


def find_record(answer_id: str) -> AnswerRecord | None:
    if not answer_id or len(answer_id) > LONGEST_ID or not _ID_LETTERS.issuperset(answer_id):
        return None
    return AnswerRecord.objects.select_related("feedback").filter(pk=answer_id).first()


def receipt_of(record: AnswerRecord) -> Receipt:
    """How an answer stands now: at most a handful of queries, none where no text was given."""
    if record.status != AnswerStatus.ANSWERED or not record.entry:
        return Receipt(record, State.NONE)
    if record.page_id is None:
        return Receipt(record, State.ENDED)
    found = answerable([record.page_id]).get(record.page_id)
    if found is None:
        return _ended(record, timezone.now())
    return _compared(record, found)


def _compared(record: AnswerRecord, found: Answerable) -> Receipt:
    """Whether the text that is public now is the one that was given."""
    text = found.answer_text
    if record.text_language != found.language:
        worded = in_language(found, record.text_language)
        text = worded.entry.answer_text
    if digest_of(text) == record.digest:
        return Receipt(record, State.VALID)
    return Receipt(
        record,
        State.SUPERSEDED,
        since=found.since,
        replaced_by=Replacement(found.question or found.title, found.url),
    )


def _ended(record: AnswerRecord, now: datetime.datetime) -> Receipt:
    assert record.page_id is not None
    page = QuestionPage.objects.filter(pk=record.page_id).select_related("superseded_by").first()
    successor = page.superseded_by if page else None
    last = Publication.objects.filter(page_id=record.page_id).order_by("-since", "-pk").first()
    moments = [m for m in (last.until, last.valid_until) if m and m <= now] if last else []
    since = min(moments, default=None)
    if successor is not None:
        following = answerable([successor.pk]).get(successor.pk)
        if following is not None:
            replacement = Replacement(following.question or following.title, following.url)
            return Receipt(record, State.SUPERSEDED, since=since, replaced_by=replacement)
    return Receipt(record, State.ENDED, since=since)
