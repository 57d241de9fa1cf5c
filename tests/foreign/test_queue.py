"""The order of the work, and the figures of a section."""

import datetime
import itertools

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core import structure
from portal.core.models import CalendarDay
from portal.foreign.models import CoreRule, PageTranslation
from portal.foreign.selectors.coverage import coverage, figures
from portal.foreign.selectors.queue import priority, queue
from portal.foreign.services.due import due_for
from tests.factories import World

from .board_rows import owed, section_of

Status = PageTranslation.Status
# A Wednesday.
NOW = datetime.datetime(2026, 3, 18, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def wednesday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_order_of_the_queue_is_that_of_the_formula(world: World) -> None:
    section = section_of(world)
    rows = {}
    cases = itertools.product((1, 4, 8), (0, 3, 40), (0, 2, 13), ((10, 0), (10, 9)))
    for harm, readers, days_ago, (segments, current) in cases:
        row = owed(
            section,
            world.column,
            days_ago=days_ago,
            harm=harm,
            readers=readers,
            segments=segments,
            current=current,
        )
        age = {0: 0, 2: 2, 13: 9}[days_ago]
        rows[row.pk] = harm * (1 + readers) * (age + (segments - current) / segments)
    found = queue(section)
    assert {place.pk: place.priority for place in found} == pytest.approx(rows)
    assert [place.priority for place in found] == sorted(rows.values(), reverse=True)


def test_age_is_counted_in_working_days_of_the_calendar(world: World) -> None:
    section = section_of(world)
    row = owed(section, world.column, days_ago=6)  # since Thursday
    assert [(place.pk, place.age) for place in queue(section)] == [(row.pk, 4)]
    CalendarDay.objects.create(date=datetime.date(2026, 3, 16), kind="holiday", name="停电")
    structure.touch()
    assert [place.age for place in queue(section)] == [3]


def test_of_equal_ones_that_with_the_earlier_day_comes_first(world: World) -> None:
    section = section_of(world)
    later = owed(section, world.column, days_ago=1, due=datetime.date(2026, 3, 30))
    without = owed(section, world.column, days_ago=1)
    sooner = owed(section, world.column, days_ago=1, due=datetime.date(2026, 3, 20))
    assert [place.pk for place in queue(section)] == [sooner.pk, later.pk, without.pk]


def test_what_is_up_to_date_is_not_in_the_queue_nor_what_another_section_owes(
    world: World,
) -> None:
    section = section_of(world)
    owed(section, world.column, status=Status.CURRENT)
    owed(section_of(world, "ja"), world.column)
    assert queue(section) == []


def test_days_overdue_are_working_days(world: World) -> None:
    section = section_of(world)
    owed(section, world.column, days_ago=20, due=datetime.date(2026, 3, 13))  # a Friday
    owed(section, world.column, days_ago=0, due=datetime.date(2026, 3, 18))
    assert [place.overdue_days for place in queue(section)] == [3, 0]


def test_a_page_without_any_text_yet_counts_as_wholly_to_do() -> None:
    assert priority(harm=2, readers=4, age=3, segments=0, current=0) == 2 * 5 * 4


def test_the_queue_is_read_in_one_query_however_long(world: World) -> None:
    section = section_of(world)
    for _number in range(5):
        owed(section, world.column, days_ago=3)
    with CaptureQueriesContext(connection) as captured:
        assert len(queue(section)) == 5
    assert sum("foreign_pagetranslation" in query["sql"] for query in captured) == 1


# --- coverage -------------------------------------------------------------------------------------
def test_coverage_is_the_mean_of_the_pages_shares(world: World) -> None:
    section = section_of(world)
    released = {"released_at": NOW, "segments": 4}
    owed(section, world.column, status=Status.CURRENT, current=4, **released)
    owed(section, world.column, status=Status.STALE, current=3, stale=1, words=30, **released)
    # In work again, but what is public is public.
    owed(section, world.column, status=Status.IN_WORK, current=2, stale=2, words=50, **released)
    # Translated and not released: nobody can read it.
    owed(section, world.column, status=Status.IN_REVIEW, segments=4, current=4)
    owed(section, world.column, status=Status.MISSING, words=200)
    assert coverage(section) == 45
    found = figures([section.pk])[section.pk]
    assert (found.pages, found.owed, found.words, found.stale_segments) == (5, 4, 280, 3)
    assert found.counts[Status.CURRENT] == 1


def test_coverage_is_a_hundred_only_when_all_is_current(world: World) -> None:
    section = section_of(world)
    for _number in range(3):
        owed(section, world.column, status=Status.CURRENT, segments=3, current=3, released_at=NOW)
    assert coverage(section) == 100
    owed(
        section, world.column, status=Status.STALE, segments=300, current=299, stale=1,
        released_at=NOW,
    )  # fmt: skip
    assert coverage(section) == 99


def test_a_section_that_owes_nothing_covers_nothing(world: World) -> None:
    assert coverage(section_of(world)) == 0


def test_overdue_is_what_is_owed_and_past_its_day(world: World) -> None:
    section = section_of(world)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    owed(section, world.column, due=yesterday)
    owed(section, world.column, due=timezone.localdate())
    owed(section, world.column, due=yesterday, status=Status.CURRENT)
    assert figures([section.pk])[section.pk].overdue == 1


# --- due ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lag_days", "due"),
    [
        (5, datetime.date(2026, 3, 25)),
        (1, datetime.date(2026, 3, 19)),
        (0, datetime.date(2026, 3, 18)),
    ],
    ids=["a week", "a day", "none"],
)
def test_the_due_day_is_so_many_working_days_on(
    world: World, lag_days: int, due: datetime.date
) -> None:
    assert due_for(CoreRule(site=world.site, lag_days=lag_days), NOW, world.site) == due


def test_no_allowance_ends_on_a_day_that_is_worked(world: World) -> None:
    saturday = NOW + datetime.timedelta(days=3)
    with time_machine.travel(saturday, tick=False):
        due = due_for(CoreRule(site=world.site, lag_days=0), saturday, world.site)
    assert due == datetime.date(2026, 3, 23)
