"""From the queue to the public, with the clock; the text beside its source; who may not."""

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Page

from portal.core import outbox
from portal.core.gate import problems_of
from portal.core.models import Clock
from portal.pages.models import ArticlePage
from portal.reposting.comparing import compare
from portal.reposting.follower import RepostFollower
from portal.reposting.main_text import page_html, plain_lines
from portal.reposting.models import (
    ItemState,
    RepostWatch,
    UpstreamItem,
    WatchState,
)
from portal.reposting.selectors.items import missed, speeds
from portal.reposting.services import queue, watching
from portal.reposting.services.errors import RepostingError
from portal.reposting.services.polling import poll_due
from tests.bundles.factories import Staff
from tests.factories import World, handed_in, member, publish, reviewed

from .factories import PAGE, TEXT, ago, one_item
from .servers import Elsewhere

pytestmark = pytest.mark.django_db


def follow() -> None:
    reports = outbox.run_consumers([RepostFollower()])
    assert [report.error for report in reports] == [""]


def drafted(world: World, other: Elsewhere, by: Any) -> tuple[UpstreamItem, ArticlePage]:
    row = one_item(world, other)
    made = queue.make_draft(item_pk=row.pk, column=world.column, by=by)
    row.refresh_from_db()
    return row, made.page


# --- the main text of a page ----------------------------------------------------------------------
def test_the_main_text_of_a_page_without_what_is_around() -> None:
    html = page_html(PAGE.format(text=TEXT).encode(), "text/html", "https://p.example/a/1.html")
    lines = plain_lines(html)
    assert lines[0] == TEXT
    assert len(lines) == 3
    assert "alert" not in html
    assert 'href="https://p.example/annex.pdf"' in html


def test_a_page_without_known_names_gives_its_densest_part() -> None:
    body = "".join(f"<p>第{n}条 各市、县人民政府应当加强湖泊保护，落实责任。</p>" for n in range(6))
    page = (f'<html><head><meta charset="gbk"></head><body><div class="nav"><a href="/">{"首页要闻" * 30}</a></div>'
            f'<div><div id="left"><ul><li><a href="/1">{"相关链接" * 40}</a></li></ul></div><div id="x">{body}</div></div>'
            "</body></html>")  # fmt: skip
    lines = plain_lines(page_html(page.encode("gbk"), "text/html", "https://p.example/"))
    assert len(lines) == 6
    assert "首页要闻" not in "".join(lines)


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"<div>" * 5000, b"<p>" * 20_000 + b"x", b"\0" * 100]
)
def test_any_page_gives_some_text_or_none(body: bytes) -> None:
    assert isinstance(page_html(body, "text/html; charset=utf-16", "https://[bad"), str)


# --- comparing ------------------------------------------------------------------------------------
def test_comparing_says_how_much_is_the_same() -> None:
    source = ["第一条 到2028年达到三类以上。", "第二条 每月公布一次。", "第三条 自发布之日起施行。"]
    assert compare(source, source).is_same
    assert compare(
        source, ["第一条　到2028年达到三类以上｡".replace("｡", "。"), *source[1:]]
    ).is_same
    found = compare(source, [source[0].replace("2028", "2030"), source[1], "编者按"])
    assert 500 < found.score < 1000
    assert [row.kind for row in found.rows] == ["changed", "same", "changed"]
    assert [piece.text for piece in found.rows[0].source if piece.is_different] == ["28"]
    assert [row.kind for row in compare(source, source[:2]).rows] == ["same", "same", "missing"]
    assert [row.kind for row in compare(source[:2], source).rows] == ["same", "same", "added"]
    assert compare(source, []).score == 0
    assert compare(["甲" * 100_000], ["甲" * 99_999 + "乙"]).score < 1000
    long = [f"{n}甲乙丙丁" * 500 for n in range(400)]
    other = [f"{n}丁丙乙甲" * 500 for n in range(400)]
    assert {row.kind for row in compare(long, other).rows} == {"changed"}


