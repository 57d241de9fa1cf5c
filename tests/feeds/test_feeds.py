"""Feeds as readers have them: what stands in them, in which language, and when it is gone."""

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import PageViewRestriction

from portal.core.models import OutboxEvent
from portal.feeds.models import FeedSettings
from portal.testing import disable_plugin
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    DocumentFactory,
    MediaFactory,
    TopicFactory,
    World,
    open_language,
    publish,
    text,
)
from tests.factories.worlds import SUB_SITE_HOST

from .reading import read_json, read_xml

pytestmark = pytest.mark.django_db

FILES = ("atom.xml", "rss.xml", "feed.json")


def titles(client: Client, folder: str, **extra: Any) -> dict[str, list[str]]:
    """What each of the three formats lists."""
    return {
        "atom.xml": [one.title for one in read_xml(client, f"{folder}atom.xml", **extra).entries],
        "rss.xml": [one.title for one in read_xml(client, f"{folder}rss.xml", **extra).entries],
        "feed.json": [
            one["title"] for one in read_json(client, f"{folder}feed.json", **extra)["items"]
        ],
    }


def everywhere(*expected: str) -> dict[str, list[str]]:
    return {file: list(expected) for file in FILES}


def test_a_column_a_topic_a_sub_site_and_the_home_have_feeds(client: Client, world: World) -> None:
    now = timezone.now()
    topic = TopicFactory(parent=world.home, slug="zhuanti", title="春耕")
    for number, (parent, title) in enumerate(
        [(world.column, "甲"), (world.hubin_column, "乙"), (topic, "丙")]
    ):
        ArticleFactory(parent=parent, title=title, date=now - datetime.timedelta(hours=number))
    assert titles(client, "/feeds/yaowen/") == everywhere("甲")
    assert titles(client, "/feeds/hubin/dongtai/") == everywhere("乙")
    assert titles(client, "/feeds/hubin/") == everywhere("乙")
    assert titles(client, "/feeds/zhuanti/") == everywhere("丙")
    assert titles(client, "/feeds/") == everywhere("甲")  # sub-sites and topics have their own


def test_the_newest_come_first_and_not_what_is_pinned(client: Client, world: World) -> None:
    now = timezone.now()
    ArticleFactory(
        parent=world.column, title="old", pinned=True, date=now - datetime.timedelta(days=3)
    )
    ArticleFactory(parent=world.column, title="new", date=now)
    assert titles(client, "/feeds/yaowen/") == everywhere("new", "old")


def test_an_entry_says_all_that_the_page_says_of_itself(client: Client, world: World) -> None:
    published = datetime.datetime(2026, 3, 1, 2, 0, tzinfo=datetime.UTC)
    page = ArticleFactory(
        parent=world.column,
        title="A",
        slug="a",
        summary="1 < 2 & more",
        source="云湖日报",
        source_url="https://paper.example/1",
        author="王敏",
        keywords="养老，托育",
        date=published,
    )
    later = publish(page, title="B").last_published_at
    [atom] = read_xml(client, "/feeds/yaowen/atom.xml").entries
    assert (atom.title, atom.link) == ("B", "http://testserver/yaowen/a/")
    assert atom.summary == "1 &lt; 2 &amp; more"
    assert atom.published_parsed[:5] == (2026, 3, 1, 2, 0)
    assert atom.updated_parsed[:6] == later.timetuple()[:6]
    assert [one.name for one in atom.authors] == ["云湖日报", "王敏"]
    assert [one.term for one in atom.tags] == ["云湖要闻", "养老", "托育"]
    assert {one.rel: one.href for one in atom.links}["via"] == "https://paper.example/1"
    [rss] = read_xml(client, "/feeds/yaowen/rss.xml").entries
    assert rss.source == {"href": "https://paper.example/1", "title": "云湖日报"}
    assert rss.id == atom.id
    assert rss.published_parsed[:5] == (2026, 3, 1, 2, 0)
    [item] = read_json(client, "/feeds/yaowen/feed.json")["items"]
    assert item["id"] == atom.id
    assert item["external_url"] == "https://paper.example/1"
    assert item["content_text"] == item["summary"] == "1 < 2 & more"
    assert item["tags"] == ["云湖要闻", "养老", "托育"]
    assert item["language"] == "zh-Hans"


