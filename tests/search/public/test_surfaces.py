"""Search beyond its page: the API, the feed, suggestions, browsers, headers, pages that are gone."""

import datetime
import json
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from portal.search.services.contract import FacetValue, Suggestion
from portal.testing import disable_plugin
from tests.factories import ArticleFactory, World, open_language, publish

from .conftest import Shelf

client = Client()
DAY = datetime.datetime(2025, 3, 1, 9, 30, tzinfo=datetime.UTC)


# --- API ------------------------------------------------------------------------------------------
def search(query: str = "q=居住证", status: int = 200) -> dict[str, object]:
    response = client.get(f"/api/v1/search?{query}")
    assert response.status_code == status, response.content
    found: dict[str, object] = response.json()
    return found


def test_the_api_answers_as_the_contract_says(shelf: Shelf, world: World) -> None:
    shelf.put("居住证", date=DAY, number="3号", standing="repealed", trust="machine")
    shelf.outcome = {"corrected": "居住证", "took_ms": 1.234, "how": "corrected"}
    shelf.facets = {
        "site": (FacetValue(str(world.hubin.pk), "湖滨区", 3, False),),
        "standing": (FacetValue("repealed", "已废止", 1, True),),
    }
    answer = search()
    assert answer["total"] == 1
    assert answer["corrected"] == "居住证"
    assert answer["took_ms"] == 1.23
    assert answer["facets"]["site"] == [{"value": "hubin", "label": "湖滨区", "count": 3}]  # type: ignore[index]
    assert answer["facets"]["validity"][0]["value"] == "repealed"  # type: ignore[index]
    assert answer["results"] == [
        {
            "id": "page:1",
            "title": "居住证",
            "url": "http://testserver/somewhere/1/",
            "kind": "article",
            "site": "yunhu",
            "language": "zh-hans",
            "trust": "machine",
            "snippet": "About 居住证",
            "snippet_html": "About <mark>居住证</mark>",
            "number": "3号",
            "date": "2025-03-01T17:30:00+08:00",
            "validity": "repealed",
            "score": 1.0,
        }
    ]


def test_parameters_of_the_api(shelf: Shelf, world: World) -> None:
    search(
        "q=补贴&site=hubin&site=yunhu&column=7&kind=policy&theme=0301&agency=9&year=2024"
        "&validity=in_force&form=x&in=title&sort=date&language=en&page=2"
        "&from=2024-01-01&to=2024-12-31"
    )
    asked = shelf.asked[0]
    assert asked.chosen == {
        "kind": ("policy",),
        "site": (str(world.hubin.pk), str(world.site.pk)),
        "column": ("7",),
        "theme": ("0301",),
        "agency": ("9",),
        "year": ("2024",),
        "standing": ("in_force",),
        "form": ("x",),
    }
    assert (asked.in_title, asked.language, asked.page) == (True, "en", 2)
    assert asked.since == datetime.date(2024, 1, 1)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=51", "in=nowhere", "sort=x", "language=xx", "from=2024-99-99", "year=x"],
)
def test_what_does_not_fit_is_a_problem(shelf: Shelf, query: str) -> None:
    assert search(f"q=x&{query}", 422)["status"] == 422
    assert not shelf.asked


def test_an_unknown_site_is_missing(shelf: Shelf) -> None:
    assert search("q=x&site=nowhere", 404)["status"] == 404


def test_without_words_nothing_is_searched(shelf: Shelf) -> None:
    assert search("")["total"] == 0
    assert search("q=%20%07")["how"] == "empty"
    assert not shelf.asked


def test_no_cache_holds_what_somebody_looked_for(shelf: Shelf) -> None:
    for address in ("/api/v1/search?q=x", "/api/v1/suggest?q=x"):
        assert "no-store" in client.get(address).headers["Cache-Control"]


def test_limits_of_the_api(shelf: Shelf, settings: object) -> None:
    settings.SEARCH_VISITOR_PER_MINUTE = settings.SEARCH_SUGGESTIONS_PER_MINUTE = 1  # type: ignore[attr-defined]
    for path in ("search", "suggest"):
        address, about = f"/api/v1/{path}?q=x", {"REMOTE_ADDR": "203.0.113.9"}
        assert client.get(address, **about).status_code == 200
        refused = client.get(address, **about)
        assert refused.status_code == 429
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert int(refused.headers["Retry-After"]) > 0


