"""Places on pages become lines of text: paragraphs, tables, headers, page numbers."""

from dataclasses import replace

import pytest

from portal.text.official.readers.layout import Text, text_of
from portal.text.official.readers.placed import Page, Rule, Run

from .samples import (
    EM,
    HEIGHT,
    LEFT,
    NOTICE,
    RIGHT,
    WIDTH,
    Drawn,
    Para,
    Sheet,
    lines,
    set_on_pages,
    width,
)


def page_of(sheet: Sheet) -> Page:
    return Page(
        WIDTH,
        HEIGHT,
        [Run(d.text, d.x, d.x + width(d.text, d.size), d.y, d.size) for d in sheet.drawn],
        [Rule(*rule) for rule in sheet.rules],
    )


def read(sheets: list[Sheet]) -> Text:
    return text_of([page_of(sheet) for sheet in sheets])


def texts(found: Text) -> list[str]:
    return [line.text for line in found.lines]


def sheet(*drawn: Drawn, rules: tuple[tuple[float, float, float, float], ...] = ()) -> Sheet:
    return Sheet(drawn, rules)


def paragraph(*texts: str, top: float = 200, first: float = 2 * EM) -> list[Drawn]:
    return [
        Drawn(text, LEFT + (0 if at else first), top + at * 28) for at, text in enumerate(texts)
    ]


FULL = "市政府各部门应当按照职责分工做好相关工作并于每年年底前报告落"  # as wide as the page
assert width(FULL[:28]) == RIGHT - LEFT


@pytest.mark.parametrize("indent", [2 * EM, 0.0])
def test_paragraphs_with_and_without_indent(indent: float) -> None:
    assert texts(read(set_on_pages(indent=indent))) == lines()


@pytest.mark.parametrize(
    "page_number",
    ["— {} —", "-{}-", "{}", "第 {} 页", "第{}页 共4页", "{} / 4", "Page {} of 4", ""],
)
def test_page_numbers_in_every_form(page_number: str) -> None:
    found = read(set_on_pages(page_number=page_number))
    assert texts(found) == lines()
    gone = [removed.text for removed in found.removed if removed.reason == "page_number"]
    assert gone == ([page_number.format(n) for n in range(1, 5)] if page_number else [])


def test_a_number_in_the_text_is_no_page_number() -> None:
    body = [Para("各项指标如下："), Para("2026"), Para("以上为全部指标。")]
    assert texts(read(set_on_pages(body, header="", page_number=""))) == [p.text for p in body]


def test_what_stands_on_one_page_alone_is_no_header() -> None:
    found = read(set_on_pages([Para("正文一句。")], header="内部资料", page_number=""))
    assert texts(found) == ["内部资料", "正文一句。"]
    assert not found.removed


def test_headers_that_differ_in_their_page_number_only() -> None:
    sheets = set_on_pages(header="", page_number="")
    sheets = [
        replace(one, drawn=(Drawn(f"云湖市人民政府公报 2026年第{n}页", 200, 60, 10.5), *one.drawn))
        for n, one in enumerate(sheets)
    ]
    assert texts(read(sheets)) == lines()


def test_removed_lines_say_where_they_stood() -> None:
    found = read(set_on_pages())
    for removed in found.removed:
        assert removed.line is not None
        assert removed.line <= len(found.lines)
    # Between the pages: in front of the next page's first whole line.
    second = next(n for n, line in enumerate(found.lines) if line.page == 2)
    assert second in {removed.line for removed in found.removed}


def test_latin_words_at_the_margin_keep_their_space() -> None:
    first = FULL[:24] + "PDF file"
    drawn = [*paragraph(first, "format and more."), *paragraph("再写一段。", top=400)]
    assert texts(read([sheet(*drawn)]))[0] == first + " format and more."


def test_an_address_at_the_margin_is_not_torn() -> None:
    first = FULL[:16] + "http://www.yunhu.test/zw"
    drawn = [*paragraph(first, "gk/index.html"), *paragraph("再写一段。", top=400)]
    assert texts(read([sheet(*drawn)]))[0] == first + "gk/index.html"


def test_a_sign_that_may_not_begin_a_line_leaves_the_one_before_short() -> None:
    drawn = [*paragraph(FULL[:25], "实，及时报告。"), *paragraph(FULL[:26], top=400)]
    drawn += [Drawn(FULL[:28], LEFT, 428), Drawn("完。", LEFT, 456)]
    assert texts(read([sheet(*drawn)])) == [
        FULL[:25] + "实，及时报告。",
        FULL[:26] + FULL[:28] + "完。",
    ]


def test_a_space_that_was_only_moved_over() -> None:
    drawn = [Drawn("联系人：办公室", LEFT + 32, 200), Drawn("电话：88001234", LEFT + 250, 200)]
    assert texts(read([sheet(*drawn)])) == ["联系人：办公室 电话：88001234"]


def test_spaced_letters_are_one_word() -> None:
    spaced = [Drawn(c, 150 + n * 40, 120, 22) for n, c in enumerate("云湖市人民政府")]
    found = read([sheet(*spaced, *paragraph(FULL[:26], FULL[:28], "完。"))])
    assert texts(found)[0] == "云湖市人民政府"


