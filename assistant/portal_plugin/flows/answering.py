"""Questions: an approved text, or an honest no with a way on."""

import datetime
from dataclasses import replace

from django.utils import timezone

from assistant.dialogue.contract import Action
from assistant.dialogue.days import as_of
from assistant.dialogue.prompts import Prompt
from assistant.dialogue.statuses import BLOCKED, DECLINED, Status
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action
from assistant.portal_plugin.services.answers import compose

from .offers import OTHERWISE, offer, offer_everything
from .voice import Voice


@action(Action.ANSWER)
def answer(turn: Turn) -> Outcome:
    """Answer from the knowledge base, as of the day that the question names as such."""
    question = turn.question
    if turn.is_pressed:  # a button of an earlier version: there is nothing to look up
        voice = Voice(turn)
        record = voice.record(Status.SMALLTALK, voice("talk.gone_choice"))
        return Outcome(record, offer_everything(turn, voice))
    if question.as_of is None:
        question = replace(question, as_of=end_of(as_of(question.message)))
    record = compose(question=question)
    return Outcome(record, _way_on(turn, Status(record.status)))


def end_of(day: datetime.date | None) -> datetime.datetime | None:
    """The last second of a day; None for today, for days to come and for no day at all."""
    if day is None or day >= timezone.localdate():
        return None
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))


def _way_on(turn: Turn, status: Status) -> Prompt | None:
    voice = Voice(turn)
    if status in DECLINED or status in (Status.UNAVAILABLE, Status.HANDED_OVER):
        return offer(turn, voice, OTHERWISE)
    if status is Status.SMALLTALK or status in BLOCKED:
        return offer_everything(turn, voice)
    return None
