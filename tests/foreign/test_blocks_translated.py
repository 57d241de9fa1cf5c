"""Every word of a body can be translated, and what is no word stays as it is."""

import re
import uuid
from typing import Any

import pytest

from portal.foreign.models import PageTranslation
from portal.foreign.selectors.source_texts import texts_of
from portal.pages.blocks import BodyBlock
from tests.factories import ArticleFactory, ImageFactory, World

from .staleness import change, core, english, marks, open_section, released
from .test_marks_on_pages import marked, read

pytestmark = pytest.mark.one_database


def table(*rows: list[str]) -> dict[str, Any]:
    return {
        "type": "table",
        "id": "22222222-2222-4222-8222-222222222222",
        "value": {
            "caption": "主要指标",
            "sheet": "",
            "table": {
                "columns": [
                    {"type": "text", "heading": "指标"},
                    {"type": "text", "heading": "数值"},
                ],
                "rows": [{"values": row} for row in rows],
                "caption": "",
            },
            "note": "来源统计局",
        },
    }


def test_cells_are_texts_and_figures_are_not(world: World) -> None:
    page = ArticleFactory(
        parent=world.column, body=[table(["生产总值", "2145.3"], ["人口", "5.8%"])]
    )
    words = [text.words for text in texts_of(page) if text.path.startswith("body")]
    assert words == ["主要指标", "指标", "数值", "生产总值", "人口", "来源统计局"]


def test_a_changed_cell_is_one_mark_at_its_cell(world: World) -> None:
    core(world, world.column)
    page = ArticleFactory(
        parent=world.column, body=[table(["生产总值", "2145.3"], ["人口", "5.8%"])]
    )
    (row,) = released(page, open_section(world))
    html = read(row)
    assert english("生产总值") in html
    assert "2145.3" in html
    change(page, body=[table(["新加的行", "1"], ["生产总值", "2145.3"], ["常住人口", "5.8%"])])
    row = PageTranslation.objects.get(pk=row.pk)
    assert marks(row) == {"人口": "常住人口"}
    assert [text.present for text in row.added_texts.all()] == ["新加的行"]
    html = read(row)
    assert english("人口") in marked(html)
    assert len(marked(html)) == 2


def samples(block: Any) -> Any:
    """A body with each kind of block, filled with the values of its preview."""
    stream = []
    for name, child in block.child_blocks.items():
        if name in ("image", "attachments", "video", "audio", "embed", "map", "component"):
            continue
        value = child.normalize(child.get_preview_value())
        stream.append({"type": name, "value": child.get_prep_value(value), "id": str(uuid.uuid4())})
    return stream


def test_no_chinese_is_left_in_a_translated_body(world: World) -> None:
    core(world, world.column)
    page = ArticleFactory(parent=world.column, body=samples(BodyBlock()))
    (row,) = released(page, open_section(world))
    assert row.target is not None
    body = str(row.target.specific.body.raw_data)
    assert not [letter for letter in body if "\u4e00" <= letter <= "\u9fff"], body


def test_what_is_heard_of_an_image_is_translated_too(world: World) -> None:
    core(world, world.column)
    image = ImageFactory(description="清晨的云湖")
    block = {"type": "image", "id": "3" * 8, "value": {"image": image.pk, "caption": "云湖"}}
    page = ArticleFactory(parent=world.column, body=[block])
    (row,) = released(page, open_section(world))
    html = read(row)
    assert f'alt="{english("清晨的云湖")}"' in html
    image.description = "傍晚的云湖"
    image.save()
    change(page, body=[block])
    html = read(row)
    assert marks(row) == {"清晨的云湖": "傍晚的云湖"}
    assert "Not visible here" in html
    assert len(re.findall('id="source-mark-', html)) == 1
