"""The log: what is kept of a search, what never is, and what remains of it after a while."""

import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.search.models import BlockedWord, LoggedSearch, LogSalt, QueryDay
from portal.search.privacy import LONGEST_KEPT, holds_personal_data
from portal.search.services import log
from portal.search.services.changing import save_rule
from portal.search.services.contract import Outcome, Search
from portal.search.services.log_writer import LogWriter, Note, NotedClick
from portal.search.services.tallying import count_log, forget_log, tally
from tests.factories import World

TODAY = datetime.date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    log.writer.forget()
    yield
    log.writer.forget()


def searched(text: str, *, site: int | None = None, total: int = 3, visitor: str = "",
             language: str = "zh-hans", **more: Any) -> str:  # fmt: skip
    search = Search(text=text, language=language, site=site, **more)
    return log.note(search, Outcome(total=total), visitor=visitor)


# --- what is kept ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_search_waits_in_memory_and_is_written_behind(
    world: World, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        token = searched(" 居住证　办理 ", site=world.site.pk, visitor="someone")
        log.note_click(token, key="page:7", position=2)
    log.writer.flush()
    row = LoggedSearch.objects.get()
    assert (row.token, row.text, row.query, row.total) == (token, "居住证 办理", "居住证办理", 3)
    assert (row.site, row.clicked, row.clicked_key) == (world.site.pk, 2, "page:7")
    assert row.visitor not in ("", "someone")
    assert log.writer.waiting() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more",
    [
        {"page": 2},
        {"chosen": {"kind": ("policy",)}},
        {"since": TODAY},
        {"text": "   "},
        {"text": "？！"},
    ],
)
def test_going_on_with_a_search_is_no_search(world: World, more: dict[str, Any]) -> None:
    searched(**{"text": "居住证", **more})
    log.writer.flush()
    assert not LoggedSearch.objects.exists()


@pytest.mark.django_db
def test_what_was_blocked_is_not_kept(world: World) -> None:
    assert log.note(Search(text="赌场", language="zh-hans"), Outcome(how="blocked")) == ""


@pytest.mark.django_db
def test_both_scripts_are_one_query(world: World) -> None:
    searched("居住證")
    searched("居住證", language="zh-hant")
    searched("visa", language="en")
    log.writer.flush()
    rows = set(LoggedSearch.objects.values_list("language", "query"))
    assert rows == {("zh-hans", "居住证"), ("en", "visa")}


@pytest.mark.django_db
def test_of_several_clicks_the_first_counts_and_forged_ones_none(world: World) -> None:
    token = searched("居住证")
    log.note_click(token, key="page:7", position=2)
    log.note_click(token, key="page:8", position=1)
    for forged in ("", "short", "x" * 25, "0123456789abcdef"):
        log.note_click(forged, key="page:1", position=1)
    for place in (0, -1, 1_001):
        log.note_click(token, key="page:1", position=place)
    log.writer.flush()
    assert LoggedSearch.objects.get().clicked_key == "page:7"


@pytest.mark.django_db
def test_a_click_waits_for_the_search_that_another_process_writes(world: World) -> None:
    token = searched("居住证")
    noted, log.writer._notes = log.writer._notes, []
    log.note_click(token, key="page:7", position=1)
    log.writer.flush()
    assert log.writer.waiting() == 1
    log.writer._notes += noted
    log.writer.flush()
    log.writer.flush()
    assert LoggedSearch.objects.get().clicked == 1
    assert log.writer.waiting() == 0


@pytest.mark.django_db
def test_visitors_are_told_apart_within_a_day_and_no_longer(world: World) -> None:
    for visitor in ("a", "a", "b", ""):
        searched("居住证", visitor=visitor)
    log.writer.flush()
    kept = list(LoggedSearch.objects.values_list("visitor", flat=True))
    assert len(set(kept) - {""}) == 2
    day = timezone.localdate()
    count_log(today=day)
    assert QueryDay.objects.get().askers == 2
    assert LogSalt.objects.exists(), "the day goes on"
    count_log(today=day + datetime.timedelta(days=1))
    assert LogSalt.objects.exists(), "others read the day's searches in the night"
    forget_log(today=day + datetime.timedelta(days=1))
    assert set(LoggedSearch.objects.values_list("visitor", flat=True)) == {""}
    assert not LogSalt.objects.exists()
    row = QueryDay.objects.get()
    assert (row.searches, row.askers, row.empty, row.opened) == (4, 2, 0, 0)