def test_the_name_of_an_entry_stays_when_its_address_and_title_change(
    client: Client, world: World
) -> None:
    page = ArticleFactory(parent=world.column, slug="a")
    [before] = read_xml(client, "/feeds/yaowen/atom.xml").entries
    publish(page, slug="b", title="anew")
    [after] = read_xml(client, "/feeds/yaowen/atom.xml").entries
    assert before.link != after.link
    assert before.id == after.id
    assert before.id.startswith("urn:uuid:")


def test_an_article_and_its_reference_elsewhere_have_names_of_their_own(
    client: Client, world: World
) -> None:
    page = ArticleFactory(parent=world.column, title="A", slug="a")
    CreatePageAliasAction(
        page, parent=ColumnFactory(parent=world.home, slug="other"), user=None
    ).execute(skip_permission_checks=True)
    found = read_xml(client, "/feeds/atom.xml").entries
    assert len(found) == len({one.id for one in found}) == 2


def test_whole_texts_where_the_site_wants_them(client: Client, world: World) -> None:
    FeedSettings.objects.create(site=world.site, content="full")
    ArticleFactory(
        parent=world.column, summary="S", body=text('See <a href="/yaowen/">here</a>'), slug="a"
    )
    [atom] = read_xml(client, "/feeds/yaowen/atom.xml").entries
    html = atom.content[0].value
    assert 'href="http://testserver/yaowen/"' in html
    assert atom.summary == "S"
    [rss] = read_xml(client, "/feeds/yaowen/rss.xml").entries
    assert rss.content[0].value == html
    [item] = read_json(client, "/feeds/yaowen/feed.json")["items"]
    assert item["content_html"] == html
    assert "<script" not in html
    assert "<form" not in html


def test_each_site_decides_for_itself(client: Client, world: World) -> None:
    FeedSettings.objects.create(site=world.hubin, content="full", entries=5)
    ArticleFactory(parent=world.column)
    ArticleFactory.create_batch(7, parent=world.hubin_column)
    assert "content" not in read_xml(client, "/feeds/yaowen/atom.xml").entries[0]
    found = read_xml(client, "/feeds/hubin/dongtai/atom.xml").entries
    assert len(found) == 5
    assert "content" in found[0]


def test_files_are_enclosed(client: Client, world: World) -> None:
    video, document = MediaFactory(title="V"), DocumentFactory(title="D")
    ArticleFactory(
        parent=world.column,
        body=[
            *text("x"),
            ("video", {"video": video, "caption": ""}),
            ("attachments", {"documents": [document]}),
        ],
    )
    [atom] = read_xml(client, "/feeds/yaowen/atom.xml").entries
    assert [one.type.partition("/")[0] for one in atom.enclosures] == ["video", "application"]
    [rss] = read_xml(client, "/feeds/yaowen/rss.xml").entries
    [enclosed] = rss.enclosures  # RSS knows one
    assert (enclosed.href, enclosed.length) == (f"http://testserver{video.url}", "10")
    [item] = read_json(client, "/feeds/yaowen/feed.json")["items"]
    assert [one["title"] for one in item["attachments"]] == ["V", "D"]


def test_what_is_withdrawn_is_gone_at_once(client: Client, world: World) -> None:
    page = ArticleFactory(parent=world.column, title="A")
    ArticleFactory(parent=world.column, title="B")
    for file in FILES:
        assert b"A" in client.get(f"/feeds/yaowen/{file}").content
    page.unpublish()
    assert titles(client, "/feeds/yaowen/") == everywhere("B")
    assert titles(client, "/feeds/") == everywhere("B")


def test_what_not_everybody_may_see_is_in_no_feed(client: Client, world: World) -> None:
    ArticleFactory(parent=world.column, title="A", draft=True)
    closed = ColumnFactory(parent=world.home, slug="closed")
    ArticleFactory(parent=closed, title="C")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    gone = ColumnFactory(parent=world.home, slug="gone")
    ArticleFactory(parent=gone, title="G")
    gone.unpublish()
    assert titles(client, "/feeds/") == everywhere()
    for path in ("closed", "gone", "nowhere", "yaowen/nothing"):
        for file in FILES:
            assert client.get(f"/feeds/{path}/{file}").status_code == 404


