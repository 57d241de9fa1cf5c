"""Reading tasks: of a unit, of the office that issues them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from portal.editorial.models import TaskState, UnitTask
from portal.editorial.permissions import SLUG, unit_tasks
from portal.plugin_api import Clock, is_enabled

_RUNNING = Q(clock__state__in=[Clock.State.RUNNING, Clock.State.PAUSED])


def late(now: Any = None) -> Q:
    """With the unit, and its day is over."""
    moment = now or timezone.now()
    return Q(state__in=UnitTask.WITH_UNIT, clock__due_at__lt=moment)


def without_receipt(now: Any = None) -> Q:
    """Nobody confirmed the receipt in time."""
    return Q(state=TaskState.ISSUED, receipt_clock__due_at__lt=now or timezone.now())


@dataclass(frozen=True, slots=True)
class Counts:
    with_unit: int
    late: int
    no_receipt: int
    to_judge: int


def counts(tasks: QuerySet[UnitTask]) -> Counts:
    """One query."""
    found = tasks.order_by().aggregate(
        with_unit=Count("pk", filter=Q(state__in=UnitTask.WITH_UNIT)),
        late=Count("pk", filter=late()),
        no_receipt=Count("pk", filter=without_receipt()),
        to_judge=Count("pk", filter=Q(state=TaskState.DELIVERED)),
    )
    return Counts(**found)


def waiting_for(user: Any, limit: int) -> list[UnitTask]:
    """What the unit of an account has to do, the most urgent first. One query."""
    rows = (
        unit_tasks(user)
        .filter(state__in=UnitTask.WITH_UNIT)
        .select_related("clock", "receipt_clock", "site", "parent")
        .order_by("clock__due_at", "pk")[:limit]
    )
    return [row for row in rows if is_enabled(SLUG, row.site_id)]


def for_list(tasks: QuerySet[UnitTask]) -> QuerySet[UnitTask]:
    return tasks.select_related("unit", "site", "column", "clock", "receipt_clock", "parent__unit")
