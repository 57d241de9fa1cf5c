"""Opening hours: as they are typed, as they are told, and on days that are not as others are."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import override

from portal.core.clocks.calendar import calendar_of
from portal.services.opening_hours import (
    MOST_SPANS,
    Why,
    checked,
    day_of,
    spans,
    week_lines,
)
from portal.services.opening_hours_field import OpeningHoursFormField, OpeningHoursInput

from .factories import AFTERNOON, MORNING

SATURDAY = {"days": [6], "from": "09:00", "until": "12:00"}
# National Day 2026, as the State Council announced it: closed 1 to 7 October, worked 10 October.
NATIONAL_DAY = calendar_of(
    [
        *((datetime.date(2026, 10, day), "holiday") for day in range(1, 8)),
        (datetime.date(2026, 10, 10), "make_up"),
        (datetime.date(2026, 10, 9), "half_day"),
    ],
    [2026],
)


def sessions(value: Any, day: datetime.date, *, follows: bool = True) -> list[str]:
    found = day_of(spans(value), day, NATIONAL_DAY, follows=follows)
    return [f"{begin:%H:%M}-{end:%H:%M}" for begin, end in found.sessions]


# --- what is typed --------------------------------------------------------------------------------
def test_typed_lines_are_stored_in_order_of_the_week() -> None:
    typed = [
        {"days": ["5", "1"], "from": "13:30", "until": "17:00"},
        {"days": ["1", "5"], "from": "9:00", "until": "12：00"},
    ]
    assert checked(typed) == [
        {"days": [1, 5], "from": "09:00", "until": "12:00"},
        {"days": [1, 5], "from": "13:30", "until": "17:00"},
    ]


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([{"days": [], "from": "09:00", "until": "12:00"}], "Tick"),
        ([{"days": [1], "from": "12:00", "until": "09:00"}], "before"),
        ([{"days": [1], "from": "09:00", "until": ""}], "beginning and an end"),
        ([{"days": [1], "from": "nine", "until": "12:00"}], "nine"),
        ([{"days": [8], "from": "09:00", "until": "12:00"}], "no opening hours"),
        ([MORNING, {"days": [3], "from": "11:30", "until": "13:00"}], "Wednesday"),
        ("always", "no opening hours"),
        ([MORNING] * (MOST_SPANS + 1), "At most"),
    ],
)
def test_wrong_lines_are_refused_with_a_reason(rows: Any, word: str) -> None:
    with override("en"), pytest.raises(ValidationError) as refused:
        checked(rows)
    assert word in " ".join(refused.value.messages)


def test_what_was_typed_comes_back_with_the_error() -> None:
    data = QueryDict("hours-0-days=1&hours-0-days=2&hours-0-from=12:00&hours-0-until=09:00")
    value = OpeningHoursInput().value_from_datadict(data, {}, "hours")
    with pytest.raises(ValidationError):
        OpeningHoursFormField().clean(value)
    html = OpeningHoursInput().render("hours", value, {"id": "id_hours"})
    assert 'value="12:00"' in html
    assert html.count("checked") == 2


def test_the_form_offers_empty_lines_below_what_is_filled_in() -> None:
    html = OpeningHoursInput().render("hours", [MORNING, AFTERNOON, SATURDAY], {"id": "id_hours"})
    assert html.count("<fieldset") == 4
    assert OpeningHoursFormField().has_changed([MORNING], [MORNING]) is False
    assert OpeningHoursFormField().has_changed([MORNING], [AFTERNOON]) is True


# --- what is told ---------------------------------------------------------------------------------
def test_a_week_is_told_in_as_few_lines_as_it_takes() -> None:
    with override("en"):
        lines = [(line.days, line.hours) for line in week_lines([AFTERNOON, SATURDAY, MORNING])]
    assert lines == [
        ("Monday to Friday", "09:00–12:00, 13:30–17:00"),
        ("Saturday", "09:00–12:00"),
    ]


def test_broken_stored_values_do_not_break_the_page() -> None:
    assert week_lines([{"days": "x"}, None, 3, MORNING])[0].hours == "09:00–12:00"
    assert week_lines("nonsense") == []


# --- days -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (8, ["09:00-12:00", "13:30-17:00"]),  # an ordinary Thursday after the holidays
        (1, []),  # National Day, a Thursday
        (3, []),  # the Saturday within the holidays: the Saturday hours do not hold
        (10, ["09:00-12:00", "13:30-17:00"]),  # a Saturday worked in place: hours of a weekday
        (9, ["09:00-12:00"]),  # half a day
        (17, ["09:00-12:00"]),  # an ordinary Saturday
        (18, []),  # Sunday
    ],
)
def test_the_work_calendar_decides(day: int, hours: list[str]) -> None:
    value = [MORNING, AFTERNOON, SATURDAY]
    assert sessions(value, datetime.date(2026, 10, day)) == hours


def test_a_place_that_does_not_follow_the_calendar_is_as_its_week_is() -> None:
    holiday = datetime.date(2026, 10, 1)
    assert sessions([MORNING], holiday, follows=False) == ["09:00-12:00"]


def test_a_year_without_a_notice_says_so() -> None:
    day = day_of(spans([MORNING]), datetime.date(2027, 1, 4), NATIONAL_DAY, follows=True)
    assert (day.sessions != (), day.is_known, day.why) == (True, False, None)
    holiday = day_of(spans([MORNING]), datetime.date(2026, 10, 1), NATIONAL_DAY, follows=True)
    assert (holiday.why, holiday.is_known) == (Why.HOLIDAY, True)
