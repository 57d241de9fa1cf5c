"""Leafing through the knowledge base: what stands where, what it costs, votes."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from assistant.portal_plugin import browse_views
from assistant.portal_plugin.answering.finding import Findings
from assistant.portal_plugin.models import QuestionPage, Topic, Vote
from assistant.portal_plugin.services import votes
from assistant.retrieval.contract import Decision
from portal.testing import disable_plugin
from tests.factories import World
from tests.factories.worlds import SUB_SITE_HOST

from .factories import make_question

pytestmark = pytest.mark.django_db
BASE = "/assistant/questions/"


def soup_of(client: Client, address: str = BASE, **headers: str) -> BeautifulSoup:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def questions(soup: BeautifulSoup) -> list[str]:
    return [found.get_text(strip=True) for found in soup.select(".qa-item__question")]


def topics(soup: BeautifulSoup) -> dict[str, str]:
    return {
        found.a.get_text(strip=True): found.select_one(".qa-topic__count").get_text(strip=True)
        for found in soup.select(".qa-topic__title")
    }


@pytest.fixture
def queries() -> Callable[[Client, str], int]:
    def count(client: Client, address: str) -> int:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    return count


# --- what stands where ----------------------------------------------------------------------------
def test_topics_with_their_numbers_and_first_questions(client: Client, column: Page) -> None:
    tax = Topic.objects.get(slug="tax")
    for number in range(4):
        make_question(column, f"税怎么交第{number}种？", topic=tax)
    make_question(column, "没有主题的事？", topic=None, origin="import")
    make_question(column, "草稿？", live=False)
    soup = soup_of(client)
    counts = {name: count[0] for name, count in topics(soup).items()}
    assert counts.pop("税费") == "4"
    assert list(counts.values()) == ["1"]
    links = [a.get_text(strip=True) for a in soup.select(".qa-topic__first a")]
    assert links == ["税怎么交第0种？", "税怎么交第1种？", "税怎么交第2种？", "没有主题的事？"]
    first = soup.select_one(".qa-topic__first a")
    assert first is not None
    page = QuestionPage.objects.get(title="税怎么交第0种？")
    assert first["href"] == f"/yaowen/{page.slug}/"


def test_only_what_is_in_force_stands_in_a_topic(client: Client, column: Page) -> None:
    now = timezone.now()
    make_question(column, "现在怎么办？")
    make_question(column, "以后怎么办？", valid_from=now + datetime.timedelta(days=1))
    gone = make_question(column, "撤了怎么办？")
    soon = make_question(column, "快到期怎么办？", valid_until=now + datetime.timedelta(hours=1))
    assert questions(soup_of(client, BASE + "household/")) == [
        "现在怎么办？", "撤了怎么办？", "快到期怎么办？",
    ]  # fmt: skip
    gone.unpublish()
    QuestionPage.objects.filter(pk=soon.pk).update(valid_until=now)
    soon.publications.update(valid_until=now - datetime.timedelta(seconds=1))
    assert questions(soup_of(client, BASE + "household/")) == ["现在怎么办？"]


def test_an_answer_is_marked_up_for_other_machines(client: Client, column: Page) -> None:
    make_question(column, "怎么<b>落户？", answer="<p>带<b>证</b>。</p>")
    soup = soup_of(client, BASE + "household/")
    item = soup.select_one('[itemtype="https://schema.org/FAQPage"] [itemprop="mainEntity"]')
    assert item is not None
    assert item["itemtype"] == "https://schema.org/Question"
    assert item.select_one('[itemprop="name"]').get_text(strip=True) == "怎么<b>落户？"  # type: ignore[union-attr]
    answer = item.select_one('[itemprop="acceptedAnswer"] [itemprop="text"]')
    assert answer is not None
    assert answer.decode_contents() == "<p>带<b>证</b>。</p>"
    assert not soup.select("main script")


def test_pages_by_path(client: Client, column: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse_views, "PER_PAGE", 2)
    for number in range(5):
        make_question(column, f"第{number}问？")
    assert questions(soup_of(client, BASE + "household/")) == ["第0问？", "第1问？"]
    last = soup_of(client, BASE + "household/page/3/")
    assert questions(last) == ["第4问？"]
    assert last.select_one("[rel=prev]")["href"] == BASE + "household/page/2/"  # type: ignore[index]
    assert not last.select("link[hreflang]")  # other languages have other entries on their third
    for address in ("household/page/1/", "household/page/4/", "household/page/0/", "tax/", "x/"):
        assert client.get(BASE + address).status_code == 404, address


def test_languages_that_have_entries(client: Client, column: Page) -> None:
    source = make_question(column, "怎么落户？")
    make_question(column, "How do I register?", language="en", translation_of=source, phrasings=[])
    soup = soup_of(client)
    links = {a["hreflang"]: a["href"] for a in soup.select(".qa-languages a")}
    assert links == {"zh-Hans": BASE, "zh-Hant": "/zh-hant" + BASE, "en": BASE + "en/"}
    english = soup_of(client, BASE + "en/household/")
    assert questions(english) == ["How do I register?"]
    assert english.html is not None
    assert english.html["lang"] == "en"
    assert "Household registration" in english.h1.get_text()  # type: ignore[union-attr]
    hant = soup_of(client, "/zh-hant" + BASE + "household/")
    assert hant.html is not None
    assert hant.html["lang"] == "zh-Hant"
    assert questions(hant) == ["怎麼落戶？"]
    named = {a["hreflang"]: a["href"] for a in hant.select("link[hreflang]")}
    assert named["zh-Hant"] == "/zh-hant" + BASE + "household/"
    moved = client.get(BASE + "zh-hant/household/?site=hubin")
    assert moved.headers["Location"] == "/zh-hant" + BASE + "household/?site=hubin"
    assert client.get(BASE + "?lang=en").headers["Location"] == BASE + "en/"
    assert client.get(BASE + "ko/household/").status_code == 404


def test_traditional_characters_without_the_plugin_that_has_them_for_all_pages(
    client: Client, column: Page
) -> None:
    make_question(column, "怎么落户？")
    with disable_plugin("foreign"):
        links = {a["hreflang"]: a["href"] for a in soup_of(client).select(".qa-languages a")}
        assert links == {"zh-Hans": BASE, "zh-Hant": BASE + "zh-hant/"}
        hant = soup_of(client, BASE + "zh-hant/household/")
    assert questions(hant) == ["怎麼落戶？"]


def test_chinese_words_of_an_english_answer_say_so(client: Client, column: Page) -> None:
    answer = "<p>Open “云湖通”.</p>"
    page = make_question(column, "How?", language="en", phrasings=[], answer=answer)
    marked = '“<bdi lang="zh-Hans">云湖通</bdi>”'
    for address in (BASE + "en/household/", page.url):
        assert marked in client.get(address).content.decode(), address


def test_each_site_shows_its_own_and_the_portal_all(client: Client, world: World) -> None:
    make_question(world.column, "市里怎么办？")
    make_question(world.hubin_column, "区里怎么办？")
    make_question(world.gaoxin_column, "高新怎么办？")
    address = BASE + "household/"
    assert len(questions(soup_of(client, address))) == 3
    assert questions(soup_of(client, address, host=SUB_SITE_HOST)) == ["高新怎么办？"]
    assert questions(soup_of(client, address + "?site=hubin")) == ["区里怎么办？"]
    assert client.get(address + "?site=nowhere").status_code == 404


def test_what_not_everybody_may_read_is_left_out(client: Client, world: World) -> None:
    make_question(world.column, "内部怎么办？")
    make_question(world.hubin_column, "公开怎么办？")
    PageViewRestriction.objects.create(page=world.column, restriction_type="login")
    assert questions(soup_of(client, BASE + "household/")) == ["公开怎么办？"]
    assert "内部" not in soup_of(client).get_text()


@pytest.mark.parametrize("address", [BASE, BASE + "household/"])
def test_a_list_costs_few_queries_however_long(
    client: Client, column: Page, queries: Callable[[Client, str], int], address: str
) -> None:
    make_question(column)
    few = queries(client, address)
    for number in range(12):
        make_question(column, f"第{number}问？")
    assert queries(client, address) <= few <= 12


# --- search ---------------------------------------------------------------------------------------
def test_searching_finds_questions_and_what_is_typed_is_only_text(
    client: Client, column: Page
) -> None:
    make_question(column, "新生儿怎么上户口？")
    make_question(column, "驾驶证丢了怎么补？", phrasings=[])
    soup = soup_of(client, BASE + "?q=新生儿上户口")
    assert soup.select_one(".qa-found__title").get_text(strip=True) == "新生儿怎么上户口？"  # type: ignore[union-attr]
    hostile = soup_of(client, BASE + '?q="><script>alert(1)</script>')
    assert not hostile.select("main script")
    assert client.get(BASE + "?q=" + "x" * 5000).status_code == 200
    assert client.get(BASE + "?q=%00%20").status_code == 200


def test_personal_data_that_is_searched_for_is_not_shown(client: Client, column: Page) -> None:
    soup = soup_of(client, BASE + "?q=我的手机13812345678")
    assert "13812345678" not in soup.get_text() + str(soup.select_one("#qa-q"))


def test_the_form_sends_words_in_the_body_so_that_no_address_holds_them(
    client: Client, column: Page
) -> None:
    make_question(column, "新生儿怎么上户口？")
    form = soup_of(client, BASE).select_one("form.qa-search")
    assert form is not None
    assert form["method"] == "post"
    answer = client.post(str(form["action"]), {"q": "新生儿上户口"})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    soup = BeautifulSoup(answer.content, "html.parser")
    assert soup.select_one(".qa-found__title")
    addresses = [str(link["href"]) for link in soup.select("main a[href], link[href]")]
    assert not any("q=" in address for address in addresses)
    assert Client(enforce_csrf_checks=True).post(BASE, {"q": "户口"}).status_code == 200
    assert client.put(BASE).status_code == 405


def test_nothing_found_leads_on(
    client: Client, column: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Findings(Decision.DECLINE, (), (), 0.0, "full")
    monkeypatch.setattr(browse_views, "find", lambda search: nothing)
    soup = soup_of(client, BASE + "?q=火星")
    assert soup.select_one(f'.empty a[href="{BASE}"]')


# --- useful? --------------------------------------------------------------------------------------
@pytest.fixture
def entry(column: Page) -> QuestionPage:
    return make_question(column)


def press(client: Client, entry: QuestionPage, value: str, **data: str) -> Any:
    headers = {"X-Forwarded-For": data.pop("address", "203.0.113.9")}
    return client.post(f"{BASE}{entry.pk}/useful/", {"useful": value} | data, headers=headers)


def test_one_vote_a_day_that_one_may_change(client: Client, entry: QuestionPage) -> None:
    response = press(client, entry, "yes")
    assert (response.status_code, response.headers["Location"]) == (
        303, f"{BASE}{entry.pk}/thanks/",
    )  # fmt: skip
    assert not response.cookies
    press(client, entry, "no", lang="en", reason="wrong")
    assert [(row.useful, row.reason) for row in Vote.objects.all()] == [(False, "wrong")]
    press(client, entry, "yes", address="198.51.100.7")
    assert Vote.objects.count() == 2
    assert "203.0.113" not in str(list(Vote.objects.values()))


def test_after_a_no_one_is_asked_why(client: Client, entry: QuestionPage) -> None:
    response = press(client, entry, "no", lang="en")
    assert response.headers["Location"] == f"{BASE}en/{entry.pk}/why/"
    soup = soup_of(client, response.headers["Location"])
    form = soup.select_one("form.qa-why")
    assert form is not None
    assert len(form.select("button[name=reason]")) == 4
    assert f"/yaowen/{entry.slug}/" in [a["href"] for a in soup.select(".qa__onward a")]


def test_votes_from_elsewhere_and_of_nothing_are_refused(
    client: Client, entry: QuestionPage
) -> None:
    url = f"{BASE}{entry.pk}/useful/"
    foreign = {"Origin": "https://evil.example"}
    assert client.post(url, {"useful": "yes"}, headers=foreign).status_code == 403
    assert client.post(url, {"useful": "maybe"}).status_code == 400
    assert client.get(url).status_code == 405
    entry.unpublish()
    assert client.post(url, {"useful": "yes"}).status_code == 404
    assert not Vote.objects.exists()


def test_who_votes_too_often_waits(
    client: Client, entry: QuestionPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(votes, "MOST", 2)
    assert [press(client, entry, "yes").status_code for _number in range(3)] == [303, 303, 429]
    assert press(client, entry, "yes").headers["Retry-After"]
    assert press(client, entry, "yes", address="198.51.100.7").status_code == 303
