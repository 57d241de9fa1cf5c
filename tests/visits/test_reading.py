"""The log becomes figures: exactly, once, whatever ends a reader, and a replay says so."""

import datetime
import io
import random
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from portal.core.models import PortalDocument, SiteRecord
from portal.visits.lines import hour_name
from portal.visits.models import Address, AddressDay, DayFigure, LogPosition
from portal.visits.selectors.reading import most_visited, of_pages
from portal.visits.services import reading
from portal.visits.services.reading import forget_log, read_log, read_portion
from portal.visits.services.replaying import CannotReplay, replay
from portal.visits.services.summing import day_and_hour
from tests.factories import ArticleFactory, ColumnFactory, World, publish
from tests.factories.languages import open_language
from tests.factories.worlds import SUB_SITE_HOST

from .traffic import MINUTE, line, random_lines, write_log

HOUR = MINUTE - MINUTE % 60
DAY = day_and_hour(HOUR)[0]


@pytest.fixture
def log(tmp_path: Path, settings: Any) -> Path:
    settings.VISITS_FOLDER = tmp_path / "visits"
    settings.VISITS_LOG_DAYS = 3000
    return tmp_path / "visits"


def total(**filters: Any) -> int:
    found = AddressDay.objects.filter(**filters).aggregate(all=Sum("views"))["all"]
    return found or 0


def figures(subject: str, site: int | None = None) -> dict[str, tuple[int, int]]:
    rows = DayFigure.objects.filter(subject=subject)
    if site is not None:
        rows = rows.filter(site=site)
    return {row.key: (row.views, row.entries) for row in rows}


# --- what stands where ----------------------------------------------------------------------------
def test_views_are_those_of_the_page_its_column_site_and_language(world: World, log: Path) -> None:
    article = ArticleFactory(parent=world.hubin_column, slug="shuiwei")
    path = f"/hubin/dongtai/{article.slug}/"
    write_log(log, [line(path), line(path, source="own"), line(f"/zh-hant{path}")])
    read_log()
    rows = AddressDay.objects.order_by("address__path")
    assert [(r.page_id, r.column, r.site, r.language, r.views, r.entries) for r in rows] == [
        (article.pk, world.hubin_column.pk, world.hubin.pk, "zh-hans", 2, 1),
        (article.pk, world.hubin_column.pk, world.hubin.pk, "zh-hans", 1, 1),
    ]
    assert figures("language") == {"zh-hans": (2, 1), "zh-hant": (1, 1)}
    assert figures("column") == {str(world.hubin_column.pk): (3, 2)}
    assert of_pages([article.pk, world.home.pk], days=3650) == {article.pk: 3}


def test_hosts_lists_programs_and_what_is_unknown_find_their_site(world: World, log: Path) -> None:
    write_log(
        log,
        [
            line("/dongtai/", host=SUB_SITE_HOST),
            line("/yaowen/page/3/"),
            line("/search/"),
            line("/hubin/yaowen-nothing/"),
            line("/", host="strange.example"),
        ],
    )
    read_log()
    found = {
        str(row.address): (row.site, row.page_id, row.column)
        for row in AddressDay.objects.select_related("address")
    }
    assert found == {
        f"{SUB_SITE_HOST}/dongtai/": (
            world.gaoxin.pk, world.gaoxin_column.pk, world.gaoxin_column.pk
        ),
        "testserver/yaowen/page/3/": (world.site.pk, world.column.pk, world.column.pk),
        "testserver/search/": (world.site.pk, None, 0),
        "testserver/hubin/yaowen-nothing/": (world.hubin.pk, None, world.hubin_home.pk),
        "strange.example/": (world.site.pk, world.home.pk, world.home.pk),
    }  # fmt: skip


def test_addresses_in_chinese_find_their_page(world: World, log: Path) -> None:
    column = ColumnFactory(parent=world.home, title="公告", slug="公告")
    write_log(log, [line("/%E5%85%AC%E5%91%8A/")])
    read_log()
    assert AddressDay.objects.get().page_id == column.pk


def test_files_count_apart_and_for_the_site_of_their_collection(
    provisioned_world: World, log: Path
) -> None:
    hubin = SiteRecord.objects.get(pk=provisioned_world.hubin.pk)
    document = PortalDocument.objects.create(title="表", file="a.pdf", collection=hubin.collection)
    write_log(log, [line(f"/documents/{document.pk}/a.pdf", kind="file"), line("/yaowen/")])
    read_log()
    row = AddressDay.objects.get(is_file=True)
    assert (row.site, row.page_id, row.address.is_file) == (hubin.pk, None, True)
    assert figures("files") == {"": (1, 1)}
    assert figures("hour", hubin.pk) == {}
    assert [one[0] for one in most_visited(site=None, days=3650, limit=9)] == ["testserver/yaowen/"]