def test_a_site_with_a_host_of_its_own_has_its_feeds_there(client: Client, world: World) -> None:
    ArticleFactory(parent=world.gaoxin_column, title="G", slug="g")
    for path in ("gaoxin/dongtai/atom.xml", "gaoxin/dongtai/"):
        response = client.get(f"/feeds/{path}")
        assert response.status_code == 301
        assert response["Location"] == f"http://{SUB_SITE_HOST}/feeds/{path[7:]}"
    found = read_xml(client, "/feeds/dongtai/atom.xml", headers={"host": SUB_SITE_HOST})
    assert [one.link for one in found.entries] == [f"http://{SUB_SITE_HOST}/dongtai/g/"]


def test_each_language_has_its_own(client: Client, world: World) -> None:
    english = open_language(world.site)
    column = ColumnFactory(parent=english, title="News", slug="news")
    ArticleFactory(parent=column, title="Tea", slug="tea")
    ArticleFactory(parent=world.column, title="茶")
    assert titles(client, "/en/feeds/news/") == everywhere("Tea")
    assert titles(client, "/en/feeds/") == everywhere("Tea")
    assert titles(client, "/feeds/") == everywhere("茶")
    found = read_xml(client, "/en/feeds/news/atom.xml")
    assert found.feed.language == "en"
    assert client.get("/feeds/news/atom.xml").status_code == 404
    english.unpublish()
    assert client.get("/en/feeds/news/atom.xml").status_code == 404


def test_what_is_not_in_force_says_so(client: Client, world: World) -> None:
    page = ArticleFactory(parent=world.column, title="A")
    from portal.core.models import ListingRow

    ListingRow.objects.filter(page=page).update(mark="repealed")
    [title] = titles(client, "/feeds/yaowen/")["atom.xml"]
    assert title.startswith("【")
    assert title.endswith("】A")


# --- conditions -----------------------------------------------------------------------------------
@pytest.mark.parametrize("file", FILES)
def test_who_has_it_already_gets_304(client: Client, world: World, file: str) -> None:
    page = ArticleFactory(parent=world.column, title="A")
    OutboxEvent.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=1))
    first = client.get(f"/feeds/yaowen/{file}")
    assert "no-cache" in first["Cache-Control"]
    by_tag = client.get(f"/feeds/yaowen/{file}", headers={"if-none-match": first["ETag"]})
    by_time = client.get(
        f"/feeds/yaowen/{file}", headers={"if-modified-since": first["Last-Modified"]}
    )
    assert (by_tag.status_code, by_time.status_code) == (304, 304)
    assert by_tag.content == b""
    assert by_tag["ETag"] == first["ETag"]
    page.unpublish()
    for header, value in (
        ("if-none-match", first["ETag"]),
        ("if-modified-since", first["Last-Modified"]),
    ):
        again = client.get(f"/feeds/yaowen/{file}", headers={header: value})
        assert again.status_code == 200, header
        assert b"A" not in again.content.partition(b"</title>")[2] or file == "feed.json"
    assert titles(client, "/feeds/yaowen/") == everywhere()


def test_conditions_that_make_no_sense_are_passed_over(client: Client, world: World) -> None:
    ArticleFactory(parent=world.column)
    for header, value in (
        ("if-match", '"x"'),
        ("if-modified-since", "yesterday"),
        ("if-none-match", "x"),
        ("if-unmodified-since", "Mon, 01 Jan 1990 00:00:00 GMT"),
    ):
        answer = client.get("/feeds/yaowen/rss.xml", headers={header: value})
        assert answer.status_code == 200, header


def test_the_same_feed_has_the_same_bytes(client: Client, world: World) -> None:
    for file in FILES:
        address = f"/feeds/yaowen/{file}"  # without an entry, too
        assert client.get(address).content == client.get(address).content


