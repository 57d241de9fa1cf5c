"""A deadline in words: the same for the visitor who waits and the person who works on it."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.models import Clock

from . import terms
from .worktime import BY_DATE, Limit, Unit


@dataclass(frozen=True, slots=True)
class DueWords:
    """What is said of a deadline.

    Attributes:
        label: such as "Reply by".
        date: in the reader's language, with the time where it matters.
        moment: aware, for ``<time datetime>``.
        note: how long there is, how late it is, that it is paused or done.
        state: ``running``, ``today``, ``overdue``, ``paused`` or ``stopped``, for styles.
    """

    label: str
    date: str
    moment: datetime.datetime
    note: str
    state: str

    def __str__(self) -> str:
        return _("%(label)s: %(date)s (%(note)s)") % {
            "label": self.label, "date": self.date, "note": self.note
        }  # fmt: skip


def due_words(clock: Clock, now: datetime.datetime | None = None) -> DueWords:
    """Say when a clock is due and how it stands."""
    now = now or timezone.now()
    entry = terms.kind_of(clock.kind, clock.site_id)
    work_time = terms.work_time(clock.site_id)
    due = clock.due_at.astimezone(work_time.zone)
    state, note = _standing(clock, now)
    by_date = clock.limit.unit in BY_DATE
    # A limit in days that a pause has moved into the day ends at that hour.
    whole_day = by_date and due == work_time.end_of(due.date())
    return DueWords(
        label=str(entry.item.due_label) if entry is not None else _("Due"),
        date=date_format(due, "DATE_FORMAT") if whole_day else _moment(due),
        moment=due,
        note=note,
        state=state,
    )


def limit_text(limit: Limit) -> str:
    """A limit in words: "20 working days"."""
    count = {"count": limit.amount}
    texts = {
        Unit.WORKING_DAYS: ngettext(
            "%(count)d working day", "%(count)d working days", limit.amount
        ),
        Unit.HALF_DAYS: ngettext(
            "%(count)d half working day", "%(count)d half working days", limit.amount
        ),
        Unit.HOURS: ngettext("%(count)d hour", "%(count)d hours", limit.amount),
        Unit.DAYS: ngettext("%(count)d day", "%(count)d days", limit.amount),
        Unit.MONTHS: ngettext("%(count)d month", "%(count)d months", limit.amount),
    }
    return texts[limit.unit] % count


def _standing(clock: Clock, now: datetime.datetime) -> tuple[str, str]:
    if clock.stopped_at is not None:
        done = date_format(timezone.localtime(clock.stopped_at), "DATE_FORMAT")
        if clock.was_in_time:
            return "stopped", _("done on %(date)s, in time") % {"date": done}
        return "stopped", _("done on %(date)s, late") % {"date": done}
    if clock.paused_at is not None:
        since = date_format(timezone.localtime(clock.paused_at), "DATE_FORMAT")
        return "paused", _("paused since %(date)s; the pause is not counted") % {"date": since}
    if clock.limit.unit is Unit.HOURS:
        return _hours(clock, now)
    days = terms.work_time(clock.site_id).days_left(now, clock.due_at)
    if clock.is_overdue(now):
        if not days:
            return "overdue", _("overdue since today")
        return "overdue", ngettext(
            "%(count)d working day overdue", "%(count)d working days overdue", -days
        ) % {"count": -days}
    if not days:
        return "today", _("ends today")
    return "running", ngettext(
        "%(count)d working day left", "%(count)d working days left", days
    ) % {"count": days}


def _hours(clock: Clock, now: datetime.datetime) -> tuple[str, str]:
    seconds = (clock.due_at - now).total_seconds()
    hours = int(abs(seconds) // 3600)
    if seconds < 0:
        if not hours:
            return "overdue", _("overdue by less than an hour")
        return "overdue", ngettext("%(count)d hour overdue", "%(count)d hours overdue", hours) % {
            "count": hours
        }
    if not hours:
        return "today", _("less than an hour left")
    return "running", ngettext("%(count)d hour left", "%(count)d hours left", hours) % {
        "count": hours
    }


def _moment(due: datetime.datetime) -> str:
    return _("%(date)s, %(time)s") % {
        "date": date_format(due, "DATE_FORMAT"), "time": f"{due:%H:%M}"
    }  # fmt: skip