def test_bold_by_drawing_twice_counts_once() -> None:
    once = paragraph("第一章总则")
    twice = [replace(one, x=one.x + 0.4) for one in once]
    assert texts(read([sheet(*once, *twice)])) == ["第一章总则"]


def test_a_raised_mark_stays_in_its_line() -> None:
    text = Drawn("面积为120m", LEFT + 32, 200)
    mark = Drawn("2", text.x + width(text.text), 195, 8)
    after = Drawn("以上。", mark.x + 4, 200)
    assert texts(read([sheet(text, mark, after)])) == ["面积为120m2以上。"]


def test_text_across_the_page_is_a_watermark() -> None:
    page = page_of(sheet(*paragraph("正文一句。")))
    page.turned = ["征求意见稿"]
    found = text_of([page])
    assert texts(found) == ["正文一句。"]
    assert [(gone.text, gone.reason) for gone in found.removed] == [("征求意见稿", "watermark")]


# --- tables ---------------------------------------------------------------------------------------
def grid(xs: list[float], ys: list[float]) -> list[tuple[float, float, float, float]]:
    return [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]


def test_cells_with_several_lines_and_merged_cells() -> None:
    rules = [
        (73, 200, 373, 200), (73, 240, 373, 240), (173, 280, 373, 280), (73, 320, 373, 320),
        (73, 200, 73, 320), (173, 240, 173, 320), (273, 240, 273, 320), (373, 200, 373, 320),
    ]  # fmt: skip
    drawn = [
        Drawn("补助标准一览", 160, 225, 14),
        Drawn("基础", 80, 265, 14), Drawn("类别", 80, 285, 14),
        Drawn("管线", 180, 265, 14), Drawn("300", 280, 265, 14),
        Drawn("屋面", 180, 305, 14), Drawn("220", 280, 305, 14),
    ]  # fmt: skip
    [line] = read([sheet(*drawn, rules=tuple(rules))]).lines
    assert line.rows == (
        ("补助标准一览", "", ""),
        ("基础类别", "管线", "300"),
        ("", "屋面", "220"),
    )


def test_a_table_goes_on_over_the_page_and_its_head_counts_once() -> None:
    def part(rows: list[tuple[str, str]], top: float) -> Sheet:
        ys = [top + 30 * n for n in range(len(rows) + 1)]
        drawn = [
            Drawn(text, x, y + 20, 14)
            for row, y in zip(rows, ys, strict=False)
            for text, x in zip(row, (80, 200), strict=True)
        ]
        return sheet(*drawn, rules=tuple(grid([73, 190, 400], ys)))

    head = ("区县", "数量")
    found = read([part([head, ("云东区", "12")], 600), part([head, ("云西区", "9")], 110)])
    assert [line.rows for line in found.lines] == [(head, ("云东区", "12"), ("云西区", "9"))]
    assert [gone.reason for gone in found.removed] == ["repeated_header"]


def test_a_frame_and_a_line_are_no_table() -> None:
    frame = ((60, 150, 530, 150), (60, 700, 530, 700), (60, 150, 60, 700), (530, 150, 530, 700))
    line = (73, 180, 521, 180)
    found = read([sheet(*paragraph(FULL[:26], "完。"), rules=(*frame, line))])
    assert texts(found) == [FULL[:26] + "完。"]


def test_numbers_in_a_table_do_not_become_lines() -> None:
    tables = [line for line in read(set_on_pages()).lines if line.rows]
    assert [line.rows for line in tables] == [para.rows for para in NOTICE if para.rows]


def test_three_columns_without_strokes_are_a_table_that_is_flagged() -> None:
    rows = [
        ["改造类别", "补助对象", "标准"],
        ["基础类", "二零零零年底前建成，水电气", "300"],
        ["", "管线老化的小区", ""],
        ["提升类", "配套养老设施的小区", "180.5"],
    ]
    drawn = [
        Drawn(text, x, 200 + 24 * n)
        for n, row in enumerate(rows)
        for text, x in zip(row, (LEFT, 200, 460), strict=True)
        if text
    ]
    found = read([sheet(*drawn, *paragraph(FULL[:26], "完。", top=400))])
    assert [line.rows for line in found.lines] == [
        (
            ("改造类别", "补助对象", "标准"),
            ("基础类", "二零零零年底前建成，水电气管线老化的小区", "300"),
            ("提升类", "配套养老设施的小区", "180.5"),
        ),
        (),
    ]
    assert [(finding.code, finding.line) for finding in found.findings] == [("table_guessed", 0)]


def test_bodies_that_sign_side_by_side_are_no_table() -> None:
    names = [("云湖市财政局", "云湖市民政局"), ("云湖市水务局", "云湖市教育局")]
    drawn = [
        Drawn(text, x, 300 + 28 * n)
        for n, row in enumerate(names)
        for text, x in zip(row, (150, 330), strict=True)
    ]
    found = read([sheet(*paragraph(FULL[:26], FULL[:28], "完。"), *drawn)])
    assert texts(found)[1:] == [f"{one} {other}" for one, other in names]
    assert not found.findings
