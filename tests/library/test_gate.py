"""First into the library, then used: every public page has a complete record, whatever way it took."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import structure
from portal.core.gate import PublishRefused
from portal.library.house import house
from portal.library.models import CompletenessRule, LibraryRecord, State
from portal.library.services import records
from tests.factories import ArticleFactory, World, publish

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
    from portal.plugin_api import touch_structure

    touch_structure()
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
