"""What is suggested, what never is, and how soon."""

import datetime
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portal.search.models import Document, Sequence
from portal.search.services import log
from portal.search.services.correcting import Corrections, corrections
from portal.search.services.suggesting import popular, suggest
from portal.search.suggestions import following, store
from tests.factories import ArticleFactory, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file")]

type Enter = Callable[..., Document]


@pytest.fixture
def enter() -> Enter:
    def enter(title: str, **facts: Any) -> Document:
        sequence, _made = Sequence.objects.get_or_create(pk=1)
        sequence.last += 1
        sequence.save()
        facts = {"kind": "service", "language": "zh-hans", "url": f"/{sequence.last}/", **facts}
        key = facts.pop("key", f"test:{sequence.last}")
        row, _made = Document.objects.update_or_create(
            key=key, defaults={"seq": sequence.last, "title": title, **facts}
        )
        following.follow()
        return row

    return enter


def texts(typed: str, site: int | None = None, language: str = "zh-hans") -> list[str]:
    return [found.text for found in suggest(typed, site=site, language=language)]


def sure(typed: str, site: int | None = None) -> str:
    return corrections(typed, site=site, language="zh-hans").sure


# --- how a name may be begun ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    ["住房", "公积金", "公积金 提取", "zhufang", "zfgjj", "gjjtq", "公jj", "gongjj", "住房gongji",
     "ZFGJJ", "ｚｆ", "公積金", "取公积", "qgjj", "公鸡金"],
)  # fmt: skip
def test_ways_to_begin(enter: Enter, typed: str) -> None:
    enter("住房公积金提取", aliases=["取公积金"])
    assert texts(typed) == ["住房公积金提取"]


@pytest.mark.parametrize(
    "typed", ["积金", "金提取", "xyz", "住房贷款", "提取住房", "   ", "。", ""]
)
def test_what_is_no_beginning(enter: Enter, typed: str) -> None:
    enter("住房公积金提取", aliases=["取公积金"])
    assert texts(typed) == []


@pytest.mark.parametrize(
    ("language", "title", "typed"),
    [
        ("en", "Residence permit: how to apply", "resid"),
        ("en", "Residence permit: how to apply", "Permit how"),
        ("fr", "Permis de séjour", "sej"),
        ("fr", "Permis de séjour", "SÉJ"),
        ("ru", "Ещё раз о налогах", "еще"),
        ("ko", "거주증 신청", "신청"),
        ("ja", "居住証の申請", "申請"),
        ("ja", "パスポート", "パス"),
        ("ar", "إقامة الأجانب", "اقامة"),
    ],
)
def test_other_languages(enter: Enter, language: str, title: str, typed: str) -> None:
    enter(title, language=language)
    assert texts(typed, language=language) == [title]
    assert texts(typed, language="zh-hans") == []
    assert texts("ermit" if language == "en" else "ьеь", language=language) == []


def test_what_was_typed_is_marked_and_the_rest_escaped(enter: Enter) -> None:
    enter("居住证<b>办理", aliases=["暂住&证"])
    first = suggest("jzz", site=None, language="zh-hans")[0]
    assert first.html == "<mark>居住证</mark>&lt;b&gt;办理"
    other = suggest("暂住", site=None, language="zh-hans")[0]
    assert other.text == "居住证<b>办理"
    assert other.html == (
        '居住证&lt;b&gt;办理 <span class="suggestion-name"><mark>暂住</mark>&amp;证</span>'
    )
    assert (first.kind, first.url) == ("service", "/1/")


def test_services_before_news_and_a_whole_name_first(enter: Enter) -> None:
    for number in range(30):
        enter(f"居住证工作会议第{number}次召开", kind="article")
    enter("居住证办理")
    enter("居住证", kind="policy")
    found = texts("居住证")
    assert found[:2] == ["居住证", "居住证办理"]
    assert len(found) == 8
    # Titles of news by their beginning alone, and not by letters.
    assert "召开" not in "".join(texts("工作会议")) + "".join(texts("jzzgz"))


def test_each_name_once(enter: Enter) -> None:
    enter("政务公开", kind="column")
    enter("政务公开", kind="column")
    enter("公开指南", aliases=["公开目录"])
    assert texts("公开") == ["公开指南", "政务公开"]
    assert texts("政务") == ["政务公开"]


# --- who sees what --------------------------------------------------------------------------------
def test_of_one_site_or_of_all(world: World, enter: Enter) -> None:
    main, hubin = world.site.pk, world.hubin.pk
    enter("教育局通知公告", site=main)
    enter("教育局办事指南", site=hubin)
    enter("教育局", site=None, kind="organisation")
    assert set(texts("教育局")) == {"教育局", "教育局通知公告", "教育局办事指南"}
    assert set(texts("教育局", site=main)) == {"教育局", "教育局通知公告"}
    assert set(texts("jyj", site=hubin)) == {"教育局", "教育局办事指南"}


def test_nothing_that_is_not_public(world: World, enter: Enter) -> None:
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    enter("机密居住证规定", public_from=now + hour)
    enter("过期居住证规定", public_until=now - hour)
    enter("撤回居住证规定", is_removed=True)
    for typed in ("居住证", "jzz", "机密", "过期", "撤回", "jm"):
        assert texts(typed) == []
    for typed in ("机密居主证规定", "过期居主证规定", "撤回居主证规定"):
        assert corrections(typed, site=None, language="zh-hans") == Corrections()
    # Nothing tells of it, but if anything did:
    enter("草稿居住证规定", page=ArticleFactory(parent=world.column, draft=True).pk)
    assert texts("草稿") == texts("居住证") == []


