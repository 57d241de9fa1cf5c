"""Which days are worked: a table of exceptions to "Monday to Friday". Knows no Django."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ONE_DAY = datetime.timedelta(days=1)
_SATURDAY = 5


class DayKind(StrEnum):
    """What the table may say of a day."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # 调休: worked in place of a day that joins a holiday
    HALF_DAY = "half_day"  # worked in the morning only
    WORK = "work"  # worked for another reason, such as an order of the city


@dataclass(frozen=True, slots=True)
class UnknownYear:
    """A warning: this year has no notice yet, so only its weekends were taken for free days."""

    year: int


@dataclass(frozen=True)
class WorkCalendar:
    """A year's days as the government's notices have them.

    Attributes:
        days: the exceptions; a day that is not in it is worked from Monday to Friday.
        years: the years whose notice is known. Of others only weekends are known, and every
            result that touches them says so.
    """

    days: Mapping[datetime.date, DayKind] = field(default_factory=dict)
    years: Collection[int] = frozenset()

    def is_worked(self, day: datetime.date) -> bool:
        """Whether the offices are open on a day, if only in the morning."""
        kind = self.days.get(day)
        if kind is None:
            return day.weekday() < _SATURDAY
        return kind is not DayKind.HOLIDAY

    def is_half(self, day: datetime.date) -> bool:
        """Whether only the morning of a day is worked."""
        return self.days.get(day) is DayKind.HALF_DAY

    def next_worked(self, day: datetime.date) -> datetime.date:
        """The first day after ``day`` that is worked."""
        day += ONE_DAY
        while not self.is_worked(day):
            day += ONE_DAY
        return day

    def previous_worked(self, day: datetime.date) -> datetime.date:
        """The last day before ``day`` that is worked."""
        day -= ONE_DAY
        while not self.is_worked(day):
            day -= ONE_DAY
        return day

    def worked_between(self, first: datetime.date, last: datetime.date) -> int:
        """How many days are worked after ``first``, up to and with ``last``; 0 when it is past."""
        count, day = 0, first + ONE_DAY
        while day <= last:
            count += self.is_worked(day)
            day += ONE_DAY
        return count

    def worked_since(
        self, days: Iterable[datetime.date], today: datetime.date
    ) -> dict[datetime.date, int]:
        """``worked_between(day, today)`` for many days in one walk; negative for days to come."""
        wanted = set(days)
        counts = dict.fromkeys(wanted, 0)
        count, day, first = 0, today, min(wanted, default=today)
        while day >= first:
            if day in wanted:
                counts[day] = count
            count += self.is_worked(day)
            day -= ONE_DAY
        count, day, last = 0, today + ONE_DAY, max(wanted, default=today)
        while day <= last:
            count += self.is_worked(day)
            if day in wanted:
                counts[day] = -count
            day += ONE_DAY
        return counts

    def warnings(self, first: datetime.date, last: datetime.date) -> tuple[UnknownYear, ...]:
        """What a result between two days does not know."""
        return tuple(
            UnknownYear(year) for year in range(first.year, last.year + 1) if year not in self.years
        )


def calendar_of(days: Iterable[tuple[datetime.date, str]], years: Iterable[int]) -> WorkCalendar:
    """A calendar of rows, such as those of the database."""
    return WorkCalendar({day: DayKind(kind) for day, kind in days}, frozenset(years))
