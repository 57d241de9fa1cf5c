"""Answers from translations: who made them, what prevails, and for how long they may be behind."""

import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin.answering.serial import receipt_json
from assistant.portal_plugin.models import QuestionPage, Trust
from assistant.portal_plugin.selectors.knowledge import Answerable, answerable
from assistant.portal_plugin.selectors.receipts import State, receipt
from assistant.portal_plugin.services.receipts import follow_pages
from portal.foreign.models import MadeBy, PageTranslation, TeamRole
from portal.testing import disable_plugin
from tests.factories import ArticleFactory, World
from tests.foreign.staleness import core, open_section, released

from .asking import ask
from .factories import make_question, republish, source

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
CHANGED = "<p>现在到政务中心办理。</p>"


@pytest.fixture
def translated_page(world: World) -> PageTranslation:
    """A Chinese guide with a released English translation."""
    section = open_section(world)
    page = ArticleFactory(parent=world.column, title="办事指南")
    core(world, page)
    [row] = released(page, section)
    PageTranslation.objects.filter(pk=row.pk).update(
        made_by=MadeBy.REVIEWED_MACHINE,
        reviewer_role=TeamRole.LANGUAGE_REVIEWER,
        released_at=timezone.now(),
    )
    return PageTranslation.objects.select_related("target", "source").get(pk=row.pk)


@pytest.fixture
def pair(column: Page) -> tuple[QuestionPage, QuestionPage]:
    """A Chinese entry and its English translation, made from what it says now."""
    original = make_question(column)
    english = make_question(
        column,
        "How do I register a newborn?",
        answer="<p>At the police station.</p>",
        language="en",
        translation_of=original,
        source_state=original.text_state,
        trust=Trust.REVIEWED_MACHINE,
    )
    return original, english


def now_shown(page: Page) -> Answerable:
    return answerable([page.pk])[page.pk]


# --- who made it ------------------------------------------------------------------------------
def test_a_source_that_is_a_translated_page_carries_its_label(
    column: Page, client: Client, translated_page: PageTranslation
) -> None:
    entry = make_question(column, "How?", language="en", sources=[source(translated_page.target)])
    given = ask("How?", entry, language="en")
    own, cited = given.record.content["citations"]
    assert own["translation"] is None
    assert cited["trust"] == "reviewed_machine"
    made = cited["translation"]
    assert made["label"] == "Machine translation, reviewed by a person"
    assert made["reviewer"] == "Language reviewer"
    assert made["date"] == timezone.now().date().isoformat()
    assert made["prevails"] == "This is a translation. The Chinese text prevails."
    assert made["original"].endswith(f"/{translated_page.source.slug}/")

    html = client.get(f"/assistant/answers/{given.record.pk}/?lang=en").content.decode()
    sources = html[html.index('class="sources__list"') :]
    assert "Machine translation, reviewed by a person" in sources
    assert "Reviewed by: Language reviewer." in sources
    assert "The Chinese text prevails." in sources
    assert f'href="{made["original"]}" hreflang="zh-Hans">Chinese original' in sources

    receipt_given = client.get(f"/api/v1/assistant/answers/{given.record.pk}").json()
    told = receipt_given["citations"][1]["translation"]
    assert told["made_by"] == "reviewed_machine"
    assert told["original"] == "http://testserver" + made["original"]


def test_labels_cost_two_queries_for_all_sources_and_none_for_chinese_ones(
    column: Page, world: World, translated_page: PageTranslation
) -> None:
    from assistant.portal_plugin.answering.translations import translations_cited

    other = ArticleFactory(parent=world.column, title="另一份指南")
    core(world, other)
    [row] = released(other, translated_page.section)
    second = PageTranslation.objects.get(pk=row.pk).target
    PageTranslation.objects.filter(pk=row.pk).update(made_by=MadeBy.HUMAN)
    both = now_shown(
        make_question(
            column, "How?", language="en",
            sources=[source(translated_page.target), source(second)],
        )
    )  # fmt: skip
    translations_cited(both, language="en", site=world.site.pk)  # switches are known
    with CaptureQueriesContext(connection) as queries:
        made = translations_cited(both, language="en", site=world.site.pk)
    assert [one["made_by"] for one in made.values()] == ["reviewed_machine", "human"]
    # Beside them one look at whether the structure in memory is still the present one, as always.
    made_of = [query["sql"] for query in queries]
    assert len(made_of) <= 3, made_of
    assert sum('FROM "foreign_pagetranslation"' in sql for sql in made_of) == 1
    assert sum('FROM "wagtailcore_page"' in sql for sql in made_of) == 1
    chinese = now_shown(make_question(column, sources=[source(translated_page.source)]))
    with CaptureQueriesContext(connection) as queries:
        assert translations_cited(chinese, language="zh-hans", site=world.site.pk) == {}
    assert not queries.captured_queries


def test_without_the_foreign_plugin_answers_have_no_labels(
    column: Page, translated_page: PageTranslation
) -> None:
    from assistant.portal_plugin.answering.translations import translations_cited

    entry = make_question(column, "How?", language="en", sources=[source(translated_page.target)])
    shown = now_shown(entry)
    with disable_plugin("foreign"):
        assert translations_cited(shown, language="en", site=None) == {}


