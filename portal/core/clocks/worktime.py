"""Counting limits in working days, half days, hours, days and months. Knows no Django.

How the units count (the Civil Code's articles 201 to 203, and the rules of a site):

- *Working days*: the day of receipt is not counted; the limit ends with the office hours of its
  last day.
- *Half working days*: half a day's office hours, counted from the very moment of receipt.
- *Hours* are hours of the clock, by day and night.
- *Days* and *months*: the day of receipt is not counted; a month ends on the day of the same
  number, or on the last day of a shorter month. A last day that is free moves to the next worked
  one.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from .calendar import ONE_DAY, UnknownYear, WorkCalendar

# More than any limit of the law; keeps sums within what a date can hold.
LARGEST_AMOUNT = 3660
NOTHING = datetime.timedelta()
CHINA = ZoneInfo("Asia/Shanghai")


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    HALF_DAYS = "half_days"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"


# Whole days count by dates, the others by the minute.
BY_DATE = frozenset({Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS})


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time, such as 20 working days.

    Raises:
        ValueError: the amount is negative, or larger than any limit can be.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        if not 0 <= self.amount <= LARGEST_AMOUNT:
            raise ValueError(f"a limit is between 0 and {LARGEST_AMOUNT}, not {self.amount}")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Morning and afternoon, in the time zone of the place.

    Raises:
        ValueError: the four times are not one after the other.
    """

    morning: tuple[datetime.time, datetime.time] = (datetime.time(9), datetime.time(12))
    afternoon: tuple[datetime.time, datetime.time] = (datetime.time(13, 30), datetime.time(17, 30))

    def __post_init__(self) -> None:
        begin, noon, after_noon, end = (*self.morning, *self.afternoon)
        if not begin < noon <= after_noon < end:
            raise ValueError("office hours are four times, one after the other")


