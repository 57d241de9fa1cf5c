"""First into the library, then used: every public page has a complete record, whatever way it took."""

import contextlib
import datetime
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask

from assistant.portal_plugin.models import QuestionPage
from portal.core import structure
from portal.core.gate import PublishRefused
from portal.library.house import house
from portal.library.models import CompletenessRule, LibraryRecord, State
from portal.library.services import records
from portal.pages.models import ArticlePage
from portal.plugin_api import publish_new_pages
from tests.factories import (
    ArticleFactory,
    OrganisationFactory,
    UserFactory,
    World,
    open_language,
    publish,
    without_foreign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def record_of(page) -> LibraryRecord:
    return LibraryRecord.objects.get(item=f"page:{page.pk}")


def test_publishing_makes_a_complete_record(world: World) -> None:
    page = ArticleFactory(parent=world.column, title="开放日", source="云湖日报", summary="说明")
    record = record_of(page)
    assert record.state == State.PUBLIC
    assert (record.title, record.summary, record.source_name) == ("开放日", "说明", "云湖日报")
    assert record.provider_id == world.column.owner_unit_id
    assert record.site_id == world.site.pk
    assert record.column_id == world.column.pk
    assert record.theme == "22"
    assert record.index_no.startswith("YUNHU-A-")


def test_every_page_of_the_world_has_one(world: World) -> None:
    for page in (world.home, world.column, world.hubin_home, world.gaoxin_column):
        assert record_of(page).provider_text


def test_numbers_are_unique_and_stay(world: World) -> None:
    pages = [ArticleFactory(parent=world.column) for _ in range(3)]
    numbers = {record_of(page).index_no for page in pages}
    assert len(numbers) == 3
    page = publish(pages[0], title="新题")
    assert record_of(page).index_no in numbers
    assert record_of(page).title == "新题"
    page.unpublish()
    assert record_of(page).state == State.WITHDRAWN
    assert record_of(page).index_no in numbers


def test_a_rule_refuses_what_lacks_a_field(world: World) -> None:
    CompletenessRule.objects.create(record_type="article", field="five_open")
    with pytest.raises(PublishRefused) as refused:
        ArticleFactory(parent=world.column)
    assert [problem.code for problem in refused.value.problems] == ["library"]


def test_what_people_wrote_survives_deriving(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    records.write(record=record_of(page), values={"theme": "0204", "summary": "手写"}, user=None)
    page = publish(page, title="又一题", summary="页面的摘要")
    record = record_of(page)
    assert (record.theme, record.summary, record.title) == ("0204", "手写", "又一题")
    records.write(record=record, values={"summary": None}, user=None)
    assert record_of(page).summary == "页面的摘要"


@pytest.mark.parametrize("state", ["public", "withdrawn"])
def test_the_provider_of_a_released_item_is_fixed(world: World, state: str) -> None:
    page = ArticleFactory(parent=world.column)
    if state == "withdrawn":
        page.unpublish()
    record, other = record_of(page), OrganisationFactory()
    with pytest.raises(ValidationError):
        records.write(record=record, values={"provider_id": other.pk}, user=None)
    assert record_of(page).provider_id == world.column.owner_unit_id
    with pytest.raises(ValidationError):
        records.write(record=record, values={"provider_id": None, "region": "x"}, user=None)
    assert record_of(page).region == ""


def test_a_publication_costs_three_queries_more(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    structure.current()
    house()  # read once for each version of the structure
    with CaptureQueriesContext(connection) as captured:
        publish(page, title="新")
    ours = [q["sql"] for q in captured if "library_" in q["sql"]]
    assert len(ours) <= 2, ours
    with CaptureQueriesContext(connection) as captured:
        ArticleFactory(parent=world.column)
    ours = [q["sql"] for q in captured if "library_" in q["sql"]]
    assert len(ours) <= 3, ours


# --- every way to the public ------------------------------------------------------------------------
def by_revision(page: ArticlePage) -> None:
    page.save_revision().publish()


def by_direct_save(page: ArticlePage) -> None:
    page.live = True
    page.save()


def by_schedule(page: ArticlePage) -> None:
    page.save_revision(approved_go_live_at=timezone.now() - datetime.timedelta(seconds=1))
    call_command("publish_scheduled")


def by_workflow(page: ArticlePage) -> None:
    workflow = Workflow.objects.create(name="One", active=True)
    task = GroupApprovalTask.objects.create(name="Review", active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    user = UserFactory(superuser=True)
    page.save_revision(user=user)
    workflow.start(page, user).current_task_state.approve(user=user)


def by_copy(page: ArticlePage) -> None:
    CopyPageAction(page, update_attrs={"slug": "copy", "live": True}, keep_live=True).execute()
    page.save_revision().publish()


WAYS = (by_revision, by_direct_save, by_schedule, by_workflow, by_copy)


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_past_an_incomplete_record(world: World, way) -> None:
    CompletenessRule.objects.create(record_type="article", field="five_open")
    page = ArticleFactory(parent=world.column, draft=True)
    with contextlib.suppress(PublishRefused):
        way(ArticlePage.objects.get(pk=page.pk))
    assert not ArticlePage.objects.live().exists()
    records.record_of_draft(page=page)
    records.write(record=record_of(page), values={"five_open": "decision"}, user=None)
    ArticlePage.objects.get(pk=page.pk).save_revision().publish()
    assert record_of(page).state == State.PUBLIC


def test_neither_an_alias_nor_a_translation_leads_past_it(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    CompletenessRule.objects.create(record_type="article", field="five_open")
    with pytest.raises(PublishRefused):
        page.create_alias(parent=world.hubin_column)
    home = open_language(world.site, "en")
    column = world.column.copy_for_translation(home.locale)
    column.save_revision().publish()
    with without_foreign():
        translated = page.copy_for_translation(home.locale)
        with pytest.raises(PublishRefused):
            translated.save_revision().publish()


def test_pages_in_bulk_are_asked_one_by_one(world: World) -> None:
    CompletenessRule.objects.create(record_type="faq", field="five_open")
    parent = Page.objects.get(pk=world.column.pk)
    pages = [QuestionPage(title=f"问{n}", slug=f"q-{n}", question=f"问{n}", answer="<p>答</p>")
             for n in range(3)]  # fmt: skip
    refused = publish_new_pages(parent, pages)
    assert set(refused) == {0, 1, 2}
    assert {problem.code for problem in refused[0]} >= {"library"}


def test_an_article_that_was_generated_has_the_record_of_one_that_was_published(
    world: World,
) -> None:
    call_command("generate_content", articles=3, processes=1, stdout=StringIO())
    pages = list(ArticlePage.objects.filter(slug__startswith="synthetic-"))
    assert len({record_of(page).index_no for page in pages}) == 3
    record = record_of(pages[0])
    assert record.state == State.PUBLIC
    assert (record.title, record.source_name) == (pages[0].title, pages[0].source)
    assert record.provider_id