def test_a_translated_entry_says_who_made_it_and_leads_to_the_chinese(
    client: Client, pair: tuple[QuestionPage, QuestionPage]
) -> None:
    original, english = pair
    given = ask("How?", original, language="en")
    own = given.record.content["citations"][0]
    assert own["trust"] == "reviewed_machine"
    assert own["translation"]["original_language"] == "zh-hans"
    html = client.get(f"/assistant/answers/{given.record.pk}/?lang=en").content.decode()
    head = html[html.index("answer__trust") : html.index("</header>", html.index("answer__trust"))]
    assert "Machine translation, reviewed by a person" in head
    assert f'/{original.slug}/" hreflang="zh-Hans">Chinese original' in head
    page = client.get(english.url).content.decode()
    assert f'/{original.slug}/" hreflang="zh-Hans">Chinese original' in page


def test_a_chinese_answer_has_no_label(column: Page, client: Client) -> None:
    given = ask("小孩户口", make_question(column))
    assert [one["translation"] for one in given.record.content["citations"]] == [None, None]
    assert (
        "answer__trust" not in client.get(f"/assistant/answers/{given.record.pk}/").content.decode()
    )


def test_what_is_printed_for_widgets_has_the_line_and_the_way(
    column: Page, translated_page: PageTranslation
) -> None:
    from assistant.portal_plugin.answering.presented import presented

    entry = make_question(column, "How?", language="en", sources=[source(translated_page.target)])
    given = ask("How?", entry, language="en")
    printed = presented(given.record, "https://city.example")["sources"][0]["translation"]
    assert printed["text"].startswith("Machine translation, reviewed by a person · Reviewed by:")
    assert printed["original"].startswith("https://city.example/")
    assert printed["original_label"] == "Chinese original"
    # In other words for a page in another language; what came as words stays.
    traditional = presented(given.record, "", language="zh-hant")["sources"][0]["translation"]
    assert "機" in traditional["text"]


def test_receipts_of_before_have_no_labels_and_are_shown(column: Page, client: Client) -> None:
    given = ask("小孩户口", make_question(column))
    for citation in given.record.content["citations"]:
        del citation["translation"]
    given.record.save(update_fields=["content"])
    assert client.get(f"/assistant/answers/{given.record.pk}/").status_code == 200
    told = client.get(f"/api/v1/assistant/answers/{given.record.pk}").json()
    assert [one["translation"] for one in told["citations"]] == [None, None]


# --- how far it may be behind ------------------------------------------------------------------
def test_a_stale_translation_is_given_with_a_note_for_some_days_then_the_chinese(
    client: Client, pair: tuple[QuestionPage, QuestionPage], settings: Any
) -> None:
    settings.ASSISTANT_TRANSLATION_LAG_DAYS = 10
    original, english = pair
    now = timezone.now()
    with time_machine.travel(now + DAY, tick=False):
        republish(original, answer=CHANGED)
    with time_machine.travel(now + 10 * DAY, tick=False):
        given = ask("How?", english, language="en")
        assert given.record.text == "At the police station."
        assert given.record.content["notes"] == ["stale"]
        assert "At the police station." in client.get(english.url).content.decode()
    with time_machine.travel(now + 11 * DAY, tick=False):
        for found in (english, original):
            given = ask("How?", found, language="en")
            assert (given.record.text, given.record.text_language) == (
                "现在到政务中心办理。",
                "zh-hans",
            )
            assert given.record.content["notes"] == ["behind"]
        html = client.get(english.url).content.decode()
        assert "At the police station." not in html
        assert "现在到政务中心办理。" in html
        # Brought up to date, it is given again.
        republish(
            english,
            answer="<p>At the service centre.</p>",
            source_state=QuestionPage.objects.get(pk=original.pk).text_state,
        )
        given = ask("How?", english, language="en")
        assert given.record.text == "At the service centre."
        assert given.record.content["notes"] == ["translated"]


def test_another_field_of_the_source_ages_no_translation(
    pair: tuple[QuestionPage, QuestionPage],
) -> None:
    """The days count from the change of the text, whatever else was changed before or after."""
    original, english = pair
    now = timezone.now()
    for days, changes in (
        (1, {"phrasings": ["咋上户口"]}),
        (5, {"answer": CHANGED}),
        (9, {"phrasings": ["上户口"]}),
    ):
        with time_machine.travel(now + days * DAY, tick=False):
            original = republish(original, **changes)
            found = now_shown(english)
            assert found.is_stale == (days >= 5)
    with time_machine.travel(now + 14 * DAY, tick=False):
        assert not now_shown(english).is_withheld
        assert now_shown(english).stale_since == now + 5 * DAY
    with time_machine.travel(now + 15 * DAY, tick=False):
        assert now_shown(english).is_withheld