def test_a_page_that_moves_or_goes_keeps_its_figures(world: World, log: Path) -> None:
    article = ArticleFactory(parent=world.column, slug="lao")
    write_log(log, [line("/yaowen/lao/")] * 3)
    read_log()
    publish(article, slug="xin")
    day_later = HOUR + 24 * 60
    write_log(log, [line("/yaowen/lao/", minute=day_later), line("/yaowen/xin/", minute=day_later)])
    read_log()
    assert of_pages([article.pk], days=3650) == {article.pk: 5}
    pk = article.pk
    type(article).objects.get(pk=pk).delete()
    third = HOUR + 48 * 60
    write_log(log, [line("/yaowen/xin/", minute=third)])
    read_log()
    assert of_pages([pk], days=3650) == {pk: 6}
    for day in (0, 1, 2):
        assert replay(DAY + datetime.timedelta(days=day)).differences == ()


def test_days_and_hours_are_those_of_the_city(world: World, log: Path) -> None:
    # 15:59 and 16:00 UTC: one minute before midnight in Shanghai, and midnight.
    midnight = 24 * 60 * 20_000 + 16 * 60
    write_log(log, [line(minute=midnight - 1)])
    write_log(log, [line(minute=midnight)])
    read_log()
    rows = DayFigure.objects.filter(subject="hour").order_by("day")
    assert [(row.day.isoformat(), row.key) for row in rows] == [
        ("2024-10-04", "23"), ("2024-10-05", "00"),
    ]  # fmt: skip


# --- once and exactly -----------------------------------------------------------------------------
def test_reading_again_counts_nothing_twice(world: World, log: Path) -> None:
    lines = [line("/yaowen/")] * 5 + [line("/")]
    write_log(log, lines)
    assert read_log().lines == 6
    assert read_log().lines == 0
    write_log(log, [line("/")])
    assert read_log().lines == 1
    assert (total(), AddressDay.objects.count()) == (7, 2)