# --- cost -----------------------------------------------------------------------------------------
@pytest.fixture
def busy() -> list[Any]:
    """A text with files, which cost queries where each is asked for by itself."""
    return [
        *text("x"),
        ("video", {"video": MediaFactory(), "caption": ""}),
        ("attachments", {"documents": [DocumentFactory()]}),
    ]


def queries(client: Client, **headers: str) -> int:
    """Of a second look: the first fills the memory of the process."""
    client.get("/feeds/yaowen/atom.xml")
    with CaptureQueriesContext(connection) as made:
        client.get("/feeds/yaowen/atom.xml", headers=headers)
    return len(made)


def test_the_queries_of_a_feed_do_not_grow(client: Client, world: World, busy: list[Any]) -> None:
    ArticleFactory(parent=world.column, body=busy)
    one = queries(client)
    ArticleFactory.create_batch(12, parent=world.column, body=busy)
    assert queries(client) == one <= 10
    tag = client.get("/feeds/yaowen/atom.xml")["ETag"]
    assert queries(client, **{"if-none-match": tag}) <= 4


def test_plain_whole_texts_cost_no_query_each(client: Client, world: World) -> None:
    FeedSettings.objects.create(site=world.site, content="full")
    ArticleFactory(parent=world.column)
    one = queries(client)
    ArticleFactory.create_batch(12, parent=world.column)
    assert queries(client) == one <= 10


# --- where they are found -------------------------------------------------------------------------
def test_heads_name_the_feeds_and_columns_lead_to_them(client: Client, world: World) -> None:
    ArticleFactory(parent=world.column, slug="a")
    for path, folder in (("/", "/feeds/"), ("/yaowen/", "/feeds/yaowen/")):
        soup = BeautifulSoup(client.get(path).content, "html.parser")
        links = soup.select("head link[rel=alternate][type]")
        assert [link["href"] for link in links] == [folder + file for file in FILES]
        assert len({link["title"] for link in links}) == 3
        for link in links:
            answer = client.get(str(link["href"]))
            assert answer.status_code == 200
            assert answer["Content-Type"].startswith(str(link["type"]))
    assert soup.select_one(".feed-link a")["href"] == "/feeds/yaowen/"
    article = BeautifulSoup(client.get("/yaowen/a/").content, "html.parser")
    assert article.select("head link[rel=alternate][type]") == []


def test_people_find_them_all_on_one_page(client: Client, world: World) -> None:
    below = ColumnFactory(parent=world.column, slug="below", title="Below")
    soup = BeautifulSoup(client.get("/feeds/").content, "html.parser")
    links = {str(link["href"]) for link in soup.select(".feeds a")}
    for folder in ("/feeds/", "/feeds/yaowen/", "/feeds/yaowen/below/", "/feeds/hubin/dongtai/"):
        assert {folder + file for file in FILES} <= links
    assert f"http://{SUB_SITE_HOST}/feeds/dongtai/atom.xml" in links
    part = BeautifulSoup(client.get("/feeds/yaowen/").content, "html.parser")
    found = {str(link["href"]) for link in part.select(".feeds a")}
    assert "/feeds/yaowen/below/rss.xml" in found
    assert "/feeds/hubin/rss.xml" not in found
    assert below.title in part.get_text()


def test_the_page_of_feeds_costs_no_query_for_each_column(client: Client, world: World) -> None:
    client.get("/feeds/")
    with CaptureQueriesContext(connection) as before:
        client.get("/feeds/")
    ColumnFactory.create_batch(10, parent=world.column)
    client.get("/feeds/")
    with CaptureQueriesContext(connection) as after:
        client.get("/feeds/")
    assert len(after) <= len(before) <= 6


def test_off_means_no_feed_and_no_word_of_one(client: Client, world: World) -> None:
    with disable_plugin("feeds"):
        for path in ("/feeds/", "/feeds/atom.xml", "/feeds/yaowen/", "/sitemap.xml"):
            assert client.get(path).status_code == 404
        assert b"feeds/" not in client.get("/yaowen/").content
        assert b"Sitemap" not in client.get("/robots.txt").content
