"""What happens elsewhere and has effects here."""

from portal.plugin_api import (
    Clock,
    ClockAlarm,
    SiteLike,
    clock_due_soon,
    clock_escalated,
    clock_overdue,
)

from . import workflow_signals
from .deadlines import DELIVERY, RECEIPT
from .services import tasks

__all__ = ["workflow_signals"]


def _noted(clock: Clock, alarm: ClockAlarm) -> None:
    pk = clock.parameters.get("task")
    if clock.kind in (DELIVERY, RECEIPT) and isinstance(pk, int):
        tasks.note_reminder(task_pk=pk, alarm_pk=alarm.pk, text=str(alarm.get_what_display()))


@clock_due_soon.receiver
def due_soon(*, clock: Clock, alarm: ClockAlarm, site: SiteLike) -> None:
    _noted(clock, alarm)


@clock_overdue.receiver
def overdue(*, clock: Clock, alarm: ClockAlarm, site: SiteLike) -> None:
    _noted(clock, alarm)


@clock_escalated.receiver
def escalated(*, clock: Clock, alarm: ClockAlarm, role: str, site: SiteLike) -> None:
    _noted(clock, alarm)