def test_a_change_that_is_taken_back_leaves_nothing_stale(
    pair: tuple[QuestionPage, QuestionPage],
) -> None:
    original, english = pair
    first = original.answer
    original = republish(original, answer=CHANGED)
    republish(original, answer=first)
    assert now_shown(english).stale_since is None


def test_the_past_knows_how_far_a_translation_was_behind_then(column: Page) -> None:
    start = timezone.now() - 40 * DAY
    with time_machine.travel(start, tick=False):
        original = make_question(column)
        english = make_question(
            column, "How?", language="en", translation_of=original, source_state=original.text_state
        )
    with time_machine.travel(start + 5 * DAY, tick=False):
        republish(original, answer=CHANGED)
    expected = {3: (False, False), 10: (True, False), 20: (True, True)}
    for days, states in expected.items():
        found = answerable([english.pk], at=start + days * DAY)[english.pk]
        assert (found.is_stale, found.is_withheld) == states, days


def test_nobody_pays_for_translations_that_are_up_to_date(
    pair: tuple[QuestionPage, QuestionPage],
) -> None:
    original, english = pair
    answerable([english.pk, original.pk])
    with CaptureQueriesContext(connection) as current:
        answerable([english.pk, original.pk])
    republish(original, answer=CHANGED)
    with CaptureQueriesContext(connection) as stale:
        answerable([english.pk, original.pk])
    assert len(stale) == len(current) + 2


def test_a_withdrawn_source_takes_its_translation_out_of_answers_at_once(
    pair: tuple[QuestionPage, QuestionPage],
) -> None:
    original, english = pair
    original.unpublish()
    given = ask("How?", english, original, language="en")
    assert given.status == "declined_no_source"


def test_receipts_of_a_translation_are_told_when_its_source_changes(
    pair: tuple[QuestionPage, QuestionPage],
) -> None:
    original, english = pair
    given = ask("How?", english, language="en")
    found: Any = receipt(given.record.pk)
    assert found.state is State.VALID
    republish(original, answer=CHANGED)
    assert follow_pages(page_pks=[original.pk]) == 1
    found = receipt(given.record.pk)
    assert found.state is State.SOURCE_AMENDED
    assert receipt_json(found, "https://city.example/")["state"]["state"] == "source_amended"


def test_entries_are_no_core_content_of_foreign_sections(column: Page, world: World) -> None:
    """An English entry stands in the Chinese tree: no section owes it once more in English."""
    from portal.foreign.services.syncing import sync_source

    section = open_section(world)
    core(world, column)
    article = ArticleFactory(parent=column, title="办事指南")
    entry = make_question(column, "How?", language="en")
    for page in (article, entry):
        sync_source(page)
    owed = PageTranslation.objects.filter(section=section).values_list("source", flat=True)
    assert list(owed) == [article.pk]


def test_versions_of_an_entry_name_each_other_in_switcher_and_head(
    client: Client, world: World, column: Page, pair: tuple[QuestionPage, QuestionPage]
) -> None:
    """They stand beside each other in the Chinese tree; the language is the entry's, not the tree's."""
    open_section(world)
    original, english = pair
    chinese_path, english_path = urlsplit(original.url).path, urlsplit(english.url).path
    expected = {
        "zh-Hans": chinese_path, "zh-Hant": f"/zh-hant{chinese_path}", "en": english_path,
        "x-default": chinese_path,
    }  # fmt: skip
    for path, current in ((chinese_path, "zh-Hans"), (english_path, "en")):
        soup = BeautifulSoup(client.get(path).content, "html.parser")
        head = {link["hreflang"]: link["href"] for link in soup.select("link[hreflang]")}
        assert {code: urlsplit(url).path for code, url in head.items()} == expected
        shown = soup.select(".languages a[hreflang]")
        assert {
            link["hreflang"]: link["href"] for link in shown if link["hreflang"] in expected
        } == {code: url for code, url in expected.items() if code != "x-default"}
        assert {link["hreflang"] for link in shown if link.get("aria-current")} == {current}
    original.unpublish()
    soup = BeautifulSoup(client.get(english_path).content, "html.parser")
    assert not soup.select("link[hreflang]")


def test_an_english_entry_stands_among_english_words(
    client: Client, world: World, pair: tuple[QuestionPage, QuestionPage]
) -> None:
    open_section(world)
    response = client.get(urlsplit(pair[1].url).path)
    assert response.headers["Content-Language"] == "en"
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == "en"
    [home] = soup.select(".breadcrumb a")
    assert (home.get_text(), home["href"]) == ("Home", "/en/")
    assert soup.select_one(".skip-link").get_text() == "Skip to the content"  # type: ignore[union-attr]
    assert "Answered by:" in soup.get_text()


def test_the_api_marks_chinese_words_of_an_english_answer_too(
    pair: tuple[QuestionPage, QuestionPage],
) -> None:
    """The widget shows it as it comes."""
    republish(pair[1], answer="<p>Open “云湖通”.</p>")
    given = ask("How?", pair[0], language="en")
    assert given.record.html == '<p>Open “<bdi lang="zh-Hans">云湖通</bdi>”.</p>'
    assert given.record.text == "Open “云湖通”."