# --- suggestions ----------------------------------------------------------------------------------
def test_suggestions(shelf: Shelf) -> None:
    shelf.suggestions = [Suggestion("居住证办理", "article", "/a/"), Suggestion("居住证", "query")]
    found = client.get("/api/v1/suggest?q=居住").json()["suggestions"]
    assert [(one["text"], one["url"]) for one in found] == [("居住证办理", "/a/"), ("居住证", "")]
    assert client.get("/api/v1/suggest?q=").json() == {"suggestions": []}
    begun = 'x <span class="suggestion-name"><mark>居住</mark>卡 &amp; 证</span>'
    shelf.suggestions = [Suggestion("居住证", "article", "/a/", begun)]
    (one,) = client.get("/api/v1/suggest?q=居住").json()["suggestions"]
    assert one["name"] == "居住卡 & 证"


def test_suggestions_in_traditional_characters(shelf: Shelf) -> None:
    shelf.suggestions = [Suggestion("网络服务 & 转账", "article", "/a/")]
    found = client.get("/api/v1/suggest?q=网&language=zh-hant").json()["suggestions"]
    assert found[0]["text"] == "網絡服務 & 轉帳"
    assert found[0]["url"] == "/zh-hant/a/"


def test_browsers_get_their_own_list(shelf: Shelf) -> None:
    shelf.suggestions = [Suggestion("居住证", "query")]
    response = client.get("/api/v1/suggest?q=居住&form=opensearch")
    assert response.headers["Content-Type"].startswith("application/x-suggestions+json")
    assert json.loads(response.content) == ["居住", ["居住证"]]


@pytest.mark.parametrize(("query", "code"), [("", ""), ("?site=hubin", "&site=hubin")])
def test_the_description_for_browsers(world: World, query: str, code: str) -> None:
    response = client.get(f"/search/opensearch.xml{query}")
    assert response.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.content)
    name = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    short = root.findtext("o:ShortName", "", name)
    assert 0 < len(short) <= 16
    urls = {url.get("type"): url.get("template") for url in root.findall("o:Url", name)}
    assert urls["text/html"] == f"http://testserver/search/?q={{searchTerms}}{code}"
    found = client.get("/" if not query else "/hubin/").content.decode()
    assert (
        f'type="application/opensearchdescription+xml" href="/search/opensearch.xml{query}"'
        in found
    )


# --- feed -----------------------------------------------------------------------------------------
def test_a_search_as_a_feed(shelf: Shelf) -> None:
    shelf.put("居住证 & 更多", date=DAY, standing="repealed")
    response = client.get("/search/feed/?q=居住证&kind=article&sort=relevance")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    (entry,) = root.findall("a:entry", atom)
    title = entry.findtext("a:title", "", atom)
    assert title.endswith("】居住证 & 更多"), "what is repealed says so"
    assert entry.find("a:link", atom).get("href") == "http://testserver/somewhere/1/"  # type: ignore[union-attr]
    assert entry.findtext("a:id", "", atom) == "tag:testserver,2026:page:1"
    asked = shelf.asked[0]
    assert (asked.sort, asked.chosen) == ("date", {"kind": ("article",)})


