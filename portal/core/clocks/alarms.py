"""Reminders before a deadline and escalations after it, each raised once.

The clock process calls ``run`` each minute. A step becomes a row (one for each step and due moment:
the database sees to that), committed together with the clock's next appointment; then it is told
as an event. A process that dies in between leaves a row that was not told, which the next run
takes up. Only one that dies while telling makes an alarm told twice, under the same key.
"""

import datetime
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.core import extension_points
from portal.core.models import Clock, ClockAlarm

from . import terms
from .kinds import Terms
from .worktime import WorkTime

logger = logging.getLogger(__name__)

# After this a claim counts as one of a process that has died.
LEASE = datetime.timedelta(minutes=5)
# When to look again at a clock that cannot be handled, or whose plugin is off.
LATER = datetime.timedelta(minutes=15)
PORTION = 500
What = ClockAlarm.What


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """A step of the plan: when it is due, and what it is. ``step`` tells those of a kind apart."""

    at: datetime.datetime
    what: str
    step: str = ""
    role: str = ""


def plan(clock: Clock, held: Terms, work_time: WorkTime) -> list[Planned]:
    """All steps of a clock for its present due moment, in the order of time."""
    due = clock.due_at
    found = [Planned(due, What.OVERDUE)]
    for reminder in held.reminders:
        at = work_time.before(due, reminder)
        if at > clock.started_at:
            found.append(Planned(at, What.DUE_SOON, f"{reminder.amount} {reminder.unit}"))
    for escalation in held.escalations:
        after = escalation.after
        at = work_time.extended(due, after).at if after.amount else due
        step = f"{after.amount} {after.unit} {escalation.role}"
        found.append(Planned(at, What.ESCALATED, step, escalation.role))
    return sorted(found)


def next_look(clock: Clock, now: datetime.datetime | None = None) -> datetime.datetime | None:
    """When a clock wants to be looked at next; None when nothing is to come.

    Steps that have passed and were not raised count: they are due at once.
    """
    if clock.state != Clock.State.RUNNING:
        return None
    now = now or timezone.now()
    entry = terms.kind_of(clock.kind, clock.site_id)
    if entry is None:
        return now + LATER
    held = terms.terms_at(entry, clock.site_id)
    steps = plan(clock, held, terms.work_time(clock.site_id))
    raised = _raised(clock)
    open_steps = [step for step in steps if (step.what, step.step) not in raised]
    if now >= clock.due_at:
        open_steps = [step for step in open_steps if step.what != What.DUE_SOON]
    passed_reminders = [s for s in steps if s.what == What.DUE_SOON and s.at <= now]
    # A reminder that was overtaken by a later one is not raised any more.
    overtaken = passed_reminders[:-1]
    return min((step.at for step in open_steps if step not in overtaken), default=None)


def run(now: datetime.datetime | None = None) -> int:
    """Raise what is due and tell it; how many alarms were told."""
    now = now or timezone.now()
    due = Clock.objects.filter(state=Clock.State.RUNNING, look_at__lte=now).order_by("look_at")
    for pk in list(due.values_list("pk", flat=True)[:PORTION]):
        try:
            _raise_due(pk, now)
        except Exception:
            logger.exception("The deadline %s could not be looked at; the others go on", pk)
            Clock.objects.filter(pk=pk).update(look_at=now + LATER)
    return sum(_tell(pk, now) for pk in _untold(now))


@transaction.atomic
def _raise_due(pk: int, now: datetime.datetime) -> None:
    clock = Clock.objects.select_for_update().get(pk=pk)
    if clock.state != Clock.State.RUNNING or clock.look_at is None or clock.look_at > now:
        return
    entry = terms.kind_of(clock.kind, clock.site_id)
    if entry is not None:
        held = terms.terms_at(entry, clock.site_id)
        raised = _raised(clock)
        for step in _passed(clock, plan(clock, held, terms.work_time(clock.site_id)), now):
            if (step.what, step.step) not in raised:
                ClockAlarm.objects.create(
                    clock=clock,
                    what=step.what,
                    step=step.step,
                    role=step.role,
                    due_at=clock.due_at,
                    raised_at=now,
                )
    clock.look_at = next_look(clock, now)
    clock.save(update_fields=["look_at"])


def _passed(clock: Clock, steps: list[Planned], now: datetime.datetime) -> Iterator[Planned]:
    """What is to be raised: of several reminders that have passed only the last one."""
    if now < clock.due_at:
        reminders = [s for s in steps if s.what == What.DUE_SOON and s.at <= now]
        yield from reminders[-1:]
        return
    yield from (s for s in steps if s.what != What.DUE_SOON and s.at <= now)


def _raised(clock: Clock) -> set[tuple[str, str]]:
    alarms = ClockAlarm.objects.filter(clock=clock, due_at=clock.due_at)
    return set(alarms.values_list("what", "step"))


def _untold(now: datetime.datetime) -> list[int]:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - LEASE)
    alarms = ClockAlarm.objects.filter(free, told_at__isnull=True).order_by("pk")
    return list(alarms.values_list("pk", flat=True)[:PORTION])


def _tell(pk: int, now: datetime.datetime) -> bool:
    """Tell one alarm, unless another process is at it or it was overtaken."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - LEASE)
    claimed = ClockAlarm.objects.filter(free, pk=pk, told_at__isnull=True).update(claimed_at=now)
    if not claimed:
        return False
    alarm = ClockAlarm.objects.select_related("clock").get(pk=pk)
    clock = alarm.clock
    if clock.state != Clock.State.RUNNING or clock.due_at != alarm.due_at:
        alarm.delete()  # it was done, paused or extended before anybody heard of it
        return False
    if alarm.what == What.DUE_SOON:
        extension_points.clock_due_soon.send_now(clock=clock, alarm=alarm, site=clock.site_id)
    elif alarm.what == What.OVERDUE:
        extension_points.clock_overdue.send_now(clock=clock, alarm=alarm, site=clock.site_id)
    else:
        extension_points.clock_escalated.send_now(
            clock=clock, alarm=alarm, role=alarm.role, site=clock.site_id
        )
    ClockAlarm.objects.filter(pk=pk).update(told_at=timezone.now())
    return True
