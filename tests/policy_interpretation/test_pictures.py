"""One picture: every word stands in page, SVG, PNG and text; nothing is cut; lines break rightly."""

import datetime
import io
import re
import struct
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from wagtail.models import Page

from portal.core.gate import PublishRefused
from portal.policy_interpretation import picture as pictures
from portal.policy_interpretation.models import InterpretationPage, PolicyPage
from portal.policy_interpretation.picture import fonts
from portal.policy_interpretation.picture.breaking import _NO_END, _NO_START, break_lines
from portal.policy_interpretation.picture.colours import THEMES
from portal.policy_interpretation.picture.drawing import Box, Polygon
from portal.policy_interpretation.picture.fonts import TableMetrics
from portal.policy_interpretation.picture.layout import MOST_PIXELS, WIDTH
from portal.policy_interpretation.selectors.pictures import svg_of

from .factories import make_policy, make_product

SVG = "{http://www.w3.org/2000/svg}"
BLOCKS: list[dict[str, Any]] = [
    {"type": "text", "value": {"text": "多层住宅没有电梯，老人上下楼难。\n市里出补助，街道帮着办。"}},
    {"type": "heading", "value": {"text": "能补多少"}},
    {
        "type": "figures",
        "value": {
            "items": [
                {"value": "20", "unit": "万元", "label": "每台最高补助"},
                {"value": "15", "unit": "个工作日", "label": "材料齐全后拨付"},
                {"value": "123,456,789", "unit": "元", "label": "今年预算"},
            ]
        },
    },
    {"type": "heading", "value": {"text": "谁能申请"}},
    {
        "type": "facts",
        "value": {
            "items": [
                {"label": "哪些楼", "text": "2000年底以前建成、四层以上、没有电梯的住宅楼。"},
                {"label": "去哪里", "text": "登录 www.yunhu.gov.cn/a-very-long-address-that-goes-on 办理。"},
            ]
        },
    },
    {
        "type": "steps",
        "value": {
            "items": [
                {"title": "业主商量", "text": "三分之二以上的业主参与表决，并经同意。"},
                {"title": "街道受理", "text": ""},
            ]
        },
    },
    {
        "type": "comparison",
        "value": {
            "before": "以前",
            "after": "现在",
            "items": [{"label": "补助上限", "before": "15万元", "after": "20万元"}],
        },
    },
    {"type": "notice", "value": {"text": "验收后一年内申请，<逾期> & 不再受理。"}},
]  # fmt: skip
SAID = re.findall(r"[\u4e00-\u9fff0-9]+", str([block["value"] for block in BLOCKS]))


def example(blocks: list[dict[str, Any]] = BLOCKS, **fields: Any) -> pictures.Picture:
    values: dict[str, Any] = {
        "title": "一图读懂加装电梯", "subtitle": "《办法》（云政发〔2026〕12号）",
        "publisher": "云湖市人民政府", "lines": ("来源：云湖市住房和城乡建设局",),
        "address": "https://www.yunhu.gov.cn/a/",
    }  # fmt: skip
    return pictures.Picture(sections=pictures.from_blocks(blocks), **values | fields)


def texts_of(svg: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(f"{SVG}text")


# --- content ---------------------------------------------------------------------------------
def test_headings_begin_sections() -> None:
    sections = pictures.from_blocks(BLOCKS)
    assert [(section.heading, len(section.parts)) for section in sections] == [
        ("", 1), ("能补多少", 1), ("谁能申请", 4),
    ]  # fmt: skip


def test_items_are_read_with_and_without_ids() -> None:
    item = {"label": "谁", "text": "你"}
    plain = pictures.from_blocks([{"type": "facts", "value": {"items": [item]}}])
    kept = {"items": [{"type": "item", "id": "a", "value": item}]}
    assert pictures.from_blocks([{"type": "facts", "value": kept}]) == plain


def test_the_text_alternative_says_everything() -> None:
    words = pictures.words_of(example())
    assert all(said in words for said in SAID)
    assert "每台最高补助" in words
    assert words.index("能补多少") < words.index("谁能申请") < words.index("1. 业主商量")


# --- lines -----------------------------------------------------------------------------------
def in_ems(text: str) -> float:
    return TableMetrics().width(text, 1, "regular")


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("一二三四五六", 3, ["一二三", "四五六"]),
        ("一二三，四五六", 3, ["一二", "三，四", "五六"]),  # no line begins with a comma
        ("一二（三四）五", 3, ["一二", "（三", "四）五"]),  # none ends with an opening bracket
        ("共2000元", 3, ["共", "2000", "元"]),  # a number stays whole
        ("一二三四", 3, ["一二", "三四"]),  # no single sign alone where it can be helped
        ("甲\n乙", 3, ["甲", "乙"]),
        ("", 3, [""]),
    ],
)
def test_where_lines_end(text: str, room: float, lines: list[str]) -> None:
    assert break_lines(text, room, in_ems) == lines