@dataclass(frozen=True, slots=True)
class Rules:
    """How a site counts.

    Attributes:
        counts_first_day: the day of receipt is the first day of the limit.
        late_is_next_day: what arrives after office hours arrived on the next working day.
        moves_off_days: a limit in days or months that ends on a free day ends on the next
            working day.
    """

    counts_first_day: bool = False
    late_is_next_day: bool = True
    moves_off_days: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends (aware, in the zone of the place), and what was not known for it."""

    at: datetime.datetime
    warnings: tuple[UnknownYear, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkTime:
    """The calendar, office hours and rules of one place. All moments are aware."""

    calendar: WorkCalendar
    hours: OfficeHours = OfficeHours()
    rules: Rules = Rules()
    zone: datetime.tzinfo = CHINA

    # --- limits ----------------------------------------------------------------------------------
    def due(self, started_at: datetime.datetime, limit: Limit) -> Due:
        """When a limit ends that began with a receipt."""
        moment = self.counted_from(started_at, limit.unit)
        amount = limit.amount
        if limit.unit is Unit.WORKING_DAYS and self.rules.counts_first_day and amount:
            # The day of receipt is the first one, if there was time left to work on it.
            amount -= moment <= self.end_of(moment.date()) and self.calendar.is_worked(
                moment.date()
            )
        if limit.unit is Unit.DAYS and self.rules.counts_first_day and amount:
            amount -= 1
        return self._with_warnings(started_at, self._advance(moment, Limit(amount, limit.unit)))

    def extended(self, due_at: datetime.datetime, limit: Limit) -> Due:
        """When a limit ends that goes on where another ended: nothing is left uncounted."""
        return self._with_warnings(due_at, self._advance(due_at.astimezone(self.zone), limit))

    def before(self, due_at: datetime.datetime, limit: Limit) -> datetime.datetime:
        """When it is time for a reminder: at the beginning of office hours where days count."""
        moment = due_at.astimezone(self.zone)
        if limit.unit is Unit.HOURS:
            return moment - datetime.timedelta(hours=limit.amount)
        if limit.unit is Unit.HALF_DAYS:
            return self._without_work(moment, self._half_days(limit.amount))
        day = moment.date()
        if limit.unit is Unit.WORKING_DAYS:
            for _ in range(limit.amount):
                day = self.calendar.previous_worked(day)
        elif limit.unit is Unit.DAYS:
            day -= limit.amount * ONE_DAY
        else:
            day = _add_months(day, -limit.amount)
        return self._at(day, self.hours.morning[0])

    def counted_from(self, started_at: datetime.datetime, unit: Unit) -> datetime.datetime:
        """The moment of receipt as it counts: later when it came after office hours."""
        moment = started_at.astimezone(self.zone)
        if unit not in BY_DATE or not self.rules.late_is_next_day:
            return moment
        day = moment.date()
        if self.calendar.is_worked(day) and moment <= self.end_of(day):
            return moment
        return self._at(self.calendar.next_worked(day), self.hours.morning[0])

    def begins(self, started_at: datetime.datetime, unit: Unit) -> datetime.datetime:
        """When the first counted time begins: after the day of receipt, where that is not counted.

        What is paused before it shifts nothing.
        """
        moment = self.counted_from(started_at, unit)
        if unit in BY_DATE and not self.rules.counts_first_day:
            return max(moment, self.end_of(moment.date()))
        return moment

    # --- pauses ----------------------------------------------------------------------------------
    def shifted(
        self,
        due_at: datetime.datetime,
        paused_at: datetime.datetime,
        resumed_at: datetime.datetime,
        unit: Unit,
    ) -> datetime.datetime:
        """The due moment after a pause: later by what passed of the limit's own time.

        That is working time for limits in working days and halves of them, hours of the clock for
        hours, dates for days and months. A pause after the due moment changes nothing: it was
        late already.
        """
        due, paused, resumed = (
            moment.astimezone(self.zone) for moment in (due_at, paused_at, resumed_at)
        )
        if paused >= due or resumed <= paused:
            return due
        if unit is Unit.HOURS:
            return due + (resumed - paused)
        if unit in (Unit.DAYS, Unit.MONTHS):
            return self._last_day(due.date() + (resumed.date() - paused.date()))
        return self.with_work(due, self.work_between(paused, resumed))

    # --- working time ----------------------------------------------------------------------------
    def work_between(self, first: datetime.datetime, last: datetime.datetime) -> datetime.timedelta:
        """The office hours between two moments."""
        first, last = first.astimezone(self.zone), last.astimezone(self.zone)
        total, day = NOTHING, first.date()
        while day <= last.date():
            for begin, end in self.sessions(day):
                total += max(NOTHING, min(end, last) - max(begin, first))
            day += ONE_DAY
        return total

    def with_work(self, moment: datetime.datetime, work: datetime.timedelta) -> datetime.datetime:
        """The moment at which ``work`` office hours have passed since ``moment``."""
        moment = moment.astimezone(self.zone)
        if work <= NOTHING:
            return moment
        for begin, end in self.sessions_from(moment.date()):
            begin = max(begin, moment)
            if end <= begin:
                continue
            if work <= end - begin:
                return begin + work
            work -= end - begin
        raise AssertionError("working time never ends")

    def sessions(
        self, day: datetime.date
    ) -> tuple[tuple[datetime.datetime, datetime.datetime], ...]:
        """The stretches of a day in which people work: none, the morning, or both."""
        if not self.calendar.is_worked(day):
            return ()
        parts = [self.hours.morning]
        if not self.calendar.is_half(day):
            parts.append(self.hours.afternoon)
        return tuple((self._at(day, begin), self._at(day, end)) for begin, end in parts)

    def sessions_from(
        self, day: datetime.date
    ) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
        """The stretches of work from a day on, without an end."""
        while True:
            yield from self.sessions(day)
            day += ONE_DAY

    def end_of(self, day: datetime.date) -> datetime.datetime:
        """The end of the office hours of a day, as if it were worked."""
        last = self.hours.morning if self.calendar.is_half(day) else self.hours.afternoon
        return self._at(day, last[1])

    def days_left(self, now: datetime.datetime, due_at: datetime.datetime) -> int:
        """Working days from today to the due day: 0 on the day itself, negative when it is past."""
        today, last = now.astimezone(self.zone).date(), due_at.astimezone(self.zone).date()
        if today <= last:
            return self.calendar.worked_between(today, last)
        return -self.calendar.worked_between(last, today)

    # --- inside ----------------------------------------------------------------------------------
    def _advance(self, moment: datetime.datetime, limit: Limit) -> datetime.datetime:
        if limit.unit is Unit.HOURS:
            return moment + datetime.timedelta(hours=limit.amount)
        if limit.unit is Unit.HALF_DAYS:
            return self.with_work(moment, self._half_days(limit.amount))
        day = moment.date()
        if limit.unit is Unit.WORKING_DAYS:
            for _ in range(limit.amount):
                day = self.calendar.next_worked(day)
            return self.end_of(day)
        if limit.unit is Unit.DAYS:
            return self._last_day(day + limit.amount * ONE_DAY)
        return self._last_day(_add_months(day, limit.amount))

    def _last_day(self, day: datetime.date) -> datetime.datetime:
        if self.rules.moves_off_days and not self.calendar.is_worked(day):
            day = self.calendar.next_worked(day)
        return self.end_of(day)

    def _half_days(self, amount: int) -> datetime.timedelta:
        """Working time of halves of an ordinary day."""
        some_day = datetime.date(2000, 1, 3)
        whole = sum(
            (
                datetime.datetime.combine(some_day, end)
                - datetime.datetime.combine(some_day, begin)
                for begin, end in (self.hours.morning, self.hours.afternoon)
            ),
            NOTHING,
        )
        return amount * whole / 2

    def _without_work(
        self, moment: datetime.datetime, work: datetime.timedelta
    ) -> datetime.datetime:
        day = moment.date()
        while work > NOTHING:
            for begin, end in reversed(self.sessions(day)):
                end = min(end, moment)
                if end <= begin:
                    continue
                if work <= end - begin:
                    return end - work
                work -= end - begin
            day -= ONE_DAY
        return moment

    def _at(self, day: datetime.date, time: datetime.time) -> datetime.datetime:
        return datetime.datetime.combine(day, time, tzinfo=self.zone)

    def _with_warnings(self, first: datetime.datetime, due_at: datetime.datetime) -> Due:
        begin = first.astimezone(self.zone).date()
        return Due(due_at, self.calendar.warnings(begin, due_at.date()))


def _add_months(day: datetime.date, months: int) -> datetime.date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    next_month = datetime.date(years + (month == 11), (month + 1) % 12 + 1, 1)
    last = (next_month - ONE_DAY).day
    return datetime.date(years, month + 1, min(day.day, last))