@pytest.mark.parametrize("query", ["q=居住证", "q=", "q=居住证&format=rss", "q=%ff%00"])
def test_a_feed_is_the_same_until_something_changes(shelf: Shelf, query: str) -> None:
    first = client.get(f"/search/feed/?{query}")
    again = client.get(f"/search/feed/?{query}", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (first.status_code, again.status_code) == (200, 304)
    assert again.content == b""
    shelf.put("居住证", date=DAY)
    changed = client.get(f"/search/feed/?{query}", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert changed.status_code == (304 if query == "q=" else 200)
    ElementTree.fromstring(first.content)


# --- in pages -------------------------------------------------------------------------------------
def test_every_page_has_a_field(world: World) -> None:
    for address, action, hidden in (
        ("/yaowen/", "/search/", ""),
        ("/hubin/", "/search/", 'name="site" value="hubin"'),
    ):
        html = client.get(address).content.decode()
        head = html[html.index('class="search-box search-box--head"') :].partition("</form>")[0]
        assert f'method="get" action="{action}"' in head
        assert 'name="q"' in head
        assert (hidden in head) if hidden else ('name="site"' not in head)


def test_homes_have_one_field_for_words_and_questions(world: World) -> None:
    html = client.get("/").content.decode()
    assert html.count("search-box--home") == 1
    assert 'itemprop="target" content="http://testserver/search/?q={q}"' in html
    assert 'class="ask-box"' not in html
    with disable_plugin("search"):
        html = client.get("/").content.decode()
        assert "search-box" not in html
        assert 'class="ask-box"' in html


def test_switched_off_nothing_is_left(world: World) -> None:
    with disable_plugin("search"):
        for address in ("/search/?q=x", "/search/feed/?q=x", "/api/v1/search?q=x"):
            assert client.get(address).status_code == 404


# --- pages that are gone --------------------------------------------------------------------------
def gone(address: str) -> str:
    response = client.get(address)
    assert response.status_code == 404
    return response.content.decode()


def test_what_was_here_once_is_searched_by_its_title(shelf: Shelf, world: World) -> None:
    page = ArticleFactory(parent=world.column, title="居住证新规", slug="juzhu")
    publish(page)
    page.unpublish()
    shelf.put("居住证办理指南")
    html = gone("/yaowen/juzhu/")
    assert "居住证办理指南" in html
    assert shelf.asked[-1].text == "居住证新规"


def test_drafts_that_were_never_public_are_not_told(shelf: Shelf, world: World) -> None:
    ArticleFactory(parent=world.column, title="机密草案", slug="mimi", live=False)
    shelf.put("机密")
    assert "机密草案" not in gone("/yaowen/mimi/")
    assert all(asked.text != "机密草案" for asked in shelf.asked)


def test_words_of_the_address_are_searched(shelf: Shelf, world: World) -> None:
    shelf.put("公积金提取")
    assert "公积金提取" in gone("/yaowen/公积金/2024-1/")
    assert shelf.asked[0].text == "公积金"


def test_pinyin_of_the_address_is_read(shelf: Shelf, world: World) -> None:
    shelf.suggestions = [Suggestion("gongjijin 公积金", "article", "/a/")]
    assert 'href="/a/"' in gone("/yaowen/gongji-jin/")


@pytest.mark.parametrize(
    "address", ["/wp-login.php", "/%00%ff/", "/" + "a" * 3000 + "/", "/12/34/"]
)
def test_robots_learn_nothing(shelf: Shelf, world: World, address: str) -> None:
    gone(address)
    assert not any(asked.text for asked in shelf.asked if "php" in asked.text)


def test_without_search_the_error_page_is_as_it_was(world: World) -> None:
    with disable_plugin("search"):
        assert "message__found" not in gone("/yaowen/公积金/")


def test_moments_are_read_in_the_portals_time() -> None:
    assert timezone.localtime(DAY).hour == 17


# --- languages ------------------------------------------------------------------------------------
def test_a_section_searches_in_its_language_and_offers_chinese(shelf: Shelf, world: World) -> None:
    open_language(world.site, "en")
    shelf.put("居住证办理")
    shelf.put("Residence permit", language="en", url="/en/a/")
    shelf.outcome = {"chinese": 3}
    response = client.get("/en/search/?q=permit")
    html = response.content.decode()
    assert [asked.language for asked in shelf.asked] == ["en", "zh-hans"]
    assert "3 results in Chinese" in html
    assert 'lang="zh-Hans"' in html[html.index("search-chinese") :]
    assert 'action="/en/search/"' in html
    shelf.asked.clear()
    client.get("/en/search/?q=permit&language=zh-hans")
    assert shelf.asked[0].language == "zh-hans"


def test_the_language_switcher_takes_the_words_along(shelf: Shelf, world: World) -> None:
    open_language(world.site, "en")
    words = quote("居住证")
    html = client.get(f"/search/?q={words}&kind=article&scope=site&page=2").content.decode()
    assert f'href="/en/search/?q={words}&amp;scope=site"' in html
    assert f'href="/zh-hant/search/?q={words}&amp;kind=article' in html
    back = client.get(f"/en/search/?q={words}&language=zh-hans").content.decode()
    assert f'href="/search/?q={words}"' in back
    assert "this page is not translated" not in back


def test_traditional_characters(shelf: Shelf) -> None:
    shelf.put("网络信息办理")
    html = client.get("/zh-hant/search/?q=網絡信息").content.decode()
    assert "辦理" in html
    assert 'value="網絡信息"' in html, "what was typed stays as it was"
    assert shelf.asked[0].text == "網絡信息"
    assert 'href="/zh-hant/somewhere/1/"' in html
    assert 'action="/zh-hant/search/"' in html
