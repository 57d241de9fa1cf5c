"""What happens elsewhere and has effects here."""

from portal.plugin_api import (
    Clock,
    ClockAlarm,
    SiteLike,
    clock_due_soon,
    clock_escalated,
    clock_overdue,
)

from .deadlines import CLOCK_KINDS
from .services.alarms import note_alarm


def _note(clock: Clock, alarm: ClockAlarm) -> None:
    pk = clock.parameters.get("letter")
    if isinstance(pk, int) and clock.kind in CLOCK_KINDS:
        note_alarm(letter_pk=pk, alarm=alarm)


@clock_due_soon.receiver
def due_soon(*, clock: Clock, alarm: ClockAlarm, site: SiteLike) -> None:
    _note(clock, alarm)


@clock_overdue.receiver
def overdue(*, clock: Clock, alarm: ClockAlarm, site: SiteLike) -> None:
    _note(clock, alarm)


@clock_escalated.receiver
def escalated(*, clock: Clock, alarm: ClockAlarm, role: str, site: SiteLike) -> None:
    _note(clock, alarm)
