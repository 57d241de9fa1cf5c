"""Polling real feeds: what comes into the queue, with which clock, and what is told of failures."""

import datetime
import os
import signal
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core.models import Clock
from portal.reposting.models import (
    DateFlag,
    ItemState,
    PollState,
    UpstreamItem,
    UpstreamSource,
)
from portal.reposting.services import polling
from portal.reposting.services.polling import LONGEST_PAUSE, poll, poll_due
from tests.core.test_concurrency import at_once
from tests.factories import World, make_world

from .factories import ago, mail_date, make_source
from .servers import Elsewhere, elsewhere, item, rss

pytestmark = pytest.mark.django_db
_MINUTE = datetime.timedelta(minutes=1)


def items() -> list[UpstreamItem]:
    return list(UpstreamItem.objects.order_by("pk"))


def test_an_item_is_in_the_queue_with_the_clock_of_its_source(
    world: World, other: Elsewhere
) -> None:
    """The must: published upstream, asked by the scheduled job, twelve hours from there."""
    source = make_source(world, other)
    published = ago(hours=2).replace(microsecond=0)
    other.says("/feed", rss(item("湖泊保护意见", guid="1", link="https://p.example/1",
                                 date=mail_date(published))))  # fmt: skip
    assert poll_due(world.site.pk) == 1
    (row,) = items()
    assert (row.state, row.title, row.link) == (
        ItemState.NEW,
        "湖泊保护意见",
        "https://p.example/1",
    )
    assert row.published_at == published
    assert row.clock is not None
    assert row.clock.started_at == published
    assert row.clock.due_at == published + datetime.timedelta(hours=12)
    source.refresh_from_db()
    assert source.state == PollState.WELL
    # Within its interval it is not asked again; then it is.
    assert poll_due(world.site.pk) == 0
    with time_machine.travel(timezone.now() + source.every_minutes * _MINUTE + _MINUTE, tick=True):
        other.says("/feed", rss(item("第二件", guid="2", date=mail_date(ago(minutes=3)))))
        assert poll_due(world.site.pk) == 1
    assert [row.title for row in items()] == ["湖泊保护意见", "第二件"]


def test_conditional_questions(world: World, other: Elsewhere) -> None:
    source = make_source(world, other)
    other.says(
        "/feed",
        rss(item("甲", guid="1")),
        ETag='"v1"',
        Last_Modified="Sat, 28 Nov 2026 01:30:00 GMT",
    )
    poll(source.pk)
    report = poll(source.pk)
    assert (report.new, report.known, report.problem) == (0, 0, "")
    assert other.asked[-1][2]["if-none-match"] == '"v1"'
    assert other.asked[-1][2]["if-modified-since"] == "Sat, 28 Nov 2026 01:30:00 GMT"
    source.refresh_from_db()
    assert source.state == PollState.WELL


@pytest.mark.parametrize(
    ("date", "flag"),
    [
        ("", DateFlag.MISSING),
        ("gestern", DateFlag.UNREADABLE),
        ("Sat, 28 Nov 2099 01:30:00 GMT", DateFlag.FUTURE),
        ("Sat, 28 Nov 1926 01:30:00 GMT", DateFlag.ANCIENT),
    ],
)
def test_wrong_dates_are_flagged_and_counted_from_now(
    world: World, other: Elsewhere, date: str, flag: str
) -> None:
    before = timezone.now()
    other.says("/feed", rss(item("甲", guid="1", date=date)))
    poll(make_source(world, other).pk)
    (row,) = items()
    assert row.date_flag == flag
    assert before <= row.published_at <= timezone.now()
    assert row.state == ItemState.NEW
    assert row.clock is not None


def test_what_was_published_long_before_is_set_aside_without_a_clock(
    world: World, other: Elsewhere
) -> None:
    source = make_source(world, other)
    rows = [
        item("旧", guid="1", date=mail_date(ago(days=40))),
        item("新", guid="2", date=mail_date(ago(hours=20))),
    ]
    other.says("/feed", rss(*rows))
    poll(source.pk)
    old, new = items()
    assert (old.state, old.clock, old.reason) == (
        ItemState.SET_ASIDE,
        None,
        UpstreamItem.BEFORE_WATCHED,
    )
    assert new.state == ItemState.NEW
    assert new.clock is not None


