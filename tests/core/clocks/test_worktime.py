"""Limits counted by hand on wall calendars, and what holds for all of them."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.clocks.calendar import DayKind, UnknownYear, WorkCalendar
from portal.core.clocks.worktime import Limit, OfficeHours, Unit, WorkTime

from .samples import CALENDAR, CHINA, moment, work_time

WD, HALF, HOURS, DAYS, MONTHS = Unit


def due(started: str, amount: int, unit: Unit, **rules: bool) -> str:
    found = work_time(**rules).due(moment(started), Limit(amount, unit))
    return f"{found.at:%Y-%m-%d %H:%M}"


# --- working days -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("started", "amount", "expected"),
    [
        # Friday before the make-up Sunday of Spring Festival 2025: Sunday 26 counts, Monday 27
        # counts, 28 January to 4 February are free.
        ("2025-01-24 10:00", 1, "2025-01-26 17:30"),
        ("2025-01-24 10:00", 2, "2025-01-27 17:30"),
        ("2025-01-24 10:00", 3, "2025-02-05 17:30"),
        # 26, 27, 5, 6, 7, Saturday 8 (make-up), 10
        ("2025-01-24 10:00", 6, "2025-02-08 17:30"),
        ("2025-01-24 10:00", 7, "2025-02-10 17:30"),
        # Spring Festival 2026: received on Thursday 12 February; 13, Saturday 14 (make-up),
        # then 24 to 27, Saturday 28 (make-up), 2 March.
        ("2026-02-12 16:00", 2, "2026-02-14 17:30"),
        ("2026-02-12 16:00", 3, "2026-02-24 17:30"),
        ("2026-02-12 16:00", 7, "2026-02-28 17:30"),
        ("2026-02-12 16:00", 8, "2026-03-02 17:30"),
        # National Day 2025: received on Friday 26 September; Sunday 28 is worked, 29, 30,
        # then 9, 10, Saturday 11 (make-up).
        ("2025-09-26 09:00", 3, "2025-09-30 17:30"),
        ("2025-09-26 09:00", 4, "2025-10-09 17:30"),
        ("2025-09-26 09:00", 6, "2025-10-11 17:30"),
        # An ordinary month: 20 working days from Monday 3 March are four weeks.
        ("2025-03-03 09:00", 20, "2025-03-31 17:30"),
    ],
)
def test_working_days(started: str, amount: int, expected: str) -> None:
    assert due(started, amount, WD) == expected


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        ("2025-03-05 17:30", "2025-03-06 17:30"),  # with the bell: still today
        ("2025-03-05 17:31", "2025-03-07 17:30"),  # after office hours: as if tomorrow
        ("2025-03-05 12:30", "2025-03-06 17:30"),  # in the lunch break: still today
        ("2025-03-05 07:00", "2025-03-06 17:30"),  # before the doors open: today
        ("2025-03-07 20:00", "2025-03-11 17:30"),  # Friday evening: as if Monday
        ("2025-03-08 10:00", "2025-03-11 17:30"),  # Saturday: as if Monday
        ("2025-01-25 10:00", "2025-01-27 17:30"),  # Saturday before a make-up Sunday
    ],
)
def test_when_it_counts_as_received(started: str, expected: str) -> None:
    assert due(started, 1, WD) == expected


def test_the_rules_of_a_site() -> None:
    assert due("2025-03-07 20:00", 1, WD, late_is_next_day=False) == "2025-03-10 17:30"
    assert due("2025-03-05 10:00", 1, WD, counts_first_day=True) == "2025-03-05 17:30"
    assert due("2025-03-05 10:00", 2, WD, counts_first_day=True) == "2025-03-06 17:30"
    # On a Saturday nothing of the day can count.
    received = {"counts_first_day": True, "late_is_next_day": False}
    assert due("2025-03-08 10:00", 1, WD, **received) == "2025-03-10 17:30"
    assert due("2025-03-07 20:00", 1, WD, **received) == "2025-03-10 17:30"


# --- half days --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("started", "amount", "expected"),
    [
        # Half of 7 hours are 3.5. Over lunch: one hour before noon, 2.5 after half past one.
        ("2025-03-05 11:00", 1, "2025-03-05 16:00"),
        ("2025-03-05 09:00", 1, "2025-03-05 14:00"),
        ("2025-03-05 12:30", 1, "2025-03-05 17:00"),
        # In the afternoon: 1.5 hours today, 2 tomorrow.
        ("2025-03-05 16:00", 1, "2025-03-06 11:00"),
        # On a Friday evening before a make-up Sunday it begins on Sunday.
        ("2025-01-24 19:00", 1, "2025-01-26 14:00"),
        ("2025-03-05 11:00", 2, "2025-03-06 11:00"),
    ],
)
def test_half_days_count_office_hours(started: str, amount: int, expected: str) -> None:
    assert due(started, amount, HALF) == expected


def test_a_half_day_of_the_calendar_ends_at_noon() -> None:
    day = datetime.date(2025, 3, 7)  # Friday
    calendar = WorkCalendar({day: DayKind.HALF_DAY}, {2025})
    at = work_time(calendar).due(moment("2025-03-06 10:00"), Limit(1, WD)).at
    assert at == moment("2025-03-07 12:00")
    at = work_time(calendar).due(moment("2025-03-07 11:00"), Limit(1, HALF)).at
    assert at == moment("2025-03-10 11:30")  # one hour on Friday, 2.5 on Monday
    # What arrives in the free afternoon arrived on Monday.
    at = work_time(calendar).due(moment("2025-03-07 14:00"), Limit(1, WD)).at
    assert at == moment("2025-03-11 17:30")


# --- hours, days, months ----------------------------------------------------------------------
def test_hours_are_hours_of_the_clock() -> None:
    assert due("2025-01-28 23:15", 12, HOURS) == "2025-01-29 11:15"


@pytest.mark.parametrize(
    ("started", "amount", "unit", "expected"),
    [
        ("2025-03-03 10:00", 3, DAYS, "2025-03-06 17:30"),
        ("2025-03-03 10:00", 5, DAYS, "2025-03-10 17:30"),  # a Saturday moves to Monday
        ("2025-09-10 10:00", 21, DAYS, "2025-10-09 17:30"),  # 1 October: after the holidays
        ("2025-01-31 10:00", 1, MONTHS, "2025-03-05 17:30"),  # received in the holidays: 5 February
        ("2025-12-31 10:00", 2, MONTHS, "2026-02-28 17:30"),  # no 31st; a make-up Saturday
        ("2025-03-31 10:00", 3, MONTHS, "2025-06-30 17:30"),
        ("2025-10-30 10:00", 2, MONTHS, "2025-12-30 17:30"),
    ],
)
def test_days_and_months(started: str, amount: int, unit: Unit, expected: str) -> None:
    assert due(started, amount, unit) == expected


def test_free_last_days_stay_where_a_site_says_so() -> None:
    assert due("2025-03-03 10:00", 5, DAYS, moves_off_days=False) == "2025-03-08 17:30"


# --- unknown years ----------------------------------------------------------------------------
def test_a_year_without_a_notice_warns() -> None:
    """Until the notice is out, 1 January counts as the Friday that it is."""
    found = work_time().due(moment("2026-12-30 10:00"), Limit(2, WD))
    assert found.at == moment("2027-01-01 17:30")
    assert found.warnings == (UnknownYear(2027),)
    assert work_time().due(moment("2026-12-30 10:00"), Limit(1, WD)).warnings == ()


# --- reminders, what is left ------------------------------------------------------------------
def test_reminders_come_with_the_doors() -> None:
    at = moment("2025-02-05 17:30")
    assert work_time().before(at, Limit(1, WD)) == moment("2025-01-27 09:00")
    assert work_time().before(at, Limit(2, WD)) == moment("2025-01-26 09:00")
    assert work_time().before(at, Limit(2, DAYS)) == moment("2025-02-03 09:00")
    assert work_time().before(at, Limit(2, HOURS)) == moment("2025-02-05 15:30")
    # 3.5 office hours: four in the afternoon are enough.
    assert work_time().before(at, Limit(1, HALF)) == moment("2025-02-05 14:00")
    assert work_time().before(at, Limit(3, HALF)) == moment("2025-01-27 14:00")


def test_days_left() -> None:
    at = moment("2025-02-05 17:30")
    left = work_time().days_left
    assert left(moment("2025-01-24 10:00"), at) == 3
    assert left(moment("2025-01-30 10:00"), at) == 1
    assert left(moment("2025-02-05 09:00"), at) == 0
    assert left(moment("2025-02-08 10:00"), at) == -3


# --- pauses -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("paused", "resumed", "expected"),
    [
        # Due on Friday 7 March. A whole working day, from morning to morning.
        ("2025-03-04 10:00", "2025-03-05 10:00", "2025-03-10 17:30"),
        # Two hours of the afternoon: Monday until eleven.
        ("2025-03-04 14:00", "2025-03-04 16:00", "2025-03-10 11:00"),
        # Over a night and a lunch break nothing was lost.
        ("2025-03-04 17:30", "2025-03-05 09:00", "2025-03-07 17:30"),
        ("2025-03-04 12:00", "2025-03-04 13:30", "2025-03-07 17:30"),
        # From Friday noon to Monday noon: four hours and three.
        ("2025-03-07 12:00", "2025-03-10 12:00", "2025-03-10 17:30"),
        # After the due moment it is late already.
        ("2025-03-07 17:30", "2025-03-20 10:00", "2025-03-07 17:30"),
    ],
)
def test_pauses_shift_by_working_time(paused: str, resumed: str, expected: str) -> None:
    at = work_time().shifted(moment("2025-03-07 17:30"), moment(paused), moment(resumed), WD)
    assert at == moment(expected)


def test_a_pause_over_spring_festival() -> None:
    """27 January, 5 and 6 February: three working days, of eleven days on the wall."""
    at = work_time().shifted(
        moment("2025-02-10 17:30"), moment("2025-01-26 17:30"), moment("2025-02-06 17:30"), WD
    )
    assert at == moment("2025-02-13 17:30")


def test_pauses_of_hours_and_days() -> None:
    at, paused = moment("2025-03-07 15:00"), moment("2025-03-06 22:00")
    resumed = moment("2025-03-07 01:00")
    assert work_time().shifted(at, paused, resumed, HOURS) == moment("2025-03-07 18:00")
    due_at = moment("2025-03-07 17:30")
    assert work_time().shifted(due_at, paused, resumed, DAYS) == moment("2025-03-10 17:30")


# --- refusals ---------------------------------------------------------------------------------
@pytest.mark.parametrize("amount", [-1, 3661])
def test_impossible_limits(amount: int) -> None:
    with pytest.raises(ValueError, match="between 0 and"):
        Limit(amount, WD)


def test_impossible_office_hours() -> None:
    at = datetime.time
    with pytest.raises(ValueError, match="one after the other"):
        OfficeHours((at(9), at(13)), (at(12), at(17)))
    assert OfficeHours((at(9), at(13)), (at(13), at(17)))  # without a break


# --- what holds for all -----------------------------------------------------------------------
STARTS = st.datetimes(  # takes its limits without a zone
    datetime.datetime(2025, 1, 1),  # noqa: DTZ001
    datetime.datetime(2026, 6, 30),  # noqa: DTZ001
    timezones=st.just(CHINA),
)
AMOUNTS = st.integers(1, 40)
KINDS = st.sampled_from([*DayKind])
TABLES = st.dictionaries(
    st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 6, 30)), KINDS, max_size=60
)


def on(table: dict[datetime.date, DayKind]) -> WorkTime:
    return replace(work_time(), calendar=WorkCalendar(dict(CALENDAR.days) | table, {2025}))


@given(TABLES, STARTS, AMOUNTS, AMOUNTS, st.sampled_from([WD, HALF, HOURS]))
def test_n_and_then_m_are_n_and_m(
    table: dict[datetime.date, DayKind],
    start: datetime.datetime,
    n: int,
    m: int,
    unit: Unit,
) -> None:
    time = on(table)
    first = time.due(start, Limit(n, unit)).at
    assert time.extended(first, Limit(m, unit)).at == time.due(start, Limit(n + m, unit)).at


@given(TABLES, STARTS, st.integers(0, 60 * 24 * 20), AMOUNTS, st.sampled_from([*Unit]))
def test_later_receipts_are_not_due_earlier(
    table: dict[datetime.date, DayKind],
    start: datetime.datetime,
    minutes: int,
    amount: int,
    unit: Unit,
) -> None:
    time = on(table)
    later = start + datetime.timedelta(minutes=minutes)
    assert time.due(start, Limit(amount, unit)).at <= time.due(later, Limit(amount, unit)).at


@given(TABLES, STARTS, AMOUNTS, st.sampled_from([WD, HALF]))
def test_limits_end_in_office_hours(
    table: dict[datetime.date, DayKind], start: datetime.datetime, amount: int, unit: Unit
) -> None:
    time = on(table)
    at = time.due(start, Limit(amount, unit)).at
    assert any(begin < at <= end for begin, end in time.sessions(at.date()))
    assert at > start


@given(TABLES, STARTS, st.integers(0, 60 * 24 * 15), st.integers(0, 60 * 24 * 15))
def test_a_pause_shifts_by_its_working_time(
    table: dict[datetime.date, DayKind], start: datetime.datetime, wait: int, length: int
) -> None:
    time = on(table)
    due_at = time.due(start, Limit(20, WD)).at
    paused = start + datetime.timedelta(minutes=wait)
    resumed = paused + datetime.timedelta(minutes=length)
    shifted = time.shifted(due_at, paused, resumed, WD)
    lost = time.work_between(paused, resumed) if paused < due_at else datetime.timedelta()
    assert time.work_between(due_at, shifted) == lost


@given(TABLES, STARTS, AMOUNTS)
def test_a_reminder_is_as_many_working_days_before(
    table: dict[datetime.date, DayKind], start: datetime.datetime, amount: int
) -> None:
    time = on(table)
    due_at = time.due(start, Limit(41, WD)).at
    reminder = time.before(due_at, Limit(amount, WD))
    assert time.days_left(reminder, due_at) == amount
