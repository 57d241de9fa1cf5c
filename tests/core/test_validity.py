"""Validity follows the calendar and what other documents do: told once, shown everywhere."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError

from portal.core import lists, structure, validity
from portal.core.lists import Wanted
from portal.core.models import ListingRow, OutboxEvent, Publication, Standing
from portal.core.rich_text import PublicPageLinkHandler
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, World, publish

pytestmark = pytest.mark.django_db

START = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def at(days: float) -> time_machine.travel:
    return time_machine.travel(START + days * DAY, tick=False)


@pytest.fixture
def dates(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Gives articles a validity, which only policies have in earnest."""
    held: dict[str, Any] = {"from": START + DAY, "until": START + 3 * DAY}

    def standing(self: ArticlePage) -> Standing:
        now = datetime.datetime.now(tz=datetime.UTC)
        if held["from"] and now < held["from"]:
            return Standing.NOT_YET_EFFECTIVE
        ended = held["until"] and now >= held["until"]
        return Standing.REPEALED if ended else Standing.IN_FORCE

    monkeypatch.setattr(ArticlePage, "standing", standing)
    monkeypatch.setattr(
        ArticlePage, "validity_interval", lambda self: (held["from"], held["until"])
    )
    return held


@pytest.fixture
def article(world: World, dates: dict[str, Any]) -> ArticlePage:
    with at(0):
        page = publish(ArticleFactory(parent=world.column, draft=True, title="办法"))
    OutboxEvent.objects.all().delete()
    return page


def told() -> list[tuple[str, str]]:
    events = OutboxEvent.objects.filter(kind="page.validity")
    return [(event.key, event.payload["standing"]) for event in events]


def marks(page: ArticlePage) -> set[str]:
    return set(ListingRow.objects.filter(page=page).values_list("mark", flat=True))


def test_each_date_is_told_once(article: ArticlePage) -> None:
    """However often the clock runs; and what it says is what lists show."""
    seen = []
    for days in (0, 0.9, 1, 1, 2, 3, 3, 4):
        with at(days):
            validity.follow_calendar()
            seen.append((days, len(told()), marks(article)))
    early, none, over = {"not_yet_effective"}, {""}, {"repealed"}
    assert seen == [
        (0, 0, early), (0.9, 0, early), (1, 1, none), (1, 1, none), (2, 1, none),
        (3, 2, over), (3, 2, over), (4, 2, over),
    ]  # fmt: skip
    key = f"page:{article.pk}"
    assert told() == [(key, "in_force"), (key, "repealed")]


def test_a_clock_that_slept_tells_where_things_stand(article: ArticlePage) -> None:
    with at(10):
        assert validity.follow_calendar() == 1
        assert validity.follow_calendar() == 0
    assert told() == [(f"page:{article.pk}", "repealed")]


def test_a_crash_half_way_tells_it_with_the_next_run(
    article: ArticlePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any) -> None:
        raise DatabaseError("the disk is full")

    with at(1):
        with monkeypatch.context() as broken:
            broken.setattr("portal.core.listing.sync", crash)
            assert validity.follow_calendar() == 0
        assert told() == []
        assert marks(article) == {"not_yet_effective"}
        assert validity.follow_calendar() == 1
        assert (len(told()), marks(article)) == (1, {""})


def test_one_that_fails_holds_up_no_other(
    article: ArticlePage, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(0):
        other = publish(ArticleFactory(parent=world.column, draft=True, title="另一个"))
    real = ArticlePage.standing

    def fails_for_one(self: ArticlePage) -> Standing:
        if self.pk == article.pk:
            raise ValueError(self.pk)
        return real(self)

    monkeypatch.setattr(ArticlePage, "standing", fails_for_one)
    with at(1):
        assert validity.follow_calendar() == 1
    assert (f"page:{other.pk}", "in_force") in told()


def test_what_ends_at_once_is_told_at_once(article: ArticlePage, dates: dict[str, Any]) -> None:
    with at(2):
        validity.follow_calendar()
        dates["until"] = START + 2 * DAY
        token = structure.content_token()
        assert validity.follow_validity(article)
        assert not validity.follow_validity(article)
        assert structure.content_token() != token, "kept sections must be rendered anew"
        assert told()[-1] == (f"page:{article.pk}", "repealed")
        assert marks(article) == {"repealed"}
        assert not Publication.objects.current().filter(page=article).exists()
        assert Publication.objects.public().filter(page=article).exists()


def test_what_is_withdrawn_is_left_alone(article: ArticlePage) -> None:
    with at(0.5):
        article.unpublish()
    with at(1):
        assert validity.follow_calendar() == 0
        assert not validity.follow_validity(article)
    assert told() == []


def test_the_alias_in_another_column_follows(article: ArticlePage, world: World) -> None:
    with at(0):
        alias = article.create_alias(parent=world.hubin_column)
    with at(1):
        validity.follow_validity(article)
    assert marks(alias) == {""}
    assert Publication.objects.get(page=alias, closed=False).standing == "in_force"


def test_the_mark_is_shown_in_the_language_of_the_reader(
    article: ArticlePage, world: World
) -> None:
    [row] = lists.read_list(Wanted(world.column.pk, 5), structure.current(), "testserver")
    assert row.mark == str(Standing.NOT_YET_EFFECTIVE.label)


def test_a_link_in_a_text_carries_the_mark(article: ArticlePage, world: World) -> None:
    with at(4):
        validity.follow_calendar()
        plain = publish(ArticleFactory(parent=world.hubin_column, draft=True))
        ended, other = PublicPageLinkHandler.expand_db_attributes_many(
            [{"id": str(article.pk)}, {"id": str(world.column.pk)}]
        )
    assert f'<span class="mark">{Standing.REPEALED.label}</span>' in ended
    assert "mark" not in other
    assert plain.pk


def test_following_costs_the_same_however_much_is_public(
    article: ArticlePage, django_assert_max_num_queries: Any
) -> None:
    with at(0.5), django_assert_max_num_queries(1):
        validity.follow_calendar()
