"""Recurring tasks issue themselves, each once."""

import datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal.editorial.models import RecurringTask, UnitTask
from portal.editorial.services.recurring import following, issue_due

from .conftest import Office

FIRST = datetime.date(2026, 1, 31)
Every = RecurringTask.Every


@pytest.fixture
def monthly(office: Office) -> RecurringTask:
    row: RecurringTask = RecurringTask.objects.create(
        site=office.world.site, title="月度数据", wanted="主要指标", unit=office.bureau, person="周一",
        every=Every.MONTH, next_on=FIRST, made_by=office.editor, column=office.world.column,
    )  # fmt: skip
    return row


def on(day: datetime.date, office: Office) -> int:
    moment = datetime.datetime.combine(day, datetime.time(1), tzinfo=datetime.UTC)
    with time_machine.travel(moment, tick=False):
        return issue_due(office.world.site.pk)


def test_each_month_once_on_the_day_that_is_meant(office: Office, monthly: RecurringTask) -> None:
    assert on(FIRST - datetime.timedelta(days=1), office) == 0
    assert on(FIRST, office) == 1
    assert on(FIRST, office) == 0
    assert on(datetime.date(2026, 2, 28), office) == 1
    monthly.refresh_from_db()
    assert monthly.next_on == datetime.date(2026, 3, 31)
    assert set(UnitTask.objects.values_list("title", "template")) == {
        ("月度数据 (2026-01)", monthly.pk),
        ("月度数据 (2026-02)", monthly.pk),
    }


def test_after_a_long_break_one_is_issued(office: Office, monthly: RecurringTask) -> None:
    assert on(datetime.date(2026, 7, 3), office) == 1
    monthly.refresh_from_db()
    assert monthly.next_on == datetime.date(2026, 7, 31)


def test_stopped_ones_and_those_of_other_sites_are_not_issued(
    office: Office, monthly: RecurringTask
) -> None:
    assert issue_due(office.world.hubin.pk) == 0
    assert issue_due(None) == 0
    RecurringTask.objects.update(is_active=False)
    assert on(FIRST, office) == 0


def test_one_whose_author_may_no_longer_holds_up_no_other(
    office: Office, monthly: RecurringTask
) -> None:
    RecurringTask.objects.create(
        site=office.world.site, title="别的", wanted="x", unit=office.bureau, person="周一",
        every=Every.WEEK, next_on=FIRST - datetime.timedelta(days=1), made_by=office.officer,
    )  # fmt: skip
    assert on(FIRST, office) == 1
    assert UnitTask.objects.get().template == monthly


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 1, 1)), st.sampled_from(list(Every)))
def test_the_day_of_the_month_comes_back(first: datetime.date, every: Every) -> None:
    """Also after shorter months; and each is later than the one before."""
    day, anchor = first, first.day
    for _number in range(30):
        later = following(day, every, anchor)
        assert later > day
        if every == Every.WEEK:
            assert later.weekday() == first.weekday()
        else:
            last_of_month = (later + datetime.timedelta(days=1)).month != later.month
            assert later.day == anchor or (later.day < anchor and last_of_month)
        day = later