# --- what never is --------------------------------------------------------------------------------
PERSONAL = [
    "330106199003077718", "身份证３３０１０６１９９００３０７７７１８", "13812345678 办到哪了",
    "138 1234 5678", "0571-87654321", "6222021234567890123", "zhangsan@qq.com", "浙A12345",
    "护照 E12345678", "LX20240517001234", "张伟", "郭小明 低保", "陈雪梅", "李四光", "欧阳修远",
    "王先生投诉",
]  # fmt: skip
ORDINARY = [
    "居住证", "公积金提取", "2024-2025学年校历", "云政发〔2024〕12号", "12345", "最低工资 2026",
    "上户口", "高龄津贴", "医保报销比例", "visa", "马路摊", "白内障手术补贴", "国务院令第722号", "金融",
    "谢谢", "周边停车", "安居房", "石油价格", "何时发放", "110", "gjj", "A股",
]  # fmt: skip


@pytest.mark.parametrize("text", PERSONAL)
def test_what_tells_of_a_person_is_not_kept(text: str) -> None:
    assert holds_personal_data(text, was_found=False)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_kept(text: str) -> None:
    assert not holds_personal_data(text, was_found=False)


def test_a_public_name_is_kept_when_it_finds_something() -> None:
    assert not holds_personal_data("李四光", was_found=True)
    assert holds_personal_data("李四光 13812345678", was_found=True)


@pytest.mark.django_db
@pytest.mark.parametrize("text", PERSONAL)
def test_it_does_not_reach_the_database(world: World, text: str) -> None:
    searched(text, total=0, visitor="v")
    log.writer.flush()
    assert not LoggedSearch.objects.exists()


@given(st.text(max_size=600))
def test_whatever_is_typed_is_looked_at(text: str) -> None:
    assert holds_personal_data(f"{text} 330106199003077718"[-500:], was_found=True)
    assert isinstance(holds_personal_data(text, was_found=False), bool)


@pytest.mark.django_db
def test_a_long_text_is_cut(world: World) -> None:
    searched("办理居住证需要什么材料" * 40)
    log.writer.flush()
    assert len(LoggedSearch.objects.get().text) == LONGEST_KEPT


# --- what remains ---------------------------------------------------------------------------------
def logged(text: str, day: datetime.date, **values: Any) -> None:
    LogSalt.objects.get_or_create(day=day, defaults={"salt": "s"})
    number = LoggedSearch.objects.count()
    LoggedSearch.objects.create(
        **{"token": f"token-{number:06}", "day": day, "site": 1, "language": "zh-hans",
           "query": text, "text": text, "how": "all_words", "total": 1, **values}
    )  # fmt: skip


@pytest.mark.django_db
def test_a_day_is_counted_once(db: None) -> None:
    logged("居住证", TODAY, visitor="a", clicked=3)
    logged("居住证", TODAY, visitor="b", clicked=1)
    logged("居住证", TODAY, visitor="b", total=0)
    logged("医保", TODAY)
    tally(TODAY)
    tally(TODAY)  # the visitors are gone: a second count would be wrong
    rows = {row.query: row for row in QueryDay.objects.all()}
    one = rows["居住证"]
    assert (one.searches, one.empty, one.opened, one.places, one.askers) == (3, 1, 2, 4, 2)
    assert rows["医保"].askers == 1


@pytest.mark.django_db
def test_single_searches_go_then_rare_words_then_all(db: None, settings: Any) -> None:
    settings.SEARCH_LOG_DAYS, settings.SEARCH_RARE_DAYS = 7, 90
    settings.SEARCH_STATISTICS_DAYS, settings.SEARCH_PRIVACY_THRESHOLD = 1_000, 5
    for visitor in "abcde":
        logged("居住证", TODAY, visitor=visitor)
    logged("稀罕事", TODAY, visitor="a", clicked=2)

    def on(days: int) -> set[tuple[str, int]]:
        forget_log(today=TODAY + datetime.timedelta(days=days))
        return set(QueryDay.objects.values_list("query", "searches"))

    assert on(7) == {("居住证", 5), ("稀罕事", 1)}
    assert LoggedSearch.objects.count() == 6
    assert on(8) == {("居住证", 5), ("稀罕事", 1)}
    assert not LoggedSearch.objects.exists()
    assert on(91) == on(1_000) == {("居住证", 5), ("", 1)}
    assert on(1_001) == {("", 6)}
    rest = QueryDay.objects.get()
    assert (rest.text, rest.askers, rest.opened, rest.places) == ("", 6, 1, 2)


