"""From the history of a clock to its due moment. Knows no Django and no database."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .calendar import UnknownYear
from .worktime import Limit, WorkTime


class Verb(StrEnum):
    """What can happen to a clock."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    RESTARTED = "restarted"
    STOPPED = "stopped"
    RECOUNTED = "recounted"  # the calendar, the office hours or the rules have changed


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history. ``limit`` belongs to started, restarted and extended."""

    verb: Verb
    at: datetime.datetime
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Where a history leads.

    Attributes:
        due_at: the end of the limit. While the clock is paused: the earliest that it can be.
        extended: the one extension was used since the clock began (anew).
        paused_at: since when it is paused.
        warnings: years whose holidays were not known.
    """

    due_at: datetime.datetime
    extended: bool
    paused_at: datetime.datetime | None
    warnings: tuple[UnknownYear, ...]


def reckon(steps: Iterable[Step], work_time: WorkTime) -> Reckoned:
    """The due moment of a history in the order in which it happened.

    Raises:
        ValueError: it does not begin with a start.
    """
    due: datetime.datetime | None = None
    began, unit = None, None
    extended, paused_at = False, None
    for step in steps:
        if step.verb in (Verb.STARTED, Verb.RESTARTED):
            assert step.limit is not None
            unit = step.limit.unit
            due = work_time.due(step.at, step.limit).at
            began, extended, paused_at = step, False, None
            continue
        if due is None or began is None or unit is None:
            raise ValueError("the history of a clock begins with its start")
        if step.verb is Verb.PAUSED:
            paused_at = step.at
        elif step.verb is Verb.RESUMED and paused_at is not None:
            counted = max(paused_at, work_time.begins(began.at, unit))
            due = work_time.shifted(due, counted, step.at, unit)
            paused_at = None
        elif step.verb is Verb.EXTENDED:
            assert step.limit is not None
            due, extended = work_time.extended(due, step.limit).at, True
    if due is None or began is None:
        raise ValueError("the history of a clock begins with its start")
    first = began.at.astimezone(work_time.zone).date()
    return Reckoned(due, extended, paused_at, work_time.calendar.warnings(first, due.date()))
