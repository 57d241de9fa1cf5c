"""Until when a letter is answered, and how urgent it is: the same for its writer and for staff."""

import datetime
from collections.abc import Iterable
from enum import StrEnum

from django.db.models import F
from django.utils import timezone

from portal.interaction.models import OPEN_STATES, Letter, LetterState
from portal.plugin_api import ClockAlarm, DueWords, clocks


class Alarm(StrEnum):
    """How urgent: nothing, due soon (yellow), overdue (red)."""

    NONE = ""
    YELLOW = "yellow"
    RED = "red"


_WAITING = (*OPEN_STATES, LetterState.MERGED)


def due_of(letter: Letter) -> datetime.datetime | None:
    """When the answer is due, as its clock says; None where none was promised."""
    return letter.clock.due_at if letter.clock is not None else letter.due_at


def due_words(letter: Letter) -> DueWords | None:
    """The same in words, in the language of the moment."""
    return clocks.words(letter.clock) if letter.clock is not None else None


def alarm_of(letter: Letter, now: datetime.datetime | None = None) -> Alarm:
    return alarms_of([letter], now)[letter.pk]


def alarms_of(letters: Iterable[Letter], now: datetime.datetime | None = None) -> dict[int, Alarm]:
    """How urgent each of a list is. One query."""
    now, found = now or timezone.now(), list(letters)
    reminded = ClockAlarm.objects.filter(
        clock__in=[letter.clock_id for letter in found if letter.clock_id],
        what=ClockAlarm.What.DUE_SOON,
        due_at=F("clock__due_at"),
    )
    soon = set(reminded.values_list("clock", flat=True))
    return {letter.pk: _alarm(letter, soon, now) for letter in found}


def _alarm(letter: Letter, soon: set[int], now: datetime.datetime) -> Alarm:
    if letter.state not in _WAITING or letter.due_at is None:
        return Alarm.NONE
    if now > letter.due_at:
        return Alarm.RED
    return Alarm.YELLOW if letter.clock_id in soon else Alarm.NONE
