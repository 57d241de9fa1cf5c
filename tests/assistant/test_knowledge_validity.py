"""When an entry is in force, and what an answer may show at a moment."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.selectors.knowledge import (
    Answerable,
    answerable,
    current_entries,
    in_language,
)
from portal.core.models import OutboxEvent, Publication, Standing
from tests.factories import ArticleFactory, World
from tests.factories.pages import publish

from .factories import make_question, republish, source

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
UTC = datetime.UTC


def shown(page: QuestionPage, at: datetime.datetime | None = None) -> Answerable | None:
    return answerable([page.pk], at=at).get(page.pk)


def standing(page: Page) -> tuple[str, bool]:
    """What is stored of an entry: its standing, and whether it counts as in force."""
    row = Publication.objects.get(page=page, closed=False)
    return row.standing, row.is_in_force()


def a_page(column: Page, **fields: Any) -> Page:
    page = ArticleFactory(parent=column, draft=True, **fields)
    return publish(page)


# --- its own interval -------------------------------------------------------------------------
def test_a_public_entry_is_answerable_with_all_that_is_shown(column: Page) -> None:
    page = make_question(column, audience="residents,families")
    found = shown(page)
    assert found is not None
    assert found.question == page.question
    assert found.answer_text == "到户籍派出所办理，带出生医学证明。"
    assert found.topic == "household"
    assert found.owner == str(page.owner_unit)
    assert found.audience == ("residents", "families")
    assert found.version == page.live_revision_id
    assert page.url.endswith(found.url)
    assert [row.url for row in found.sources] == ["https://www.yunhu.gov.cn/guide"]


def test_a_draft_is_not_answerable_nor_what_was_withdrawn(column: Page) -> None:
    draft = make_question(column, live=False)
    public = make_question(column, "怎么迁户口？")
    assert set(answerable([draft.pk, public.pk])) == {public.pk}
    public.unpublish()
    assert answerable([draft.pk, public.pk]) == {}


def test_an_entry_with_an_interval_is_answerable_within_it_only(column: Page) -> None:
    now = timezone.now()
    page = make_question(column, valid_from=now + DAY, valid_until=now + 3 * DAY)
    assert standing(page) == (Standing.NOT_YET_EFFECTIVE, False)
    assert shown(page) is None
    with time_machine.travel(now + 2 * DAY, tick=False):
        assert shown(page) is not None
    with time_machine.travel(now + 3 * DAY, tick=False):
        assert shown(page) is None
        assert page.standing() == Standing.EXPIRED


def test_what_is_hidden_from_some_is_answered_to_nobody(column: Page) -> None:
    from wagtail.models import PageViewRestriction

    from portal.core import structure

    page = make_question(column)
    PageViewRestriction.objects.create(page=column, restriction_type="login")
    structure.touch()
    assert shown(page) is None


# --- what it rests on -------------------------------------------------------------------------
def test_a_withdrawn_source_ends_an_entry_at_once_and_a_return_brings_it_back(
    column: Page,
) -> None:
    basis = a_page(column)
    page = make_question(column, sources=[source(basis)])
    assert shown(page) is not None
    basis.unpublish()
    assert shown(page) is None
    basis.refresh_from_db()
    publish(basis)
    assert shown(page) is not None


def test_the_record_of_an_entry_follows_its_source(
    column: Page, django_capture_on_commit_callbacks: Any
) -> None:
    basis = a_page(column)
    page = make_question(column, sources=[source(basis)])
    assert standing(page) == (Standing.IN_FORCE, True)
    with django_capture_on_commit_callbacks(execute=True):
        basis.unpublish()
    assert standing(page) == (Standing.OUTDATED, False)
    assert OutboxEvent.objects.filter(kind="page.validity", key=f"page:{page.pk}").exists()
    basis.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        publish(basis)
    assert standing(page) == (Standing.IN_FORCE, True)


def test_the_outbox_is_the_second_way(column: Page) -> None:
    from portal.core import outbox

    basis = a_page(column)
    page = make_question(column, sources=[source(basis)])
    from assistant.portal_plugin.followers import ValidityFollower

    outbox.run_consumers([ValidityFollower()])
    basis.unpublish()  # the event in the process waits for a commit that a test never makes
    assert standing(page) == (Standing.IN_FORCE, True)
    outbox.run_consumers([ValidityFollower()])
    assert standing(page) == (Standing.OUTDATED, False)


def test_a_deleted_source_ends_an_entry(
    column: Page, django_capture_on_commit_callbacks: Any
) -> None:
    basis = a_page(column)
    page = make_question(column, sources=[source(basis)])
    with django_capture_on_commit_callbacks(execute=True):
        basis.delete()
    assert shown(page) is None
    assert standing(page) == (Standing.OUTDATED, False)


# --- one entry and another --------------------------------------------------------------------
def test_a_successor_ends_an_entry_when_it_becomes_public(column: Page) -> None:
    new = make_question(column, "新办法怎么办？", live=False)
    old = make_question(column, "老办法怎么办？", superseded_by=new)
    assert shown(old) is not None
    republish(new)
    assert shown(old) is None
    assert standing(old) == (Standing.EXPIRED, False)


def test_a_successor_of_next_week_ends_it_next_week(column: Page) -> None:
    now = timezone.now()
    new = make_question(column, "新办法怎么办？", valid_from=now + 7 * DAY)
    old = make_question(column, "老办法怎么办？", superseded_by=new)
    assert shown(old) is not None
    with time_machine.travel(now + 7 * DAY, tick=False):
        assert shown(old) is None


def test_a_translation_ends_with_its_source(column: Page) -> None:
    original = make_question(column)
    english = make_question(
        column, "How to register a newborn?", language="en", translation_of=original
    )
    assert shown(english) is not None
    original.unpublish()
    assert shown(english) is None
    assert standing(english) == (Standing.OUTDATED, False)


def test_deleting_an_entry_withdraws_its_translations(column: Page) -> None:
    original = make_question(column)
    english = make_question(column, "How?", language="en", translation_of=original)
    original.delete()
    english.refresh_from_db()
    assert not english.live
    assert shown(english) is None


def test_entries_that_name_each_other_come_to_rest(column: Page) -> None:
    one = make_question(column, "一？")
    two = make_question(column, "二？", superseded_by=one)
    republish(one, superseded_by=two)
    assert not answerable([one.pk, two.pk])


# --- another moment ---------------------------------------------------------------------------
def test_a_past_moment_gives_text_and_validity_of_that_day(column: Page) -> None:
    start = datetime.datetime(2026, 3, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        page = make_question(column, answer="<p>收费五元。</p>")
    with time_machine.travel(start + 10 * DAY, tick=False):
        page = republish(page, answer="<p>不收费。</p>")
        first = page.live_revision_id
    with time_machine.travel(start + 20 * DAY, tick=False):
        page.unpublish()
    before = shown(page, start + 5 * DAY)
    between = shown(page, start + 15 * DAY)
    assert before is not None
    assert between is not None
    assert (before.answer_text, between.answer_text) == ("收费五元。", "不收费。")
    assert between.version == first
    assert before.sources[0].label == "https://www.yunhu.gov.cn/guide"
    assert shown(page, start + 25 * DAY) is None
    assert shown(page, start - DAY) is None


def test_the_past_asks_for_the_sources_of_then(column: Page) -> None:
    start = datetime.datetime(2026, 3, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        basis = a_page(column)
        page = make_question(column, sources=[source(basis)])
    with time_machine.travel(start + 10 * DAY, tick=False):
        basis.unpublish()
    assert shown(page, start + 5 * DAY) is not None
    assert shown(page, start + 15 * DAY) is None


# --- languages --------------------------------------------------------------------------------
def test_a_translation_is_given_word_for_word(column: Page) -> None:
    original = make_question(column)
    english = make_question(
        column,
        "How to register a newborn?",
        answer="<p>At the police station.</p>",
        language="en",
        translation_of=original,
        trust="reviewed_machine",
    )
    found = shown(original)
    assert found is not None
    worded = in_language(found, "en")
    assert (worded.entry.page, worded.is_asked_language) == (english.pk, True)
    assert worded.entry.trust == "reviewed_machine"
    back = in_language(worded.entry, "zh-hans")
    assert back.entry.page == original.pk


def test_without_a_translation_the_source_is_given_as_what_it_is(column: Page) -> None:
    original = make_question(column)
    english = make_question(column, "How?", language="en", translation_of=original)
    found = shown(english)
    assert found is not None
    worded = in_language(found, "ko")
    assert (worded.entry.page, worded.language) == (original.pk, "zh-hans")
    assert not worded.is_asked_language


def test_traditional_chinese_is_converted_and_addresses_stay(column: Page) -> None:
    page = make_question(
        column, "户籍怎么迁移？", answer='<p>见<a href="https://e.cn/户籍">户籍指南</a>。</p>'
    )
    found = shown(page)
    assert found is not None
    worded = in_language(found, "zh-hant")
    assert worded.is_converted
    assert worded.entry.question == "戶籍怎麼遷移？"
    assert worded.entry.answer_html == '<p>見<a href="https://e.cn/户籍">戶籍指南</a>。</p>'


def test_a_translation_whose_source_changed_says_so(column: Page) -> None:
    original = make_question(column)
    english = make_question(
        column,
        "How?",
        language="en",
        translation_of=original,
        source_state=original.text_state,
    )
    found = shown(english)
    assert found is not None
    assert not found.is_stale
    republish(original, answer="<p>另有规定。</p>")
    found = shown(english)
    assert found is not None
    assert found.is_stale


# --- cost -------------------------------------------------------------------------------------
def test_two_queries_whatever_the_number(world: World, column: Page) -> None:
    basis = a_page(column)
    pages = [make_question(column, f"问题{n}？", sources=[source(basis)]) for n in range(3)]
    assert basis.url  # the structure is read
    with CaptureQueriesContext(connection) as captured:
        assert len(answerable([page.pk for page in pages])) == 3
    asked = [query["sql"] for query in captured if "structureversion" not in query["sql"]]
    assert len(asked) == 2, asked


def test_lists_hold_what_is_answerable(column: Page) -> None:
    now = timezone.now()
    page = make_question(column)
    make_question(column, "以后？", valid_from=now + DAY)
    make_question(column, "草稿？", live=False)
    assert list(current_entries()) == [page]
