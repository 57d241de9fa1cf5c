"""The public page of an entry: what it shows, says of its validity, costs; lists; the column."""

import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin.entry_page import validity_text
from assistant.portal_plugin.lists import LatestQuestions
from assistant.portal_plugin.models import QuestionPage
from tests.factories import ArticleFactory, ColumnFactory, World
from tests.factories.pages import publish

from .factories import make_question, republish, source

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def read(client: Client, page: Page, query: str = "") -> Any:
    response = client.get(urlsplit(page.url).path + query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_the_page_shows_the_whole_entry(client: Client, column: Page) -> None:
    basis = publish(ArticleFactory(parent=column, draft=True, title="落户指南"))
    page = make_question(
        column, sources=[source(basis), source(url="https://e.cn/x", label="条例")]
    )
    make_question(column, "孩子的户口随谁？")
    english = make_question(column, "How?", language="en", translation_of=page)
    shown = read(client, page)
    assert shown.h1.get_text(strip=True) == page.question
    assert shown.h1["lang"] == "zh-Hans"
    assert "出生医学证明" in shown.find(itemprop="acceptedAnswer").get_text()
    titles = [item.get_text() for item in shown.select(".sources__list a")]
    assert titles == ["落户指南", "条例"]
    assert [item.get_text() for item in shown.select(".entry__link a")] == ["孩子的户口随谁？"]
    [other] = shown.select(".entry__languages a")
    assert (other["hreflang"], other.get_text()) == ("en", "English")
    assert not shown.select(".validity-notice")
    assert shown.find("meta", {"name": "ContentSource"})["content"] == str(page.owner_unit)
    foreign = read(client, english)
    assert foreign.h1["lang"] == "en"
    assert [row.get_text() for row in foreign.select(".entry__languages a")] == ["简体中文"]


def test_what_is_no_longer_in_force_says_so(client: Client, column: Page) -> None:
    new = make_question(column, "现在怎么办？")
    old = make_question(column, "以前怎么办？", superseded_by=new)
    notice = read(client, old).select_one(".validity-notice")
    assert notice is not None
    assert new.title in notice.get_text()
    basis = publish(ArticleFactory(parent=column, draft=True))
    page = make_question(column, "靠它？", sources=[source(basis)])
    basis.unpublish()
    from assistant.portal_plugin.services.knowledge import follow_targets

    follow_targets(page_pks=[basis.pk])
    shown = read(client, page)
    assert shown.select_one(".validity-notice .mark") is not None
    assert not shown.select(".sources__list a")  # what was withdrawn is named, not linked
    later = make_question(column, "以后？", valid_from=timezone.now() + DAY)
    assert read(client, later).select_one(".validity-notice") is not None


def test_an_ended_entry_is_nobodys_neighbour(client: Client, column: Page) -> None:
    page = make_question(column)
    make_question(column, "过期了？", valid_until=timezone.now() - DAY)
    assert not read(client, page).select(".entry__link")


def test_a_translation_that_is_behind_says_so(client: Client, column: Page) -> None:
    page = make_question(column)
    english = make_question(
        column, "How?", language="en", translation_of=page, source_state=page.text_state
    )
    assert not read(client, english).select(".answer__notes")
    republish(page, answer="<p>改了。</p>")
    assert page.title in read(client, english).select_one(".answer__notes").get_text()


def test_the_print_view_holds_the_same(client: Client, column: Page) -> None:
    page = make_question(column)
    shown = read(client, page, "?print=1")
    assert shown.select_one(".sheet h1").get_text(strip=True) == page.question
    assert shown.select(".sources__list li")


def test_the_page_keeps_its_budget(client: Client, column: Page) -> None:
    basis = publish(ArticleFactory(parent=column, draft=True))
    page = make_question(column, sources=[source(basis)])
    make_question(column, "How?", language="en", translation_of=page)
    for number in range(8):
        make_question(column, f"问{number}？")
    read(client, page)
    with CaptureQueriesContext(connection) as captured:
        read(client, page)
    assert len(captured) <= 12, [query["sql"] for query in captured]


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        (None, None, ""),
        ((2026, 1, 1), None, "2026"),
        (None, (2027, 1, 1), "31"),  # ends with the last day of the year before
    ],
)
def test_validity_in_words(begin: Any, end: Any, words: str) -> None:
    def moment(day: Any) -> Any:
        return timezone.make_aware(datetime.datetime(*day)) if day else None  # noqa: DTZ001

    text = validity_text(moment(begin), moment(end))
    assert (words in text) if words else text == ""


def test_the_column_of_questions_leads_to_the_topics(client: Client, world: World) -> None:
    column = ColumnFactory(parent=world.home, title="常见问题", slug="wenda")
    response = client.get("/wenda/")
    assert (response.status_code, response["Location"]) == (302, "/assistant/questions/")
    make_question(column)
    assert client.get("/yaowen/").status_code == 200


def test_the_newest_answers_of_a_site_as_a_list(world: World, column: Page) -> None:
    first = make_question(column, "先？")
    second = make_question(column, "后？")
    make_question(column, "过期？", valid_until=timezone.now() - DAY)
    make_question(world.hubin_column, "湖滨？")
    found = LatestQuestions().items(site=world.site.pk, language="zh-hans", count=5)
    assert [item.title for item in found] == [second.title, first.title]
    assert not LatestQuestions("tax").items(site=world.site.pk, language="zh-hans", count=5)
    assert QuestionPage.objects.count() == 4