# --- the way of an item ---------------------------------------------------------------------------
def test_somebody_takes_it_and_others_see_that(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    row = one_item(provisioned_world, other)
    queue.take(item_pk=row.pk, by=staff.editor)
    colleague = member("editor", provisioned_world.site)
    with pytest.raises(RepostingError, match="taken this already"):
        queue.take(item_pk=row.pk, by=colleague)
    with pytest.raises(RepostingError, match="taken this already"):
        queue.make_draft(item_pk=row.pk, column=provisioned_world.column, by=colleague)
    assert queue.give_back(item_pk=row.pk, by=staff.editor).state == ItemState.NEW
    assert queue.take(item_pk=row.pk, by=colleague).taken_by == colleague


def test_several_are_set_aside_with_a_reason_and_their_clocks_end(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    row = one_item(provisioned_world, other)
    with pytest.raises(RepostingError, match="Say why"):
        queue.set_aside(item_pks=[row.pk], reason=" ", by=staff.editor)
    assert queue.set_aside(item_pks=[row.pk], reason="活动信息", by=staff.editor) == 1
    row.refresh_from_db()
    assert (row.state, row.reason) == (ItemState.SET_ASIDE, "活动信息")
    assert row.clock is not None
    assert row.clock.state == Clock.State.STOPPED
    again = queue.take(item_pk=row.pk, by=staff.editor)
    assert again.clock is not None
    assert again.clock.state == Clock.State.RUNNING
    assert again.clock.started_at == row.published_at


def test_the_draft_is_the_text_of_the_source_word_for_word(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    row, page = drafted(provisioned_world, other, staff.editor)
    assert (row.state, row.page_id) == (ItemState.DRAFTED, page.pk)
    draft = page.get_latest_revision_as_object()
    assert (draft.title, draft.source, draft.source_url) == (
        "关于加强湖泊保护的意见", "云岭省人民政府网", other.url("/a/1.html"),
    )  # fmt: skip
    assert draft.date == row.published_at
    assert not Page.objects.get(pk=page.pk).live
    watch = RepostWatch.objects.get(page=page.pk)
    assert watching.compared(watch).is_same
    with pytest.raises(RepostingError, match="a draft of this already"):
        queue.make_draft(item_pk=row.pk, column=provisioned_world.column, by=staff.editor)


def test_a_page_that_cannot_be_read_gives_the_text_of_the_feed(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    row = one_item(provisioned_world, other)
    other.says("/a/1.html", b"", 500)
    made = queue.make_draft(item_pk=row.pk, column=provisioned_world.column, by=staff.editor)
    assert "status 500" in made.note
    assert "正文" in str(made.page.body)


def test_columns_of_others_are_refused(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    world = provisioned_world
    row = one_item(world, other)
    with pytest.raises(RepostingError, match="another site"):
        queue.make_draft(item_pk=row.pk, column=world.hubin_column, by=staff.editor)
    with pytest.raises(RepostingError, match="not write"):
        queue.make_draft(item_pk=row.pk, column=world.column, by=staff.reviewer)
    assert not ArticlePage.objects.filter(title=row.title).exists()


def test_the_usual_reviews_end_the_clock_and_note_the_minutes(
    provisioned_world: World, other: Elsewhere, staff: Staff, reviews_demanded: None
) -> None:
    row, page = drafted(provisioned_world, other, staff.editor)
    follow()
    row.refresh_from_db()
    assert row.state == ItemState.DRAFTED
    handed_in(page, staff.editor)
    reviewed(page, provisioned_world.site)
    follow()
    follow()
    row.refresh_from_db()
    assert row.state == ItemState.PUBLISHED
    assert row.minutes is not None
    assert 60 <= row.minutes <= 70
    assert row.in_time is True
    assert row.clock is not None
    assert row.clock.state == Clock.State.STOPPED


def test_what_is_public_too_late_is_late_in_the_report(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    world = provisioned_world
    row, page = drafted(world, other, staff.editor)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=14), tick=True):
        publish(page)
        follow()
        row.refresh_from_db()
        assert row.in_time is False
        since, until = ago(days=1), timezone.now()
        (found,) = speeds([world.site.pk], since, until)
        assert (found.wanted, found.in_time, found.late, found.waiting) == (1, 0, 1, 0)
        assert found.minutes == row.minutes
        assert list(missed([world.site.pk], since, until)) == [row]
        assert speeds([world.hubin.pk], since, until) == []


def test_what_is_not_there_although_its_time_is_over_is_missed(
    provisioned_world: World, other: Elsewhere
) -> None:
    row = one_item(provisioned_world, other)
    sites = [provisioned_world.site.pk]
    (found,) = speeds(sites, ago(days=1), timezone.now())
    assert (found.late, found.waiting) == (0, 1)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=12), tick=True):
        (found,) = speeds(sites, ago(days=2), timezone.now())
        assert (found.late, found.waiting, found.minutes) == (1, 0, None)
        assert list(missed(sites, ago(days=2), timezone.now())) == [row]


def test_an_item_whose_draft_was_deleted_is_in_the_queue_again(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    row, page = drafted(provisioned_world, other, staff.editor)
    Page.objects.get(pk=page.pk).delete()
    assert queue.back_without_draft(provisioned_world.hubin.pk) == 0
    poll_due(provisioned_world.site.pk)
    row.refresh_from_db()
    assert row.state == ItemState.TAKEN
    queue.make_draft(item_pk=row.pk, column=provisioned_world.column, by=staff.editor)


# --- the gate -------------------------------------------------------------------------------------
def test_the_gate_demands_the_source_and_tells_a_difference(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    _row, page = drafted(provisioned_world, other, staff.editor)
    version = page.get_latest_revision_as_object()
    codes = {problem.code for problem in problems_of(version)}
    assert not codes & {"repost_source", "repost_differs"}
    version.body = version.body.stream_block.to_python(
        [{"type": "paragraph", "value": f"<p>{TEXT.replace('2028', '2030')}</p>"}]
    )
    version.source_url = ""
    found = {problem.code: problem.blocking for problem in problems_of(version)}
    assert found["repost_source"] is True
    assert found["repost_differs"] is False


# --- watching -------------------------------------------------------------------------------------
def test_a_public_repost_is_compared_at_once_and_after_one_three_and_seven_days(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    world = provisioned_world
    _row, page = drafted(world, other, staff.editor)
    publish(page)
    follow()
    begun = timezone.now()
    watch = RepostWatch.objects.get(page=page.pk)
    asked = []
    for hours in (0, 1, 12, 25, 30, 73, 100, 170, 400):
        with time_machine.travel(begun + datetime.timedelta(hours=hours, minutes=1), tick=True):
            if watching.check_due(world.site.pk):
                asked.append(hours)
    assert asked == [0, 25, 73, 170]
    watch.refresh_from_db()
    assert (watch.state, watch.score, watch.next_check_at) == (WatchState.FAITHFUL, 1000, None)


def test_a_difference_a_later_change_and_the_end_of_a_source_are_told(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    _row, page = drafted(provisioned_world, other, staff.editor)
    publish(page)
    follow()
    watch = RepostWatch.objects.get(page=page.pk)
    other.says("/a/1.html", PAGE.format(text=TEXT.replace("2028", "2030")))
    row = watching.check(watch.pk)
    assert row.state == WatchState.SOURCE_CHANGED
    assert row.is_alarming
    with pytest.raises(RepostingError):
        watching.settle(watch_pk=row.pk, note="", by=staff.editor)
    assert not watching.settle(
        watch_pk=row.pk, note="已请示，暂不修改", by=staff.editor
    ).is_alarming
    assert not watching.check(watch.pk).is_alarming  # the same difference stays settled
    other.says("/a/1.html", PAGE.format(text="另一篇文章，与原文完全不同，讲的是公交改线的安排。"))
    assert watching.check(watch.pk).is_alarming
    other.says("/a/1.html", b"", 404)
    assert watching.check(watch.pk).state == WatchState.SOURCE_GONE


def test_a_source_that_does_not_answer_is_asked_again(
    provisioned_world: World, other: Elsewhere, staff: Staff
) -> None:
    _row, page = drafted(provisioned_world, other, staff.editor)
    publish(page)
    follow()
    watch = RepostWatch.objects.get(page=page.pk)
    other.says("/a/1.html", b"", 503)
    states = [watching.check(watch.pk).state for _number in range(3)]
    assert states == [WatchState.WAITING, WatchState.WAITING, WatchState.UNREADABLE]


def test_any_article_with_a_source_elsewhere_is_watched(world: World) -> None:
    from tests.factories import ArticleFactory

    away = ArticleFactory(parent=world.column, source_url="https://p.example/1")
    own = ArticleFactory(parent=world.column, source_url="http://gaoxin.yunhu.gov.cn/x")
    follow()
    assert RepostWatch.objects.filter(page=away.pk).exists()
    assert not RepostWatch.objects.filter(page=own.pk).exists()


def test_another_source_is_a_new_comparison(world: World) -> None:
    from tests.factories import ArticleFactory

    page = ArticleFactory(parent=world.column, source_url="https://p.example/1")
    follow()
    RepostWatch.objects.filter(page=page.pk).update(first_digest="x", source_text="x")
    page.source_url = "https://p.example/2"
    publish(page)
    follow()
    found = RepostWatch.objects.get(page=page.pk)
    assert (found.source_url, found.source_text) == ("https://p.example/2", "")
