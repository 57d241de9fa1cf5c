"""The two deadlines of a task: until somebody confirms the receipt, and until it is delivered.

Their limits, reminders and escalations are each site's settings (Settings → Deadlines).
"""

import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import Clock, ClockKind, Escalation, Limit, Terms, Unit, clocks

from .models import UnitTask

# Stored with every clock.
DELIVERY = "editorial.delivery"
RECEIPT = "editorial.receipt"
# In days: longer than any holidays with the weekends around.
_LONGEST_BREAK = 14

DELIVERY_KIND = ClockKind(
    label=_("Delivery of a task by a unit"),
    due_label=_("Deliver by"),
    terms=Terms(
        limit=Limit(3, Unit.WORKING_DAYS),
        reminders=(Limit(1, Unit.WORKING_DAYS),),
        escalations=(Escalation(Limit(0, Unit.WORKING_DAYS), "site_admin"),),
    ),
)
RECEIPT_KIND = ClockKind(
    label=_("Receipt of a task confirmed by the unit"),
    due_label=_("Confirm the receipt by"),
    terms=Terms(
        limit=Limit(1, Unit.HALF_DAYS),
        escalations=(Escalation(Limit(1, Unit.HALF_DAYS), "site_admin"),),
    ),
)


def start_delivery(
    task: UnitTask, limit: Limit | None, by: Any, *, at: datetime.datetime | None = None
) -> Clock:
    return _start(DELIVERY, task, limit, by, at)


def start_receipt(task: UnitTask, by: Any, *, at: datetime.datetime | None = None) -> Clock:
    return _start(RECEIPT, task, None, by, at)


def stop(clock: Clock | None, outcome: str, by: Any) -> None:
    """End a clock that still runs."""
    if clock is None:
        return
    running = clocks.open(clock.kind, clock.subject)
    if running is not None and running.pk == clock.pk:
        clocks.stop(clock=running, outcome=outcome, by=by)


def limit_until(site_pk: int, day: datetime.date) -> Limit:
    """A limit that begins now and ends on a day; where nobody works then, on the next working day
    (if the site has set it so).

    Raises:
        ValueError: the day is today or past.
    """
    days = (day - timezone.localdate()).days
    if days < 1:
        raise ValueError("a limit ends on a later day")
    # What begins after office hours counts from the next working day, which may be a week on; and
    # some sites count the first day.
    least, best = None, Limit(days, Unit.DAYS)
    for number in range(days + 1, max(0, days - _LONGEST_BREAK), -1):
        limit = Limit(number, Unit.DAYS)
        beyond = (timezone.localdate(clocks.due(site_pk, limit).at) - day).days
        if beyond == 0:
            return limit
        if beyond > 0 and (least is None or beyond < least):
            least, best = beyond, limit
    end = _end_of_work(site_pk, day)
    if end is None:
        return best
    # Issued in the evening for the next day: there is no whole day between.
    hours = int((end - timezone.now()).total_seconds() // 3600)
    return Limit(max(hours, 1), Unit.HOURS)


def _end_of_work(site_pk: int, day: datetime.date) -> datetime.datetime | None:
    """When office hours end on a day; None where nobody works."""
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    end = None
    while True:
        state = clocks.office_state(site_pk, moment)
        if timezone.localdate(state.changes_at) != day:
            return end
        moment = state.changes_at
        if state.is_open:
            end = moment


def _start(
    kind: str, task: UnitTask, limit: Limit | None, by: Any, at: datetime.datetime | None
) -> Clock:
    return clocks.start(
        kind=kind,
        subject=f"unit-task:{task.pk}",
        site=task.site_id,
        label=task.title[:200],
        url=reverse("editorial_task", args=[task.pk]),
        unit=task.unit,
        limit=limit,
        started_at=at,
        parameters={"task": task.pk},
        by=by,
    )
