"""When a counter is open: spans of the week, and what the work calendar makes of them.

``{"days": [1, 2, 3, 4, 5], "from": "09:00", "until": "12:00"}`` with ISO weekdays is a span. Knows
no database: the calendar is handed in.
"""

import datetime
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_SPANS = 14
WEEK = range(1, 8)
WEEKDAYS = {
    1: gettext_lazy("Monday"),
    2: gettext_lazy("Tuesday"),
    3: gettext_lazy("Wednesday"),
    4: gettext_lazy("Thursday"),
    5: gettext_lazy("Friday"),
    6: gettext_lazy("Saturday"),
    7: gettext_lazy("Sunday"),
}
# What a make-up working day is like: an ordinary day of the working week.
_MODEL_DAY = 1
_WEEKEND = (6, 7)
_ONE_DAY = datetime.timedelta(days=1)
_NOON = datetime.time(12)


class Calendar(Protocol):
    """What of the work calendar is asked: days that are not as their weekday is, known years."""

    @property
    def days(self) -> Mapping[datetime.date, str]: ...

    @property
    def years(self) -> Collection[int]: ...


@dataclass(frozen=True, slots=True)
class Span:
    """The same hours on some days of the week."""

    days: tuple[int, ...]
    begin: datetime.time
    end: datetime.time

    @property
    def hours_text(self) -> str:
        return f"{self.begin:%H:%M}–{self.end:%H:%M}"


class Why(StrEnum):
    """Why a day is not as its weekday is."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    HALF_DAY = "half_day"


@dataclass(frozen=True, slots=True)
class Day:
    """The sessions of one date. ``is_known``: the year's holidays have been announced."""

    date: datetime.date
    sessions: tuple[tuple[datetime.time, datetime.time], ...]
    why: Why | None = None
    is_known: bool = True


# --- the stored form ------------------------------------------------------------------------------
def checked(value: Any) -> list[dict[str, Any]]:
    """The spans of a stored, typed or imported value, in order of the week.

    Raises:
        ValidationError: a sentence for the person who typed it.
    """
    if value in (None, ""):
        return []
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise ValidationError(_("These are no opening hours."))
    if len(value) > MOST_SPANS:
        raise ValidationError(_("At most %(most)d lines of opening hours.") % {"most": MOST_SPANS})
    found = sorted((_checked_row(row) for row in value), key=lambda row: (row.days, row.begin))
    for one, other in itertools.combinations(found, 2):
        shared = set(one.days) & set(other.days)
        if shared and one.begin < other.end and other.begin < one.end:
            raise ValidationError(
                _("%(day)s: %(one)s and %(other)s overlap.")
                % {
                    "day": WEEKDAYS[min(shared)],
                    "one": one.hours_text,
                    "other": other.hours_text,
                }
            )
    return [
        {"days": list(row.days), "from": f"{row.begin:%H:%M}", "until": f"{row.end:%H:%M}"}
        for row in found
    ]


def _checked_row(row: Mapping[str, Any]) -> Span:
    days = row.get("days") or []
    try:
        numbers = tuple(sorted({int(day) for day in days}))
    except (TypeError, ValueError) as error:
        raise ValidationError(_("These are no opening hours.")) from error
    begin, end = _time(row.get("from")), _time(row.get("until"))
    if not numbers:
        raise ValidationError(_("Tick the days on which these hours hold."))
    if not all(day in WEEK for day in numbers):
        raise ValidationError(_("These are no opening hours."))
    if end <= begin:
        raise ValidationError(_("The end of the opening hours lies before their beginning."))
    return Span(numbers, begin, end)


def _time(value: Any) -> datetime.time:
    if not value:
        raise ValidationError(_("Opening hours need a beginning and an end, such as 09:00."))
    try:
        found = datetime.time.fromisoformat(str(value).strip().replace("：", ":").zfill(5))
    except ValueError as error:
        raise ValidationError(
            _("“%(text)s” is no time of day. Write it as 09:00.") % {"text": value}
        ) from error
    return found.replace(second=0, microsecond=0, tzinfo=None)


def spans(value: Any) -> list[Span]:
    """The spans of a stored value; what is no span is passed over, so that reading goes on."""
    found = []
    for row in value if isinstance(value, list) else ():
        try:
            found.append(_checked_row(row))
        except (ValidationError, AttributeError):
            continue
    return sorted(found, key=lambda span: (span.days, span.begin))


# --- in words -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class WeekLine:
    """Days with the same hours: "Monday to Friday", "09:00–12:00, 13:30–17:30"."""

    days: str
    hours: str


def week_lines(value: Any) -> list[WeekLine]:
    """A week in as few lines as it takes."""
    by_day: dict[int, list[Span]] = {}
    for span in spans(value):
        for day in span.days:
            by_day.setdefault(day, []).append(span)
    by_hours: dict[str, list[int]] = {}
    for day in sorted(by_day):
        ordered = sorted(by_day[day], key=lambda span: span.begin)
        hours = ", ".join(span.hours_text for span in ordered)
        by_hours.setdefault(hours, []).append(day)
    return [WeekLine(days_text(days), hours) for hours, days in by_hours.items()]


def days_text(days: Sequence[int]) -> str:
    """ "Monday to Friday", "Saturday", "Monday, Wednesday"."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = []
    for run in runs:
        first, last = str(WEEKDAYS[run[0]]), str(WEEKDAYS[run[-1]])
        if len(run) > 2:
            parts.append(_("%(first)s to %(last)s") % {"first": first, "last": last})
        else:
            parts += [str(WEEKDAYS[day]) for day in run]
    return _(", ").join(parts)


# --- dates ----------------------------------------------------------------------------------------
def day_of(value: Sequence[Span], date: datetime.date, calendar: Calendar, *, follows: bool) -> Day:
    """The sessions of a date.

    With the calendar: none on holidays; on a make-up day those of an ordinary working day; on a
    half day what lies before noon. A year without a notice has its weekdays, and says so.
    """
    own = _sessions(value, date.isoweekday())
    if not follows:
        return Day(date, own)
    is_known = date.year in calendar.years
    kind = calendar.days.get(date)
    if kind == Why.HOLIDAY:
        return Day(date, (), Why.HOLIDAY, is_known)
    if kind == Why.HALF_DAY:
        return Day(date, tuple(s for s in own if s[0] < _NOON), Why.HALF_DAY, is_known)
    if kind is not None and date.isoweekday() in _WEEKEND:
        return Day(date, _sessions(value, _MODEL_DAY) or own, Why.MAKE_UP, is_known)
    return Day(date, own, None, is_known)


def _sessions(
    value: Sequence[Span], weekday: int
) -> tuple[tuple[datetime.time, datetime.time], ...]:
    return tuple(sorted((s.begin, s.end) for s in value if weekday in s.days))


def coming_days(
    value: Sequence[Span], first: datetime.date, count: int, calendar: Calendar, *, follows: bool
) -> Iterator[Day]:
    """The days from ``first`` on."""
    for number in range(count):
        yield day_of(value, first + number * _ONE_DAY, calendar, follows=follows)
