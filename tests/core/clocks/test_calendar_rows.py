"""A year of the calendar as people paste it: what is understood, and what is said of the rest."""

import datetime

import pytest
from django.utils.translation import override

from portal.core.clocks.calendar_rows import read_rows
from portal.core.models import CalendarDay

pytestmark = pytest.mark.django_db


def read(*rows: str) -> list[tuple[str, str, str, str]]:
    found = read_rows("\n".join(rows), year=2031, source="1号")
    assert found.problems == []
    return [(day.date.isoformat(), day.kind, day.name, day.source) for day in found.days]


def problems(*rows: str) -> list[str]:
    with override("en"):
        return read_rows("\n".join(rows), year=2031, source="1号").problems


def test_what_is_understood() -> None:
    rows = read(
        "date\tkind\tname\tsource",
        "2031-01-01\tholiday\t元旦\t",
        "2031/1/4\tmake_up\t元旦\t2号",
        "2031年3月7日\tHalf_Day",
        "2030-12-31\tholiday\t元旦",
    )
    assert rows == [
        ("2031-01-01", "holiday", "元旦", "1号"),
        ("2031-01-04", "make_up", "元旦", "2号"),
        ("2031-03-07", "half_day", "", "1号"),
        ("2030-12-31", "holiday", "元旦", "1号"),
    ]


def test_kinds_in_the_words_of_the_screen() -> None:
    with override("en"):
        assert read("2031-01-04\tMake-up working day")[0][1] == "make_up"


def test_every_problem_is_named_with_its_row() -> None:
    CalendarDay.objects.filter(date__year=2031).delete()
    assert problems(
        "2031-01-01\tholiday",
        "2031-02-30\tholiday",
        "2031-03-01\tfree",
        "2032-01-01\tholiday",
        "2031-01-01\tholiday",
        "2031-01-06\tmake_up",
        "2031-01-08\tholiday\t" + "长" * 61,
    ) == [
        "Row 2: “2031-02-30” is no date; write it as 2027-01-01.",
        "Row 3: “free” is no kind of day; there are: holiday, make-up working day, half working "
        "day (morning), working day.",
        "Row 4: 2032-01-01 does not lie in 2031.",
        "Row 5: This day stands in row 1 already.",
        "Row 6: 2031-01-06 is no Saturday or Sunday; it is worked anyway.",
        "Row 7: “" + "长" * 20 + "…” is longer than 60 characters.",
    ]


def test_days_that_are_there_are_not_overwritten() -> None:
    CalendarDay.objects.create(date=datetime.date(2031, 1, 1), kind="work")
    assert problems("2031-01-01\tholiday") == ["2031-01-01 is in the calendar already."]


@pytest.mark.parametrize("text", ["", "date\tkind"])
def test_nothing_is_no_calendar(text: str) -> None:
    assert problems(text) == ["There is no day in it."]