# --- what others are shown ------------------------------------------------------------------------
def counted(text: str, askers: int, **values: Any) -> None:
    QueryDay.objects.create(
        **{"day": timezone.localdate() - datetime.timedelta(days=1), "site": 1, "text": text,
           "language": "zh-hans", "query": text, "searches": askers, "askers": askers, **values}
    )  # fmt: skip


@pytest.mark.django_db
def test_popular_is_what_many_looked_for_and_found(world: World, settings: Any) -> None:
    settings.SEARCH_PRIVACY_THRESHOLD = 5
    site = world.site.pk
    counted("居住证", 9, site=site)
    counted("医保", 7, site=site)
    counted("一个人很多次", 4, site=site, searches=500)
    counted("搜不到", 30, site=site, empty=30)
    counted("赌场大全", 50, site=site)
    counted("visa", 9, site=site, language="en")
    counted("别站", 9, site=world.gaoxin.pk)
    counted("去年", 90, site=site, day=timezone.localdate() - datetime.timedelta(days=300))
    save_rule(rule=BlockedWord(word="赌场"), by=None)
    cache.clear()
    assert log.popular_queries(site=site, language="zh-hans") == ("居住证", "医保")
    assert log.popular_queries(site=None, language="zh-hans", count=1) == ("居住证",)


# --- the writer -----------------------------------------------------------------------------------
def click(number: int) -> NotedClick:
    return NotedClick(str(number), "page:1", 1, 0.0)


def test_what_cannot_be_written_is_tried_again_in_its_order(settings: Any) -> None:
    settings.SEARCH_LOG_IN_BACKGROUND = False
    got: list[Note] = []
    is_down = True

    def write(notes: Any) -> list[Note]:
        if is_down:
            raise DatabaseError
        got.extend(notes)
        return []

    writer = LogWriter(write)
    writer.put(click(1))
    writer.flush()
    writer.put(click(2))
    is_down = False
    writer.flush()
    assert got == [click(1), click(2)]


def test_memory_is_bounded(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.SEARCH_LOG_IN_BACKGROUND = False
    got: list[Note] = []
    writer = LogWriter(lambda notes: got.extend(notes) or [])  # type: ignore[func-returns-value]
    for number in range(2_005):
        writer.put(click(number))
    writer.flush()
    assert len(got) == 2_000
    assert got[0] == click(5)
    assert "5 searches were not logged" in caplog.text


PROCESS = """
import os, sys, time
from django.conf import settings
settings.configure(SEARCH_LOG_IN_BACKGROUND=True, DATABASES={})
from portal.search.services.log_writer import LogWriter, NotedClick

def write(notes):
    with open(sys.argv[1], "a") as file:
        file.writelines(note.token + "\\n" for note in notes)
    return []

writer = LogWriter(write)
if sys.argv[2] == "fork":
    writer.put(NotedClick("parent", "", 1, 0.0))
    writer.flush()
    if os.fork():
        os.wait()
        os._exit(0)
for number in range(10):
    writer.put(NotedClick(str(number), "", 1, 0.0))
print("noted", flush=True)
if sys.argv[2] == "wait":
    time.sleep(60)
"""


def run(tmp_path: Path, how: str) -> tuple[subprocess.Popen[str], Path]:
    out = tmp_path / "written"
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(out), how],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "noted\n"
    return process, out


@pytest.mark.parametrize("how", ["stop", "fork"])
def test_nothing_is_lost_when_a_process_ends_in_good_order(tmp_path: Path, how: str) -> None:
    process, out = run(tmp_path, how)
    assert process.wait(timeout=30) == 0
    own = [line for line in out.read_text().split() if line != "parent"]
    assert own == [str(number) for number in range(10)]


def test_a_killed_process_loses_the_last_moments_alone(tmp_path: Path) -> None:
    process, out = run(tmp_path, "wait")
    ends = time.monotonic() + 20
    while not out.exists() and time.monotonic() < ends:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    assert len(out.read_text().split()) == 10
