"""Readers are counted without knowing them; the queue learns from it."""

import datetime
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.foreign import readers
from portal.foreign.models import PageTranslation, ReaderCount
from portal.foreign.readers import ReaderCounter
from portal.foreign.services.readers import add_views, refresh_readers
from portal.testing import disable_plugin
from tests.factories import World

from .board_rows import owed, section_of
from .factories import Section

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TODAY = datetime.date(2026, 3, 18)


@pytest.fixture(autouse=True)
def counter(monkeypatch: pytest.MonkeyPatch) -> ReaderCounter:
    fresh = ReaderCounter()
    monkeypatch.setattr("portal.foreign.board_hooks.counter", fresh)
    return fresh


def request(**headers: str) -> Any:
    return RequestFactory().get("/", headers={"user-agent": BROWSER} | headers)


# --- who counts -----------------------------------------------------------------------------------
def test_a_visit_counts_one_for_its_page_and_day(english: Section, counter: ReaderCounter) -> None:
    client = Client(headers={"user-agent": BROWSER})
    for _number in range(3):
        assert client.get(english.article.get_url()).status_code == 200
    assert counter.take() == {(english.article.pk, timezone.localdate()): 3}


def test_counting_asks_the_database_for_nothing(english: Section, counter: ReaderCounter) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert counter.see(request(), english.article.pk)
    assert len(captured) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"},
        {"user-agent": "curl/8.5"},
        {"user-agent": ""},
        {"sec-purpose": "prefetch;prerender"},
        {"cookie": "sessionid=an-editor"},
    ],
    ids=["robot", "program", "nameless", "prefetch", "editor"],
)
def test_what_is_no_reader_does_not_count(
    headers: dict[str, str], counter: ReaderCounter, settings: Any
) -> None:
    settings.SESSION_COOKIE_NAME = "sessionid"
    assert not counter.see(request(**headers), 1)
    assert counter.take() == {}


def test_asking_for_the_head_only_does_not_count(counter: ReaderCounter) -> None:
    assert not counter.see(RequestFactory().head("/", headers={"user-agent": BROWSER}), 1)


def test_where_the_plugin_is_off_nothing_is_counted(
    english: Section, counter: ReaderCounter
) -> None:
    with disable_plugin("foreign"):
        Client(headers={"user-agent": BROWSER}).get(english.article.get_url())
    assert counter.take() == {}


def test_threads_lose_no_view(counter: ReaderCounter) -> None:
    asked = request()
    threads = [
        threading.Thread(target=lambda: [counter.see(asked, 7) for _n in range(500)])
        for _number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counter.take().values()) == 2000


def test_memory_is_bounded(counter: ReaderCounter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "LARGEST", 3)
    assert [counter.see(request(), pk) for pk in range(5)] == [True] * 3 + [False] * 2
    assert counter.see(request(), 0)


def test_what_could_not_be_written_is_kept_for_the_next_time(
    counter: ReaderCounter, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(_counts: object) -> None:
        raise OperationalError("database is locked")

    counter.see(request(), 7)
    counter.write(locked)
    counter.see(request(), 7)
    assert "could not be written" in caplog.text
    assert list(counter.take().values()) == [2]


# --- writing --------------------------------------------------------------------------------------
def test_views_add_up_and_only_those_of_core_pages_are_kept(world: World) -> None:
    row = owed(section_of(world), world.column)
    add_views({(row.source_id, TODAY): 2, (world.home.pk, TODAY): 9})
    add_views({(row.source_id, TODAY): 3})
    assert list(ReaderCount.objects.values_list("page", "day", "views")) == [
        (row.source_id, TODAY, 5)
    ]


def test_views_of_a_page_that_is_gone_are_dropped(world: World) -> None:
    assert add_views({(999_999, TODAY): 2}) == 0


# --- what the queue makes of it -------------------------------------------------------------------
def test_a_public_page_has_its_own_readers_and_a_missing_one_its_share_of_the_chinese(
    english: Section, world: World
) -> None:
    today = timezone.localdate()
    public = owed(
        english.row,
        english.source,
        target=english.living.page,
        released_at=timezone.now(),
        status=PageTranslation.Status.STALE,
    )
    missing = owed(english.row, english.source)
    add_views(
        {
            (public.source_id, today): 100,
            (english.living.page_id, today): 20,
            (missing.source_id, today): 50,
            # Too long ago.
            (missing.source_id, today - datetime.timedelta(days=90)): 1000,
        }
    )
    refresh_readers(world.site.pk)
    public.refresh_from_db()
    missing.refresh_from_db()
    assert (public.readers, missing.readers) == (20, 10)


def test_numbers_older_than_a_year_and_a_bit_are_forgotten(world: World) -> None:
    row = owed(section_of(world), world.column)
    today = timezone.localdate()
    add_views({(row.source_id, today - datetime.timedelta(days=401)): 1, (row.source_id, today): 1})
    refresh_readers(world.site.pk)
    assert ReaderCount.objects.get().day == today


def test_readers_of_another_site_are_left_alone(world: World) -> None:
    row = owed(section_of(world), world.column, readers=5)
    refresh_readers(world.hubin.pk)
    row.refresh_from_db()
    assert row.readers == 5


def test_the_counter_of_visits_is_asked_where_it_saw_more(english: Section, world: World) -> None:
    """Pages from a store in front of Django are seen by it alone."""
    from portal.visits.models import Address, AddressDay

    today = timezone.localdate()
    public = owed(
        english.row,
        english.source,
        target=english.living.page,
        released_at=timezone.now(),
        status=PageTranslation.Status.STALE,
    )
    add_views({(public.source_id, today): 100, (english.living.page_id, today): 20})
    for page, views in ((english.living.page_id, 70), (public.source_id, 90)):
        AddressDay.objects.create(
            day=today,
            address=Address.objects.create(host="testserver", path=f"/{page}/"),
            page_id=page,
            views=views,
        )
    refresh_readers(world.site.pk)
    public.refresh_from_db()
    assert public.readers == 70
    with disable_plugin("visits"):
        refresh_readers(world.site.pk)
    public.refresh_from_db()
    assert public.readers == 20


def test_the_queue_goes_on_where_the_counter_of_visits_fails(
    english: Section,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no figures")

    settings.PORTAL_PLUGIN_ERRORS_RAISE = False
    monkeypatch.setattr("portal.visits.selectors.reading.of_pages", failing)
    row = owed(
        english.row, english.source, target=english.living.page, released_at=timezone.now(),
        status=PageTranslation.Status.STALE,
    )  # fmt: skip
    add_views({(english.living.page_id, timezone.localdate()): 20})
    refresh_readers(world.site.pk)
    row.refresh_from_db()
    assert row.readers == 20
    assert "own counts are used alone" in caplog.text
