"""Which days are worked: hand-made tables, and the notices that come with the portal."""

import datetime

import pytest

from portal.core.clocks.calendar import DayKind, UnknownYear, WorkCalendar
from portal.core.clocks.notices import read_notices

D = datetime.date


def test_without_a_table_monday_to_friday_are_worked() -> None:
    week = [D(2025, 3, 3) + datetime.timedelta(days=n) for n in range(7)]
    assert [WorkCalendar().is_worked(day) for day in week] == [True] * 5 + [False] * 2


def test_the_table_goes_before_the_weekday() -> None:
    calendar = WorkCalendar(
        {
            D(2025, 3, 3): DayKind.HOLIDAY,
            D(2025, 3, 8): DayKind.MAKE_UP,
            D(2025, 3, 9): DayKind.WORK,
            D(2025, 3, 7): DayKind.HALF_DAY,
        }
    )
    assert not calendar.is_worked(D(2025, 3, 3))
    assert calendar.is_worked(D(2025, 3, 8))
    assert calendar.is_worked(D(2025, 3, 9))
    assert calendar.is_worked(D(2025, 3, 7))
    assert calendar.is_half(D(2025, 3, 7))


def test_the_years_without_a_notice_are_named() -> None:
    calendar = WorkCalendar(years={2025})
    assert calendar.warnings(D(2025, 12, 1), D(2025, 12, 31)) == ()
    assert calendar.warnings(D(2025, 12, 31), D(2027, 1, 1)) == (
        UnknownYear(2026),
        UnknownYear(2027),
    )


# The notices say how many days each holiday has; these are the sums.
@pytest.mark.parametrize(
    ("year", "holidays", "make_ups"),
    [
        (2024, 1 + 8 + 3 + 5 + 1 + 3 + 7, 2 + 1 + 2 + 1 + 2),
        (2025, 1 + 8 + 3 + 5 + 3 + 8, 2 + 1 + 2),
        (2026, 3 + 9 + 3 + 5 + 3 + 3 + 7, 1 + 2 + 1 + 2),
    ],
)
def test_the_notices_are_whole(year: int, holidays: int, make_ups: int) -> None:
    [notice] = [notice for notice in read_notices() if notice.year == year]
    kinds = [kind for _day, kind, _name in notice.days]
    assert kinds.count(DayKind.HOLIDAY) == holidays
    assert kinds.count(DayKind.MAKE_UP) == make_ups
    assert notice.source.startswith("国办发明电")
    days = [day for day, _kind, _name in notice.days]
    assert len(days) == len(set(days))


def test_make_up_days_of_the_notices_are_weekends() -> None:
    for notice in read_notices():
        for day, kind, _name in notice.days:
            assert kind is not DayKind.MAKE_UP or day.weekday() >= 5, day


def test_many_days_are_counted_in_one_walk_as_each_by_itself() -> None:
    calendar = WorkCalendar({D(2025, 3, 3): DayKind.HOLIDAY, D(2025, 3, 8): DayKind.MAKE_UP})
    today = D(2025, 3, 9)  # a Sunday
    days = [today + datetime.timedelta(days=n) for n in range(-30, 12)]
    counted = calendar.worked_since(days, today)
    assert counted[D(2025, 3, 7)] == 1  # the make-up Saturday
    assert counted[today] == 0
    assert counted[D(2025, 3, 11)] == -2
    for day in days:
        alone = calendar.worked_between(day, today) or -calendar.worked_between(today, day)
        assert counted[day] == alone, day


def test_no_days_are_counted_without_a_walk() -> None:
    assert WorkCalendar().worked_since([], D(2025, 3, 9)) == {}
