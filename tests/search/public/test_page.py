"""The search page: as anybody reads it, without JavaScript, whatever stands in the address."""

import datetime
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.plugin_api import CardLink, DirectAnswer, SearchCard, ServiceGuide
from portal.search import answers, clicks, results, views
from portal.search.engine.contract import Sort
from portal.search.rules import BestBet, Rules
from portal.search.services.contract import FacetValue
from tests.factories import World
from tests.factories.worlds import SUB_SITE_HOST

from .conftest import Shelf

client = Client()


# --- what is asked --------------------------------------------------------------------------------
def page(address: str = "/search/?q=居住证", **headers: str) -> str:
    response = client.get(address, **headers)
    assert response.status_code == 200, address
    return response.content.decode()


def links(html: str, label: str) -> list[dict[str, list[str]]]:
    """The queries of links with a text."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [
        parse_qs(urlsplit(href.replace("&amp;", "&")).query)
        for href, text in found
        if label in re.sub(r"<[^>]+>", "", text)
    ]


def test_results_stand_in_the_page(shelf: Shelf) -> None:
    shelf.put("居住证办理", number="云府发〔2025〕3号", standing="repealed",
              date=datetime.datetime(2025, 3, 1, tzinfo=datetime.UTC))  # fmt: skip
    html = page()
    assert "居住证办理" in html
    assert 'href="/somewhere/1/"' in html
    assert "云府发〔2025〕3号" in html
    assert "2025-03-01" in html
    assert '<span class="mark">' in html, "what is repealed says so"
    assert shelf.asked[0].text == "居住证"
    assert shelf.asked[0].language == "zh-hans"


def test_titles_are_shown_as_search_escaped_them(shelf: Shelf) -> None:
    shelf.put("<script>x</script>", title_html="", snippet_html="")
    html = page("/search/?q=<script>alert(1)</script>")
    assert "<script>x" not in html
    assert "<script>alert" not in html


def test_nothing_is_kept_of_who_searches(shelf: Shelf) -> None:
    shelf.put("居住证")
    response = client.get("/search/?q=居住证")
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex' in response.content.decode()


def test_everything_of_an_address_reaches_search(shelf: Shelf, world: World) -> None:
    page(
        "/search/?q=补贴&kind=policy&kind=article&year=2024&validity=in_force&column=7&agency=9"
        "&theme=0301&form=通知&sites=hubin&in=title&sort=date&current=1&exact=1"
        "&from=2024-01-01&to=2024-12-31"
    )
    asked = shelf.asked[0]
    assert asked.chosen == {
        "kind": ("policy", "article"),
        "site": (str(world.hubin.pk),),
        "column": ("7",),
        "theme": ("0301",),
        "agency": ("9",),
        "year": ("2024",),
        "standing": ("in_force",),
        "form": ("通知",),
    }
    assert (asked.in_title, asked.hide_repealed, asked.exact) == (True, True, True)
    assert asked.sort is Sort.DATE
    assert (asked.since, asked.until) == (
        datetime.date(2024, 1, 1),
        datetime.date(2024, 12, 31),
    )


def test_a_site_that_there_is_not_leaves_nothing(shelf: Shelf) -> None:
    page("/search/?q=补贴&sites=nowhere")
    assert shelf.asked[0].chosen["site"] == ("0",)


ODD = [
    "q=%ff%fe%00",
    "q=" + "a" * 10_000,
    "q=" + "字" * 10_001,
    "q=%E2%80%AE%E5%8F%8D",
    "q=(((((((((((a+)+)+)+)+$",
    "q=%22%22%22%20AND%20OR%20NOT%20-%20*%20?",
    "q=😀&page=999999999999999999999",
    "q=x&page=-1&page=abc",
    "q=x&year=abcd&column=%00&agency=-1&kind=%3Cb%3E",
    "q=x&from=2024-99-99&to=99999999999",
    "q=x&sort=nothing&in=nowhere&scope=nobody&current=2",
    "q=x&sites=" + "&sites=".join(str(n) for n in range(60)),
    "q[]=x&q=",
    "q=%20%09%0a",
    "q=%ED%A0%80",
]


@pytest.mark.parametrize("query", ODD)
def test_whatever_is_asked_is_answered(shelf: Shelf, query: str) -> None:
    shelf.put("居住证")
    html = page(f"/search/?{query}")
    assert 'id="search-page"' in html, "the field stands there to try again"


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=80), name=st.sampled_from(["q", "kind", "page", "from", "sites"]))
def test_anything_may_be_typed(shelf: Shelf, text: str, name: str) -> None:
    query = quote(text.encode("utf-8", "surrogatepass"))
    page(f"/search/?q=x&{name}={query}")


def test_too_much_is_refused_politely(shelf: Shelf) -> None:
    html = page("/search/?q=" + "a" * 10_001)
    assert not shelf.asked
    assert 'role="alert"' in html


# --- tabs, facets, pages --------------------------------------------------------------------------
def values(*counts: tuple[str, int], chosen: str = "") -> tuple[FacetValue, ...]:
    return tuple(FacetValue(name, f"[{name}]", count, name == chosen) for name, count in counts)


def test_choices_are_links_that_keep_the_rest(shelf: Shelf, world: World) -> None:
    shelf.put("居住证")
    shelf.facets = {
        "year": values(("2025", 3), ("2024", 2)),
        "site": values((str(world.site.pk), 4), (str(world.hubin.pk), 1)),
    }
    html = page("/search/?q=居住证&kind=article&page=1&sort=date")
    (year,) = links(html, "[2024]")
    assert year == {"q": ["居住证"], "sort": ["date"], "kind": ["article"], "year": ["2024"]}
    (site,) = links(html, f"[{world.hubin.pk}]")
    assert site["sites"] == ["hubin"]


def test_several_values_may_be_chosen_and_taken_back(shelf: Shelf) -> None:
    shelf.put("居住证")
    shelf.facets = {"year": values(("2025", 3), ("2024", 2), chosen="2025")}
    html = page("/search/?q=居住证&year=2025")
    both = links(html, "[2024]")
    assert both[0]["year"] == ["2025", "2024"]
    taken = [query for query in links(html, "[2025]") if "year" not in query]
    assert len(taken) == 2, "in the facet and among what is chosen"


def test_tabs_of_kinds_count_everything(shelf: Shelf) -> None:
    shelf.put("居住证")
    shelf.facets = {"kind": values(("odd", 1), ("article", 2), ("policy", 3), chosen="policy")}
    html = page("/search/?q=居住证&kind=policy&year=2024")
    tabs = html[html.index('class="search-tabs"') : html.index('class="container search-layout')]
    counts = re.findall(r'search-tab__count">(\d+)', tabs)
    assert counts == ["6", "3", "2", "1"], "in the order of kinds, what nobody names last"
    assert "kind" not in links(tabs, "6")[0]
    assert links(tabs, "[odd]") == [{"q": ["居住证"], "year": ["2024"], "kind": ["odd"]}]


def test_pages_lead_on(shelf: Shelf) -> None:
    for number in range(45):
        shelf.put(f"居住证{number}")
    html = page("/search/?q=居住证&year=2024&page=2")
    assert "居住证20" in html
    assert "居住证19" not in html
    assert 'data-position="21"' in html
    assert 'href="?q=%E5%B1%85%E4%BD%8F%E8%AF%81&amp;year=2024&amp;page=3"' in html
    beyond = client.get("/search/?q=居住证&page=9")
    assert beyond.status_code == 302
    assert beyond.headers["Location"].endswith("&page=3")


# --- where ----------------------------------------------------------------------------------------
def test_the_portal_searches_all_sites(shelf: Shelf, world: World) -> None:
    page()
    page("/search/?q=居住证&scope=site")
    assert "site" not in shelf.asked[0].chosen
    assert shelf.asked[1].chosen["site"] == (str(world.site.pk),)
    assert {asked.site for asked in shelf.asked} == {world.site.pk}


@pytest.mark.parametrize(("address", "host"), [("&site=hubin", "testserver"), ("", SUB_SITE_HOST)])
def test_a_sub_site_searches_itself_first(
    shelf: Shelf, world: World, address: str, host: str
) -> None:
    record = world.hubin if address else world.gaoxin
    html = page(f"/search/?q=居住证{address}", HTTP_HOST=host)
    asked = shelf.asked[0]
    assert asked.site == record.pk
    assert asked.chosen["site"] == (str(record.pk),)
    everywhere = [query for query in links(html, "") if query.get("scope") == ["all"]]
    assert everywhere
    page(f"/search/?q=居住证{address}&scope=all", HTTP_HOST=host)
    assert "site" not in shelf.asked[1].chosen


def test_a_site_that_is_not_public_has_no_search(shelf: Shelf) -> None:
    assert client.get("/search/?q=x&site=nowhere").status_code == 404


def test_on_the_host_of_a_sub_site_results_of_the_portal_lead_there(shelf: Shelf) -> None:
    shelf.put("居住证")
    shelf.put("高新", url=f"http://{SUB_SITE_HOST}/dongtai/1/")
    html = page("/search/?q=居住证&scope=all", HTTP_HOST=SUB_SITE_HOST)
    assert 'href="http://testserver/somewhere/1/"' in html
    assert f'href="http://{SUB_SITE_HOST}/dongtai/1/"' in html
    assert "云湖市人民政府" in html[html.index('class="results"') :]


# --- what is told ---------------------------------------------------------------------------------
def test_the_beginning_offers_what_many_look_for(shelf: Shelf) -> None:
    shelf.hot = ("公积金",)
    html = page("/search/")
    assert links(html, "公积金") == [{"q": ["公积金"]}]
    assert not shelf.asked


def test_nothing_found_says_what_to_do(shelf: Shelf) -> None:
    shelf.hot = ("公积金",)
    shelf.outcome = {"did_you_mean": ("居住证",)}
    html = page("/search/?q=居住正&year=2024&scope=site")
    assert {"q": ["居住证"], "scope": ["site"]} in links(html, "居住证")
    assert links(html, "公积金")
    queries = links(html, "")
    assert {"q": ["居住正"], "scope": ["site"]} in queries, "without what narrows it"
    assert {"q": ["居住正"], "year": ["2024"]} in queries, "on all sites"


def test_a_correction_is_said_and_can_be_refused(shelf: Shelf) -> None:
    shelf.put("公积金提取")
    shelf.outcome = {"corrected": "公积金", "how": "corrected"}
    html = page("/search/?q=公鸡金")
    assert "<strong>公积金</strong>" in html
    assert [query for query in links(html, "公鸡金") if query.get("exact") == ["1"]]


def test_blocked_words_get_a_sentence_and_no_results(shelf: Shelf) -> None:
    shelf.outcome = {"how": "blocked", "results": (), "total": 0, "notice": "不予显示"}
    html = page()
    assert "不予显示" in html
    assert 'class="results"' not in html


def test_titles_alone_are_not_passed_off_as_everything(shelf: Shelf) -> None:
    shelf.put("居住证")
    assert 'class="search-notice"' not in page()
    shelf.outcome = {"how": "titles_only"}
    assert 'class="search-notice"' in page()


def test_too_many_searches_wait(
    shelf: Shelf, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCH_VISITOR_PER_MINUTE = 2  # type: ignore[attr-defined]
    about = {"REMOTE_ADDR": "203.0.113.9"}
    assert [client.get("/search/?q=x", **about).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get("/search/?q=x", **about)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client.get("/search/?q=x", REMOTE_ADDR="203.0.113.10").status_code == 200
    assert client.get("/search/", **about).status_code == 200, "the empty page costs nothing"


# --- cards ----------------------------------------------------------------------------------------
def test_a_direct_answer_stands_above(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("居住证")
    answer = DirectAnswer(
        question="居住证怎么办？", html="<p>带身份证。</p>", text="带身份证。", language="zh-hans",
        url="/wenda/1/", owner="公安局", trust="machine",
    )  # fmt: skip
    monkeypatch.setattr(answers, "direct_answer", lambda *_texts, **_about: answer)
    html = page("/search/?q=居住证怎么办")
    assert "<p>带身份证。</p>" in html
    assert 'href="/wenda/1/"' in html
    assert html.index("带身份证") < html.index('class="results"')
    assert "带身份证" not in page("/search/?q=居住证怎么办&page=1&sort=date")
    shelf.put("居住证怎么办？", url="/wenda/1/")
    assert page("/search/?q=居住证怎么办").count('href="/wenda/1/"') == 1


def test_services_hide_until_somebody_knows_them(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("居住证")
    assert "search-answer--service" not in page()
    guide = ServiceGuide("s", "居住证申领", "/banshi/1/", "现场办结", "公安局", (("时限", "1日"),))
    monkeypatch.setattr(answers, "services", lambda *_texts, **_about: [guide])
    html = page()
    assert "居住证申领" in html
    assert "1日" in html


def test_cards_of_plugins(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("办法", kind="policy", page=5)
    card = SearchCard(
        facts=[("发文机关", "云湖市人民政府")],
        links=[CardLink("一图读懂", "/jiedu/1/", "图解")],
        links_label="解读",
    )
    monkeypatch.setattr(results, "cards_of", lambda found, portal: {"page:1": card})
    html = page()
    assert 'href="/jiedu/1/"' in html
    assert "发文机关" in html


def test_what_editors_put_first_says_so(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shelf.put("居住证办理", pinned=True)
    shelf.put("恰好叫居住证", pinned=True)
    ended = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    bets = (BestBet(("居住证",), first.key), BestBet(("居住证",), "page:2", until=ended))
    monkeypatch.setattr(results, "rules_for", lambda site: Rules(best_bets=bets))
    assert page().count("result__first") == 1


# --- opened ---------------------------------------------------------------------------------------
def test_opening_is_counted_from_our_own_pages(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    noted: list[tuple[str, str, int]] = []
    monkeypatch.setattr(
        clicks,
        "note_click",
        lambda token, *, key, position: noted.append((token, key, position)),
    )
    form = {"token": "t1", "key": "page:7", "position": "3"}
    assert client.post("/search/opened/", form).status_code == 204
    assert client.post("/search/opened/", form, HTTP_ORIGIN="http://testserver").status_code == 204
    assert noted == [("t1", "page:7", 3)] * 2
    assert (
        client.post("/search/opened/", form, HTTP_ORIGIN="http://evil.example").status_code == 403
    )
    assert client.post("/search/opened/", form | {"position": "x"}).status_code == 400
    assert client.post("/search/opened/", form | {"token": "<b>"}).status_code == 400
    assert client.get("/search/opened/").status_code == 405
    assert len(noted) == 2


def test_the_page_names_what_is_counted(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("居住证")
    tokens = iter(["", "t1"])
    monkeypatch.setattr(views.log, "note", lambda search, outcome, **_more: next(tokens))
    assert "data-token" not in page()
    html = page()
    assert 'data-token="t1"' in html
    assert 'data-key="page:1" data-position="1"' in html
