"""Memories step aside while a page is recorded, and the clock is told of once, the earliest."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from portal.core import structure
from portal.core.modes import Banner, Modes, Period
from portal.core.page_reads import (
    is_recorded,
    kept_for,
    next_midnight,
    page_holds_until,
    page_is_not_kept,
    page_reads_followed,
    page_today,
)
from tests.factories import World

NOW = datetime.datetime(2026, 12, 31, 15, 59, tzinfo=datetime.UTC)  # 23:59 in Shanghai
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def new_years_eve() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_the_earliest_moment_counts_and_what_is_over_says_nothing() -> None:
    with page_reads_followed() as reads:
        page_holds_until(None, NOW - HOUR, NOW + 3 * HOUR)
        page_holds_until(NOW + HOUR)
        page_holds_until(NOW + 2 * HOUR)
    assert reads.holds_until == NOW + HOUR


def test_a_moment_that_comes_while_the_page_is_rendered_counts(
    new_years_eve: Any,
) -> None:
    """What was read before it is in the page: the page is old when it is finished."""
    with page_reads_followed() as reads:
        comes = timezone.now() + datetime.timedelta(seconds=1)
        new_years_eve.shift(2)
        page_holds_until(comes)
    assert reads.holds_until == comes


def test_a_day_ends_at_midnight_of_the_portal() -> None:
    with page_reads_followed() as reads:
        assert page_today() == datetime.date(2026, 12, 31)
    assert reads.holds_until == NOW + datetime.timedelta(minutes=1) == next_midnight()


def test_outside_a_recording_nothing_is_noted() -> None:
    assert not is_recorded()
    page_holds_until(NOW + HOUR)
    page_is_not_kept("for no reason")
    assert page_today() == datetime.date(2026, 12, 31)
    with page_reads_followed() as reads:
        assert is_recorded()
    assert reads.holds_until is None
    assert reads.refused == ""


def test_the_first_reason_is_told() -> None:
    with page_reads_followed() as reads:
        page_is_not_kept("a form with a key")
        page_is_not_kept("another")
    assert reads.refused == "a form with a key"


# --- memories -------------------------------------------------------------------------------------
def test_what_the_cache_holds_is_made_anew_for_a_page() -> None:
    cache.set("tests:figures", "old", 60)
    made = iter(("new", "newer"))
    assert kept_for("tests:figures", 60, lambda: next(made)) == "old"
    with page_reads_followed():
        assert kept_for("tests:figures", 60, lambda: next(made)) == "new"
    assert kept_for("tests:figures", 60, lambda: next(made)) == "new"


def test_what_cost_nothing_is_remembered_too() -> None:
    """An empty list is an answer; it is not asked again and again."""
    made: list[list[int]] = []

    def make() -> list[int]:
        made.append([])
        return []

    for _ in range(3):
        assert kept_for("tests:nothing", 60, make) == []
    assert len(made) == 1


def test_the_structure_hands_a_page_only_what_was_made_for_it(world: World) -> None:
    found = structure.current()
    found.keep(("tests", "names"), "of before")
    found.keep_content_fragment(("tests", "list"), structure.content_token(), "of before")
    with page_reads_followed():
        assert found.kept(("tests", "names")) is None
        assert found.content_fragment(("tests", "list")) is None
        found.keep(("tests", "names"), "of now")
        found.keep_content_fragment(("tests", "list"), structure.content_token(), "of now")
        # Asked for again in the same page: made once.
        assert found.kept(("tests", "names")) == "of now"
        assert found.content_fragment(("tests", "list")) == "of now"
    with page_reads_followed():
        assert found.kept(("tests", "names")) is None
    assert found.kept(("tests", "names")) == "of now"
    assert found.content_fragment(("tests", "list")) == "of now"


# --- modes ----------------------------------------------------------------------------------------
def banner(period: Period) -> Banner:
    return Banner(1, "1", "red", period, {}, "", "", "", "", can_be_dismissed=False)


@pytest.mark.parametrize(
    ("sites", "expected"),
    [(None, NOW + HOUR), (frozenset({7}), NOW + HOUR), (frozenset({8}), None)],
)
def test_a_planned_banner_ends_the_pages_of_its_sites(
    sites: frozenset[int] | None, expected: datetime.datetime | None
) -> None:
    modes = Modes(banners=(banner(Period(sites, NOW + HOUR, NOW + 2 * HOUR)),))
    with page_reads_followed() as reads:
        assert modes.banners_of(7) == ()
    assert reads.holds_until == expected


def test_a_banner_that_stands_ends_with_its_end() -> None:
    modes = Modes(banners=(banner(Period(None, NOW - HOUR, NOW + 2 * HOUR)),))
    with page_reads_followed() as reads:
        assert len(modes.banners_of(7)) == 1
    assert reads.holds_until == NOW + 2 * HOUR