@given(
    st.text(alphabet="中文字，。（）《》“”、ab12. %〔2026〕12号\n", max_size=80), st.integers(2, 20)
)
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_and_nothing_runs_over(text: str, room: int) -> None:
    lines = break_lines(text, room, in_ems)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert all(in_ems(line) <= room or len(line) == 1 for line in lines)


@given(st.text(alphabet="中文字，。（）《》、", min_size=1, max_size=60))
@settings(max_examples=100, deadline=None)
def test_marks_stand_where_they_may(text: str) -> None:
    """Where a cluster fits into a line at all."""
    clean = re.sub(r"[，。（）《》、]{2,}", "，", text).strip("，。（）《》、")
    lines = break_lines(clean, 10, in_ems)
    assert not any(line[0] in _NO_START for line in lines[1:] if line)
    assert not any(line[-1] in _NO_END for line in lines[:-1] if line)


# --- drawing ---------------------------------------------------------------------------------
@pytest.mark.parametrize("theme", THEMES)
def test_the_svg_has_every_word_inside_the_sheet(theme: str) -> None:
    drawing = pictures.lay_out(example(), THEMES[theme], TableMetrics())
    svg = pictures.svg(drawing)
    joined = "".join(element.text or "" for element in texts_of(svg))
    assert all(said in joined for said in SAID)
    assert "<逾期>" in joined
    for line in drawing.words:
        assert line.x >= 48, line
        assert line.x + line.width <= WIDTH - 48, line
        assert 0 < line.y < drawing.height, line
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    description = root.find(f"{SVG}desc")
    assert description is not None
    assert description.text == drawing.alt


def test_the_scenery_stays_in_the_head() -> None:
    drawing = pictures.lay_out(example(), THEMES["lake"], TableMetrics())
    head, *_rest = drawing.shapes
    hills = [shape for shape in drawing.shapes[1:3] if isinstance(shape, Polygon)]
    assert isinstance(head, Box)
    assert len(hills) == 2
    assert all(y <= head.height for shape in hills for _x, y in shape.points)


def test_no_two_lines_lie_upon_each_other() -> None:
    drawing = pictures.lay_out(example(), THEMES["lake"], TableMetrics())
    boxes = [(w.x, w.y - w.size * 0.8, w.x + w.width, w.y, w.text) for w in drawing.words]
    for number, (left, top, right, bottom, text) in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart, (text, other[4])


def test_control_characters_make_no_broken_file() -> None:
    blocks = [{"type": "text", "value": {"text": "前\x00\x0b后"}}]
    drawing = pictures.lay_out(example(blocks), THEMES["lake"], TableMetrics())
    assert texts_of(pictures.svg(drawing))


def test_a_picture_without_end_is_refused(column: Page, policy: PolicyPage) -> None:
    steps = [{"title": "一步" * 20, "text": "很多字" * 53} for _ in range(10)]
    blocks = [{"type": "steps", "value": {"items": steps}} for _ in range(4)]
    assert pictures.is_too_long(blocks)
    assert not pictures.is_too_long(BLOCKS)
    page = make_product(column, policy, form="picture", picture=blocks, live=False)
    with pytest.raises(PublishRefused):
        page.save_revision().publish()