def test_only_wanted_items(world: World, other: Elsewhere) -> None:
    source = make_source(world, other, keywords="湖泊\n公交")
    other.says(
        "/feed",
        rss(
            item("湖泊保护", guid="1"),
            item("运动会", guid="2"),
            item("通知", guid="3", text="公交改线"),
        ),
    )
    report = poll(source.pk)
    assert (report.new, report.unwanted) == (2, 1)


def test_the_same_item_is_known_again(world: World, other: Elsewhere) -> None:
    """By its id; by its address where the id changes; by its title from another source."""
    source = make_source(world, other)
    other.says("/feed", rss(item("湖泊保护意见", guid="1", link="https://www.p.example/1")))
    poll(source.pk)
    poll(source.pk)
    other.says("/feed", rss(item("湖泊保护意见", guid="changed", link="http://p.example/1/")))
    assert poll(source.pk).new == 0
    second = make_source(world, other, name="市", feed_url=other.url("/second"))
    other.says("/second", rss(item("转载：湖泊保护意见 ", guid="x", link="https://city.example/9")))
    assert poll(second.pk).new == 1
    first, double = items()
    assert (double.state, double.same_as, double.reason) == (
        ItemState.SET_ASIDE,
        first,
        UpstreamItem.SAME_AS,
    )
    assert double.clock is None


def test_the_same_item_twice_in_one_feed(world: World, other: Elsewhere) -> None:
    other.says("/feed", rss(item("甲", guid="1"), item("甲", guid="1"), item("乙", guid="2")))
    assert poll(make_source(world, other).pk).new == 2


def test_another_site_has_its_own_items(world: World, other: Elsewhere) -> None:
    other.says("/feed", rss(item("甲", guid="1")))
    poll(make_source(world, other).pk)
    poll(make_source(world, other, site=world.hubin, column=None).pk)
    assert [(row.site_id, row.state) for row in items()] == [
        (world.site.pk, ItemState.NEW), (world.hubin.pk, ItemState.NEW),
    ]  # fmt: skip


def test_a_change_of_the_source_is_seen(world: World, other: Elsewhere) -> None:
    source = make_source(world, other)
    other.says("/feed", rss(item("甲", guid="1", text="第一稿")))
    poll(source.pk)
    other.says("/feed", rss(item("甲（修订）", guid="1", text="第二稿")))
    assert poll(source.pk).revised == 1
    (row,) = items()
    assert row.title == "甲（修订）"
    assert "第二稿" in row.html
    assert row.revised_at is not None


# --- failures -------------------------------------------------------------------------------------
def test_failures_are_told_and_asked_later_and_later(world: World, other: Elsewhere) -> None:
    source = make_source(world, other)
    pauses = []
    for _number in range(9):
        assert "status 404" in poll(source.pk).problem
        source.refresh_from_db()
        assert source.next_poll_at is not None
        assert source.polled_at is not None
        pauses.append(source.next_poll_at - source.polled_at)
    assert source.state == PollState.FAILING
    assert "status 404" in source.note
    assert pauses[:3] == [15 * _MINUTE, 30 * _MINUTE, 60 * _MINUTE]
    assert pauses[-1] == LONGEST_PAUSE
    other.says("/feed", rss(item("甲", guid="1")))
    poll(source.pk)
    source.refresh_from_db()
    assert (source.state, source.note, source.failures) == (PollState.WELL, "", 0)


def test_a_server_that_asks_for_patience_gets_it(world: World, other: Elsewhere) -> None:
    source = make_source(world, other)
    other.says("/feed", "", 503, Retry_After="7200")
    poll(source.pk)
    source.refresh_from_db()
    assert source.next_poll_at is not None
    assert source.next_poll_at - timezone.now() > datetime.timedelta(minutes=110)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<html></html>", "no RSS"),
        (b"", "empty"),
        (b"<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>", "entities"),
    ],
)
def test_what_is_no_feed_is_a_state_of_the_source(
    world: World, other: Elsewhere, body: bytes, told: str
) -> None:
    source = make_source(world, other)
    other.says("/feed", body)
    poll(source.pk)
    source.refresh_from_db()
    assert source.state == PollState.FAILING
    assert told in source.note
    assert items() == []