def test_half_a_line_waits_for_its_rest_and_one_that_is_none_is_told(
    world: World, log: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_log(log, [line("/")])
    whole = line("/yaowen/").text()
    with path.open("a") as stream:
        stream.write(whole[:20])
    assert read_log().lines == 1
    with path.open("a") as stream:
        stream.write(
            whole[20:] + "what is this\n" + "2026-13-45T99:99Z\ta\t/\t200\tpage\town\t\tphone\n"
        )
    found = read_log()
    assert (found.lines, found.unreadable) == (1, 2)
    assert "2 lines of the log of visits could not be read" in caplog.text


class Killed(BaseException):
    pass


def test_a_reader_that_is_killed_anywhere_counts_all_and_nothing_twice(
    world: World, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random logs, killed before, between and behind the writings of a portion, with a replay of
    each day and a count of our own at the end."""
    monkeypatch.setattr(reading, "PORTION", 3_000)
    paths = ["/", "/yaowen/", "/hubin/", "/search/", "/documents/7/a.pdf", "/gone/"]
    chance, expected, days = random.Random(7), 0, set()
    for hour in range(0, 60, 7):
        for process in range(2):
            lines = random_lines(90, seed=hour + process, minute=HOUR + hour * 60, paths=paths)
            write_log(log, lines, name=f"{process}-x")
            expected += len(lines)
            days.add(day_and_hour(HOUR + hour * 60)[0])
    steps = ["_addresses", "_rows_of", "places_of", "_add_figures"]
    kills = 0
    for _ in range(400):
        step = chance.choice(steps)
        real = getattr(reading, step)
        behind = chance.random() < 0.5

        def killed(*args: Any, real: Any = real, behind: bool = behind) -> Any:
            if behind:
                real(*args)
            raise Killed

        if chance.random() < 0.6:
            with monkeypatch.context() as patch:
                patch.setattr(reading, step, killed)
                try:
                    read_log()
                except Killed:
                    kills += 1
        else:
            files = [
                path
                for path in reading.log_files(log)
                if path.stat().st_size
                > dict(LogPosition.objects.values_list("name", "offset")).get(path.name, 0)
            ]
            if not files:
                break
            read_portion(chance.choice(files))
    assert kills > 20
    read_log()
    assert total() == expected
    devices = DayFigure.objects.filter(subject="device").aggregate(all=Sum("views"))
    assert devices["all"] == total(is_file=False) < expected
    assert len(days) > 2
    for day in days:
        found = replay(day)
        assert (found.differences, found.uncounted_bytes) == ((), 0)
        assert found.views == total(day=day)
        assert found.lines == found.views


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_take_turns(log: Path, world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    for hour in range(6):
        minute = HOUR + hour * 60
        write_log(log, random_lines(200, seed=hour, minute=minute, paths=["/", "/yaowen/", "/a/"]))

    def read(_number: int) -> int:
        try:
            return read_log().lines
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        counted = sum(pool.map(read, range(3)))
    assert counted == total() == 1200


def test_a_replay_finds_what_differs(world: World, log: Path) -> None:
    write_log(log, [line("/yaowen/"), line("/", source="own")])
    read_log()
    assert replay(DAY).differences == ()
    row = AddressDay.objects.get(address__path="/yaowen/")
    AddressDay.objects.filter(pk=row.pk).update(views=4)
    DayFigure.objects.filter(subject="device").delete()
    found = replay(DAY).differences
    assert [(one.what, one.log, one.stored) for one in found] == [
        ("testserver/yaowen/", (1, 1), (4, 1)),
        (f"{world.site.pk} device desktop", (2, 1), (0, 0)),
    ]


def test_a_replay_says_when_it_cannot_know(world: World, log: Path, settings: Any) -> None:
    DayFigure.objects.create(day=DAY, subject="hour", key="10", views=3, is_invented=True)
    with pytest.raises(CannotReplay, match="invented"):
        replay(DAY)
    settings.VISITS_LOG_DAYS = 1
    with pytest.raises(CannotReplay, match="kept no more"):
        replay(DAY - datetime.timedelta(days=3))


def test_a_portion_takes_few_queries_whatever_it_holds(world: World, log: Path) -> None:
    ArticleFactory(parent=world.column, slug="a1")
    path = write_log(log, [line("/yaowen/"), line("/")])
    read_portion(path)
    few = _queries_of_a_portion(log, 3, name="few")
    many = _queries_of_a_portion(log, 300, name="many")
    assert many <= few + 1
    assert many < 30


def _queries_of_a_portion(log: Path, number: int, *, name: str) -> int:
    path = write_log(log, [line(f"/yaowen/{name}-{one}/") for one in range(number)], name=name)
    with CaptureQueriesContext(connection) as captured:
        read_portion(path)
    return len(captured)


# --- the log goes ---------------------------------------------------------------------------------
def test_old_logs_are_deleted_when_they_are_counted_and_the_figures_stay(
    world: World, log: Path, settings: Any
) -> None:
    settings.VISITS_LOG_DAYS = 30
    now = datetime.datetime.fromtimestamp((HOUR + 31 * 24 * 60) * 60, datetime.UTC)
    old = write_log(log, [line("/yaowen/")])
    young = write_log(log, [line("/yaowen/", minute=HOUR + 5 * 24 * 60)])
    (log / "nginx-abc.json").write_text("{}")
    assert forget_log(now=now) == 1
    assert not old.exists()
    assert young.exists()
    assert (log / "nginx-abc.json").exists()
    assert total() == 2
    read_log()
    assert total() == 2


def test_what_the_tables_hold_is_about_addresses_and_not_about_people(
    world: World, log: Path
) -> None:
    write_log(log, [line("/yaowen/", source="other", referrer="news.example")])
    read_log()
    columns = {
        field.name for model in (Address, AddressDay, DayFigure) for field in model._meta.fields
    }
    assert columns == {
        "id", "host", "path", "is_file", "day", "address", "site", "page", "column", "language",
        "form", "views", "entries", "subject", "key", "is_invented",
    }  # fmt: skip
    assert figures("source") == {"other:news.example": (1, 1)}


# --- the command ----------------------------------------------------------------------------------
def test_the_command_counts_and_replays(world: World, log: Path) -> None:
    write_log(log, [line("/yaowen/")] * 3)
    said = io.StringIO()
    call_command("read_visits", stdout=said)
    assert "3 lines of 1 files counted" in said.getvalue()
    call_command("read_visits", "--replay", DAY.isoformat(), stdout=said)
    assert "equal the log" in said.getvalue()
    AddressDay.objects.update(views=9)
    with pytest.raises(CommandError, match="differ"):
        call_command("read_visits", "--replay", DAY.isoformat(), stdout=said)
    assert "log (3, 3), stored (9, 3)" in said.getvalue()


def test_foreign_trees_are_languages_of_their_own(world: World, log: Path) -> None:
    home = open_language(world.site)
    write_log(log, [line("/en/")])
    read_log()
    row = AddressDay.objects.get()
    assert (row.page_id, row.language) == (home.pk, "en")
    assert hour_name(HOUR) in LogPosition.objects.exclude(name="").get().name