def test_the_png_is_drawn_where_the_words_are() -> None:
    found = fonts.installed()
    assert found is not None, "make test names the package of a Chinese font"
    drawing = pictures.lay_out(example(), THEMES["lake"])
    data = pictures.png(drawing, found)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    assert image.size == (WIDTH, drawing.height)
    assert drawing.height < MOST_PIXELS
    for line in drawing.words:
        colour = tuple(int(line.fill[place : place + 2], 16) for place in (1, 3, 5))
        area = image.crop(
            (int(line.x), int(line.y - line.size), int(line.x + line.width) + 1, int(line.y) + 8)
        )
        counts = area.getcolors(maxcolors=1 << 20)
        assert counts is not None
        assert any(
            sum(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 24
            for _count, pixel in counts
        ), line.text
    assert drawing.alt in _texts(data).values()


def _texts(data: bytes) -> dict[str, str]:
    """The international text chunks of a PNG."""
    found, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind == b"iTXt":
            key, rest = body.split(b"\0", 1)
            is_packed, rest = rest[0], rest[2:]
            text = rest.split(b"\0", 2)[2]
            found[key.decode()] = (zlib.decompress(text) if is_packed else text).decode()
        at += 12 + length
    return found


def test_the_colours_are_those_of_the_style_sheet() -> None:
    import portal.core

    css = (Path(portal.core.__file__).parent / "static/portal/css/tokens.css").read_text("utf-8")

    def tokens(head: str) -> dict[str, str]:
        part = css.split(head, 1)[1].split("}", 1)[0]
        return dict(re.findall(r"--color-([a-z-]+):\s*(#[0-9a-f]{6})", part))

    shared = tokens(":root {")
    for theme, colours in THEMES.items():
        wanted = shared if theme == "lake" else shared | tokens(f':root[data-theme="{theme}"] {{')
        for name in type(colours).__slots__:
            assert getattr(colours, name) == wanted[name.replace("_", "-")], (theme, name)


# --- the product -----------------------------------------------------------------------------
@pytest.fixture
def policy(column: Page) -> PolicyPage:
    return make_policy(column)


def test_the_day_is_that_of_the_portal(column: Page, policy: PolicyPage) -> None:
    late = datetime.datetime(2026, 6, 30, 17, tzinfo=datetime.UTC)  # the next day in China
    page = make_product(column, policy, form="picture", picture=BLOCKS, date=late)
    svg = svg_of(page, RequestFactory().get("/", headers={"host": "testserver"}))
    assert "2026-07-01" in svg


@pytest.fixture
def product(column: Page, policy: PolicyPage) -> InterpretationPage:
    return make_product(column, policy, form="picture", title="一图读懂", body=[], picture=BLOCKS)


def test_page_and_files(client: Client, product: InterpretationPage) -> None:
    text = client.get(product.url).content.decode()
    assert all(said in text for said in SAID)
    svg = client.get(f"/policies/interpretations/{product.pk}/picture.svg")
    assert f"/policies/interpretations/{product.pk}/picture.svg" in text
    joined = "".join(element.text or "" for element in texts_of(svg.content.decode()))
    assert all(said in joined for said in SAID)
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in svg.headers["Content-Security-Policy"]
    saved = client.get(f"/policies/interpretations/{product.pk}/picture.svg", {"download": "1"})
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_without_a_font_the_drawing_stays(
    client: Client, product: InterpretationPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "installed", lambda: None)
    text = client.get(product.url).content.decode()
    assert "picture.svg" in text
    assert "picture.png" not in text
    response = client.get(f"/policies/interpretations/{product.pk}/picture.png")
    assert response.status_code == 503
    assert "picture.svg" in response.content.decode()
    svg = client.get(f"/policies/interpretations/{product.pk}/picture.svg").content.decode()
    assert "一图读懂" in svg
    assert "textLength" not in svg  # what was not measured is not forced


def test_who_may_not_see_it(client: Client, column: Page, policy: PolicyPage) -> None:
    draft = make_product(column, policy, live=False, body=[], picture=BLOCKS, form="picture")
    words = make_product(column, policy, title="没有图")
    for page in (draft, words):
        for kind in ("svg", "png"):
            address = f"/policies/interpretations/{page.pk}/picture.{kind}"
            assert client.get(address).status_code == 404
