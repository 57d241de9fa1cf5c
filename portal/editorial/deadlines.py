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


def start_delivery(task: UnitTask, limit: Limit | None, by: Any) -> Clock:
    return _start(DELIVERY, task, limit, by)


def start_receipt(task: UnitTask, by: Any) -> Clock:
    return _start(RECEIPT, task, None, by)


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
    limit = Limit(days, Unit.DAYS)
    # What begins after office hours counts from the next working day; some sites count the first.
    other = days - _beyond(site_pk, limit, day)
    if other != days and other >= 1 and _beyond(site_pk, Limit(other, Unit.DAYS), day) == 0:
        return Limit(other, Unit.DAYS)
    return limit


def _beyond(site_pk: int, limit: Limit, day: datetime.date) -> int:
    """By how many days a limit that begins now ends after a day; negative: before."""
    return (timezone.localdate(clocks.due(site_pk, limit).at) - day).days


def _start(kind: str, task: UnitTask, limit: Limit | None, by: Any) -> Clock:
    return clocks.start(
        kind=kind,
        subject=f"unit-task:{task.pk}",
        site=task.site_id,
        label=task.title[:200],
        url=reverse("editorial_task", args=[task.pk]),
        unit=task.unit,
        limit=limit,
        parameters={"task": task.pk},
        by=by,
    )
