"""What would fail an inspection: letters without an answer, days on which nobody looked."""

import datetime
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from portal.interaction.models import (
    NOT_VALID_STATES,
    OPEN_STATES,
    DailyDuty,
    Letter,
    LetterState,
)
from portal.plugin_api import clocks

# A valid message without a response for this long fails a whole site (R-INT-25).
VETO = datetime.timedelta(days=90)
# Messages and answers must show something new within this (R-INT-27).
STALE = datetime.timedelta(days=60)
LOOK_BACK = 14
WAITING = (*OPEN_STATES, LetterState.MERGED)


@dataclass(frozen=True, slots=True)
class Monitor:
    """How the letters of a site stand.

    Attributes:
        waiting: open ones; ``overdue`` and ``due_soon`` (today and tomorrow) of them.
        beyond_three_months: open ones that nobody has answered for so long.
        handled_share: of the valid letters of the last twelve months whose time is over, those with
            an end, in percent; None where there are none.
        days_missed: working days of the last two weeks on which nobody confirmed the daily look.
        is_stale: nothing was published for two months although something was answered.
    """

    waiting: int
    overdue: int
    due_soon: int
    beyond_three_months: int
    handled_share: float | None
    days_missed: tuple[datetime.date, ...]
    is_stale: bool


def monitor(*, site: int, now: datetime.datetime | None = None) -> Monitor:
    """Five queries, all by index."""
    now = now or timezone.now()
    letters = Letter.objects.filter(site=site)
    waiting = letters.filter(state__in=WAITING)
    year_ago = now - datetime.timedelta(days=365)
    valid = letters.filter(received_at__gte=year_ago, due_at__lt=now).exclude(
        state__in=NOT_VALID_STATES
    )
    owed = valid.count()
    open_still = valid.filter(state__in=WAITING).count()
    last = letters.aggregate(published=Max("published_at"), answered=Max("answered_at"))
    return Monitor(
        waiting=waiting.count(),
        overdue=waiting.filter(due_at__lt=now).count(),
        due_soon=waiting.filter(
            due_at__gte=now, due_at__lt=now + datetime.timedelta(days=2)
        ).count(),
        beyond_three_months=too_long(site, now).count(),
        handled_share=round(100 * (owed - open_still) / owed, 1) if owed else None,
        days_missed=days_missed(site, now),
        is_stale=last["answered"] is not None
        and (last["published"] is None or last["published"] < now - STALE)
        and last["answered"] < now - STALE // 2,
    )


def too_long(site: int, now: datetime.datetime) -> QuerySet[Letter]:
    """Open letters that came, and were never answered, three months ago."""
    return Letter.objects.filter(
        Q(received_at__lt=now - VETO),
        site=site,
        state__in=WAITING,
        answered_at__isnull=True,
    )


def days_missed(site: int, now: datetime.datetime) -> tuple[datetime.date, ...]:
    """The working days of the last two weeks without a confirmed look, today left out; counted
    from the first confirmation on: before, the desk was not at work yet."""
    today = timezone.localdate(now)
    days = [today - datetime.timedelta(days=back) for back in range(1, LOOK_BACK + 1)]
    first = DailyDuty.objects.filter(site=site).order_by("day").values_list("day", flat=True)[:1]
    if not first:
        return ()
    held = set(DailyDuty.objects.filter(site=site, day__in=days).values_list("day", flat=True))
    # A day is worked when one more has passed since it than since the day after.
    since = clocks.working_days_since(
        site, [*days, *(day - datetime.timedelta(days=1) for day in days)], today
    )
    worked = [day for day in days if since[day - datetime.timedelta(days=1)] > since[day]]
    return tuple(day for day in reversed(worked) if day not in held and day > first[0])