def test_what_is_withdrawn_goes_at_once_even_if_nothing_followed(
    world: World, enter: Enter
) -> None:
    page = ArticleFactory(parent=world.column)
    row = enter("居住证办理", page=page.pk)
    assert texts("居住") == ["居住证办理"]
    Document.objects.filter(pk=row.pk).update(is_removed=True)  # the file does not know yet
    assert texts("居住") == []
    Document.objects.filter(pk=row.pk).update(is_removed=False)
    page.live = False
    page.save(update_fields=["live"])
    assert texts("居住") == []


def test_a_changed_title_takes_the_place_of_the_old_one(enter: Enter) -> None:
    enter("居住证办理", key="page:1", aliases=["暂住证"])
    enter("居住卡办理", key="page:1", aliases=[])
    assert texts("居住") == ["居住卡办理"]
    assert texts("暂住") == texts("jzz") == []
    assert sure("居主证办理") == ""
    enter("居住卡办理", key="page:1", is_removed=True)
    file = store.reader()
    assert file is not None
    for table in ("document", "name", "start", "head", "word", "use", "mark"):
        assert file.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_the_clock_shows_and_hides(enter: Enter) -> None:
    begin = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
    day = datetime.timedelta(days=1)
    with time_machine.travel(begin, tick=False):
        enter("居住证办理", public_from=begin + day, public_until=begin + 3 * day)
        assert texts("居住") == []
    with time_machine.travel(begin + 2 * day, tick=False):
        assert following.follow() == 1
        assert texts("居住") == ["居住证办理"]
        assert sure("居主证办理") == "居住证办理"
    with time_machine.travel(begin + 4 * day, tick=False):
        # The query knows the hour, whether or not anything followed meanwhile.
        assert texts("居住") == []
        assert sure("居主证办理") == ""
        following.follow()
        assert following.follow() == 0


def test_words_are_of_the_site(enter: Enter) -> None:
    enter("居住证办理", site=1)
    assert sure("居主证办理", site=1) == "居住证办理"
    assert sure("居主证办理", site=2) == ""


# --- popular queries ------------------------------------------------------------------------------
def test_popular_queries_come_from_the_log_alone(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("公积金提取")
    looked_for = {(1, "zh-hans"): ("公积金怎么取", "公积金提取"), (None, "zh-hans"): ()}
    monkeypatch.setattr(
        log, "popular_queries", lambda *, site, language: looked_for[site, language]
    )
    following.follow_popular([(1, "zh-hans"), (None, "zh-hans")])
    assert popular(site=1, language="zh-hans") == ("公积金怎么取", "公积金提取")
    assert texts("公积金", site=1) == ["公积金提取", "公积金怎么取"]
    kinds = {found.kind for found in suggest("gjjz", site=1, language="zh-hans")}
    assert kinds == {"query"}
    # Fewer people looked for it, so it fell below the threshold.
    looked_for[1, "zh-hans"] = ()
    following.follow_popular([(1, "zh-hans")])
    assert texts("公积金怎", site=1) == []


def test_what_people_typed_is_nothing_to_correct_to(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("公积金提取")
    monkeypatch.setattr(log, "popular_queries", lambda **_place: ("张三丰落户",))
    following.follow_popular([(None, "zh-hans")])
    assert corrections("张三疯落户", site=None, language="zh-hans") == Corrections()


# --- the file -------------------------------------------------------------------------------------
def test_no_file_means_no_suggestions() -> None:
    assert texts("居住") == []
    assert corrections("居主证", site=None, language="zh-hans") == Corrections()


def test_a_damaged_file_costs_the_suggestions_alone(enter: Enter) -> None:
    enter("居住证办理")
    store.close_reader()
    store.path().write_bytes(b"no database at all " * 400)
    assert texts("居住") == []
    assert corrections("居主证", site=None, language="zh-hans") == Corrections()
    with pytest.raises(sqlite3.DatabaseError):
        following.follow()


def test_a_file_of_another_database_is_begun_anew(enter: Enter) -> None:
    enter("居住证办理")
    enter("居住证签注")
    Document.objects.all().delete()
    Sequence.objects.all().delete()
    enter("护照办理")
    assert texts("居住") == []
    assert texts("护照") == ["护照办理"]


def test_one_batch_that_fails_changes_nothing(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("居住证办理", key="page:1")

    def fail(*_arguments: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(following, "_add_words", fail)
        with pytest.raises(OSError, match="disk full"):
            enter("护照办理", key="page:1")
    assert texts("居住") == ["居住证办理"]
    following.follow()
    assert texts("护照") == ["护照办理"]


# --- English --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("residense permit", "residence permit"),
        ("resdence", "residence"),
        ("residence premit", "residence permit"),
        ("Residence perrmit", "residence permit"),
        ("residence permit", ""),
        ("taxi", ""),
    ],
)
def test_slips_in_english(enter: Enter, typed: str, meant: str) -> None:
    enter("Residence permit", language="en")
    found = corrections(typed, site=None, language="en")
    assert (found.offers[:1] or ("",))[0] == meant
