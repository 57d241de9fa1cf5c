"""How values are called by which search results are narrowed."""

import pytest
from django.utils import translation

from portal.core import structure
from portal.core.search_labels import facet_labels
from portal.pages.blocks.text import HeadingBlock
from tests.factories import World

pytestmark = pytest.mark.django_db


def test_columns_of_one_name_say_their_site(world: World) -> None:
    world.hubin_column.title = world.column.title
    world.hubin_column.save()
    structure.touch()
    pks = [str(page.pk) for page in (world.column, world.hubin_column, world.gaoxin_column)]
    assert facet_labels("column", [*pks, "0", "x"], language="zh-hans") == {
        pks[0]: "云湖要闻（云湖市）",
        pks[1]: "云湖要闻（湖滨区）",
        pks[2]: "高新动态",
    }


def test_forms_of_interpretations_are_told_in_words() -> None:
    with translation.override("zh-hans"):
        assert facet_labels("form", ["questions", "办法"], language="zh-hans") == {
            "questions": "问答",
        }


def test_what_a_heading_looks_like_is_no_word_of_the_text() -> None:
    block = HeadingBlock()
    assert block.get_searchable_content(block.to_python({"text": "办理流程", "level": "2"})) == [
        "办理流程"
    ]
