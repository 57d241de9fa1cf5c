"""What visitors see of a paragraph that is behind: one mark at its place, and the Chinese below."""

import datetime
import re
from html.parser import HTMLParser

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portal.foreign.models import PageTranslation
from tests.factories import ArticleFactory, World

from .staleness import change, core, english, open_section, released
from .test_staleness import paragraphs

pytestmark = pytest.mark.one_database
_BEGINS = ("p", "h1", "h2", "li", "td", "th", "caption")
PRIVATE = re.compile("[\U000f0000-\U000f0fff]")


def read(row: PageTranslation) -> str:
    assert row.target is not None
    path = "/" + "/".join(row.target.url_path.strip("/").split("/")[1:]) + "/"
    response = Client().get(f"/{row.section.locale.language_code}{path}")
    assert response.status_code == 200, path
    html = response.content.decode()
    assert not PRIVATE.search(html)
    assert "\\udb80" not in html
    return html


class Marks(HTMLParser):
    """The marks with the text of the paragraph or heading before them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.before = ""
        self.mark: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and "source-mark" in (values.get("class") or ""):
            self.mark = ""
        elif tag in _BEGINS and values.get("class") != "source-mark-line":
            self.before = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.mark is not None:
            self.found.append((self.before.strip(), self.mark.strip()))
            self.mark = None

    def handle_data(self, data: str) -> None:
        if self.mark is not None:
            self.mark += data
        else:
            self.before += data


def marked(html: str) -> list[str]:
    return [before for before, _mark in Marks(html).found]


def test_a_mark_stands_at_the_changed_paragraph_and_leads_to_the_chinese(world: World) -> None:
    core(world, world.column)
    page = ArticleFactory(parent=world.column, body=paragraphs("甲段。", "乙段文字。", "甲段。"))
    (row,) = released(page, open_section(world))
    assert marked(read(row)) == []
    with time_machine.travel(datetime.datetime(2026, 11, 3, 2, tzinfo=datetime.UTC)):
        change(page, body=paragraphs("甲段。", "乙段改了文字。", "甲段。"))
    html = read(row)
    assert marked(html) == [english("乙段文字。")]
    assert "Nov" in Marks(html).found[0][1]
    assert re.search(r'<li id="source-text-1"><p lang="zh-Hans" dir="ltr">乙段改了文字。</p>', html)
    assert 'href="#source-mark-1"' in html
    assert "% of this page follows the Chinese text" in html


def test_of_equal_paragraphs_the_right_one_is_marked(world: World) -> None:
    core(world, world.column)
    page = ArticleFactory(parent=world.column, body=paragraphs("同。", "中间的话。", "同。"))
    (row,) = released(page, open_section(world))
    change(page, body=paragraphs("同。", "中间的话。", "不同了。"))
    html = read(row)
    assert marked(html) == [english("同。")]
    assert html.index("source-mark-1") > html.index(english("中间的话。"))


def test_title_and_added_and_removed(world: World) -> None:
    core(world, world.column)
    page = ArticleFactory(
        parent=world.column,
        title="旧标题",
        body=paragraphs("甲甲甲甲。", "乙乙乙乙。", "丙丙丙丙。"),
    )
    (row,) = released(page, open_section(world))
    change(page, title="新标题", body=paragraphs("子子子子。", "甲甲甲甲。", "丙丙丙丙。"))
    html = read(row)
    marks = Marks(html).found
    assert len(marks) == 3
    assert marks[0][0].endswith(english("旧标题"))
    assert "New in the Chinese text" in marks[1][1]
    assert marks[2][0] == english("乙乙乙乙。")
    assert "Taken out" in marks[2][1]
    title = re.search("<title>(.*?)</title>", html)
    assert title is not None
    assert english("旧标题") in title[1]


def test_legal_paragraphs_show_the_chinese_after_some_days(world: World) -> None:
    core(world, world.column, legal=True, hide_after_days=10)
    page = ArticleFactory(parent=world.column, body=paragraphs("甲段。", "乙段文字。"))
    (row,) = released(page, open_section(world))
    change(page, body=paragraphs("甲段。", "乙段改了文字。"))
    assert english("乙段文字。") in read(row)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=11)):
        html = read(row)
    assert english("乙段文字。") not in html
    assert 'lang="zh-Hans" dir="ltr">乙段改了文字。</span>' in html
    assert english("甲段。") in html


def test_fresh_pages_cost_one_query_and_chinese_ones_none(
    world: World, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    core(world, world.column)
    page = ArticleFactory(parent=world.column, body=paragraphs("甲段。"))
    (row,) = released(page, open_section(world))
    read(row)
    with CaptureQueriesContext(connection) as queries:
        read(row)
    mine = [query for query in queries if "foreign_" in query["sql"]]
    assert len(mine) <= 1
    with CaptureQueriesContext(connection) as queries:
        Client().get("/yaowen/" + page.slug + "/")
    assert not [query for query in queries if "foreign_" in query["sql"]]