def test_a_feed_that_leads_inside_is_a_state_of_the_source(world: World, settings: Any) -> None:
    settings.PORTAL_INNER_HOSTS = []
    source = make_source(world, feed_url="http://127.0.0.1:1/feed")
    poll(source.pk)
    source.refresh_from_db()
    assert "private network" in source.note


def test_ten_thousand_items_are_taken_in_part(world: World, other: Elsewhere) -> None:
    """Few queries for what is known, and a state that says what was left out."""
    source = make_source(world, other)
    date = mail_date(ago(days=30))
    other.says("/feed", rss(*(item(f"第{n}号", guid=str(n), date=date) for n in range(10_000))))
    assert poll(source.pk).new == 500
    source.refresh_from_db()
    assert source.state == PollState.PARTLY
    assert "9500" in source.note
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert poll(source.pk).known == 500
    assert len(queries) < 20


def test_a_fault_with_one_source_holds_up_no_other(
    world: World, other: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = make_source(world, other)
    good = make_source(world, other, feed_url=other.url("/good"))
    other.says("/feed", rss(item("甲", guid="1")))
    other.says("/good", rss(item("乙", guid="2")))
    real = polling.read_feed

    def faulty(body: bytes, **told: Any) -> Any:
        if "甲" in body.decode():
            raise KeyError("x")
        return real(body, **told)

    monkeypatch.setattr(polling, "read_feed", faulty)
    poll_due(world.site.pk)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (PollState.FAILING, PollState.WELL)
    assert "KeyError" in bad.note
    assert bad.claimed_until is None


def test_an_inactive_source_is_not_asked(world: World, other: Elsewhere) -> None:
    make_source(world, other, is_active=False)
    assert poll_due(world.site.pk) == 0
    assert other.asked == []


# --- several processes, and one that dies ---------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_double_nothing(settings: Any) -> None:
    world = make_world()
    with elsewhere() as other:
        settings.PORTAL_INNER_HOSTS = [other.place]
        source = make_source(world, other)
        other.says("/feed", rss(*(item(f"第{n}号", guid=str(n)) for n in range(12))))
        assert at_once(*[lambda: poll(source.pk)] * 3) == []
    assert UpstreamItem.objects.count() == 12
    assert Clock.objects.filter(kind="reposting.repost").count() == 12


@pytest.mark.django_db(transaction=True)
def test_even_without_the_claim_the_table_holds_each_item_once(settings: Any) -> None:
    """The claim of a process that is slow runs out while it still works."""
    world = make_world()
    with elsewhere() as other:
        settings.PORTAL_INNER_HOSTS = [other.place]
        source = make_source(world, other)
        other.says("/feed", rss(*(item(f"第{n}号", guid=str(n)) for n in range(12))))

        def hurried() -> None:
            UpstreamSource.objects.filter(pk=source.pk).update(claimed_until=None)
            poll(source.pk)

        assert at_once(hurried, hurried) == []
    assert UpstreamItem.objects.count() == 12


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["fetched", "storing"])
def test_a_killed_process_loses_nothing(where: str, settings: Any) -> None:
    """Between the answer and the end of storing: the next one asks as if nothing had been."""
    world = make_world()
    with elsewhere() as other:
        settings.PORTAL_INNER_HOSTS = [other.place]
        source = make_source(world, other)
        other.says("/feed", rss(*(item(f"第{n}号", guid=str(n)) for n in range(5))), ETag='"v1"')
        connections.close_all()  # the child must not share it
        child = os.fork()
        if not child:
            if where == "fetched":
                polling._store = lambda *args: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
            else:
                real, calls = polling._add, 0

                def deadly(*args: Any) -> Any:
                    nonlocal calls
                    calls += 1
                    if calls == 4:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return real(*args)

                polling._add = deadly  # type: ignore[assignment]
            try:
                poll(source.pk)
            finally:
                os._exit(1)
        _pid, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status)
        assert UpstreamItem.objects.count() == 0
        source.refresh_from_db()
        assert source.etag == ""
        assert poll(source.pk).was_taken  # until its claim runs out
        with time_machine.travel(timezone.now() + polling.CLAIM + _MINUTE, tick=True):
            assert poll(source.pk).new == 5
