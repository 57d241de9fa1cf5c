"""Word files as official documents: printed numbers, notes, boxes, merged cells, what is not text."""

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from portal.text.official.model import Source
from portal.text.official.readers import office
from portal.text.official.reading import read
from portal.text.word_numbers import printed
from tests.text import docx_samples
from tests.text.docx_samples import bad_files, saved

from .test_reading import refusal

W = nsdecls("w")


def read_sample(maker: docx_samples.Callable[[], object]) -> Source:
    return read(saved(maker()), "a.docx")


def texts(source: Source) -> list[str]:
    return [line.text for line in source.lines]


def codes(source: Source) -> set[str]:
    return {finding.code for finding in source.findings}


@pytest.mark.parametrize("maker", docx_samples.MAKERS, ids=lambda maker: maker.__name__)
def test_no_word_is_lost(maker: docx_samples.Callable[[], object]) -> None:
    from tests.text.test_word import bare, words_in

    source = read_sample(maker)
    result = bare(source.text)
    for words in words_in(saved(maker())):
        assert bare(words) in result, words


@pytest.mark.parametrize("name", bad_files())
def test_bad_files_are_refused_with_a_reason(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "command", lambda: None)
    bad = bad_files()[name]
    expected = {
        "empty": {"empty"},
        "not_word": {"not_text", "broken", "picture", "unsupported"},
        "old_word": {"no_converter"},
        "password": {"encrypted"},
        "broken": {"broken"},
        "other_office": {"unsupported"},
        "too_large": {"unpacked_too_large"} if "bomb" in name else {"unsupported"},
    }[bad.reason]
    if name == "no Word file":
        return  # a text, whatever it is called: read and flagged elsewhere
    assert refusal(bad.data, "a.docx").reason in expected


def test_numbers_that_only_word_prints() -> None:
    assert texts(read_sample(docx_samples.automatic_numbers)) == [
        "云湖市防汛预案",
        "一、组织体系", "设立指挥部。", "（一）指挥部", "由市长任指挥长。", "（二）办公室",
        "设在应急局。", "二、预警", "分四级。",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "kind", "expected"),
    [
        (100, "chineseCountingThousand", "一百"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (123, "japaneseCounting", "一百二十三"),
        (99, "chineseCountingThousand", "九十九"),
    ],
)
def test_more_than_ninety_nine_articles(number: int, kind: str, expected: str) -> None:
    assert printed(number, kind) == expected


def test_headings_by_style_have_levels() -> None:
    found = read_sample(docx_samples.styled_headings).lines
    assert [(line.heading, line.text) for line in found if line.heading] == [
        (1, "云湖市生态保护工作方案"), (1, "总体要求"), (2, "主要目标"), (3, "年度安排"),
        (1, "保障措施"),
    ]  # fmt: skip


def test_notes_stand_at_the_end_with_their_marks() -> None:
    assert texts(read_sample(docx_samples.footnotes)) == [
        "水质公报",
        "湖水水质为二类[1]，入湖河流为三类[2]。",
        "[1] 数据来自监测站。",
        "[2] 不含支流。",
    ]


def test_text_boxes_stand_after_their_paragraph() -> None:
    source = read_sample(docx_samples.text_boxes)
    assert texts(source) == [
        "办事指引",
        "框外的话。",
        "文本框里的话",
        "第二行也在框里",
        "之后的话。",
    ]
    assert "text_boxes" in codes(source)


def test_merged_cells_have_their_text_in_the_first_place() -> None:
    [table] = [line for line in read_sample(docx_samples.merged_cells).lines if line.rows]
    assert [len(row) for row in table.rows] == [3, 3, 3, 3]
    assert table.rows[0][1] == ""
    assert table.rows[1][2].startswith("格12")
    assert (table.rows[2][2], table.rows[3][2]) == ("", "")


def test_deleted_and_hidden_words_are_removed_and_named() -> None:
    changed = read_sample(docx_samples.tracked_changes)
    assert texts(changed) == ["补贴标准", "每人每月补贴四百元。", "移来的一句。"]
    assert [(gone.text, gone.reason) for gone in changed.removed] == [("三百元", "hidden")]
    assert "deleted_text" in codes(changed)
    hidden = read_sample(docx_samples.hidden_and_fields)
    assert ("隐藏的话", "hidden") in [(gone.text, gone.reason) for gone in hidden.removed]
    assert "共12页，见附件一。" in texts(hidden)


def test_headers_and_footers_are_no_text() -> None:
    source = read_sample(docx_samples.comments_and_margins)
    assert [(gone.text, gone.reason) for gone in source.removed] == [
        ("内部资料 请勿外传", "repeated_header"), ("第 1 页", "page_number"),
    ]  # fmt: skip
    assert texts(source) == ["招考公告", "报名自五月一日开始。"]


def test_a_table_of_contents_is_no_second_text() -> None:
    document = Document()
    style = document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("第一章 总则\t1", style=style)
    document.add_paragraph("第一章 总则")
    source = read(saved(document), "a.docx")
    assert texts(source) == ["第一章 总则"]
    assert [gone.reason for gone in source.removed] == ["navigation"]


def test_breaks_set_by_hand_part_lines_and_boxes_to_tick_stay() -> None:
    document = Document()
    paragraph = document.add_paragraph("联系人：办公室")
    paragraph.runs[0].add_break()
    paragraph.add_run("电话：88001234")
    ticked = document.add_paragraph("同意")
    ticked._p.append(parse_xml(f'<w:r {W}><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'))
    ticked._p.append(
        parse_xml(f'<w:r {W}><w:t>不同意</w:t><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>')
    )
    assert texts(read(saved(document), "a.docx")) == [
        "联系人：办公室", "电话：88001234", "同意☑不同意□",
    ]  # fmt: skip


def test_a_word_file_of_pictures_alone_is_refused() -> None:
    document = Document()
    document.add_picture(docx_samples.io.BytesIO(docx_samples.png()))
    assert refusal(saved(document), "a.docx").reason == "only_pictures"


def test_tables_nested_without_end_are_refused() -> None:
    inner = "<w:p><w:r><w:t>深</w:t></w:r></w:p>"
    for _ in range(3000):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    document = docx_samples._changed(
        saved(Document()),
        "word/document.xml",
        f"<w:document {W}><w:body>{inner}</w:body></w:document>".encode(),
    )
    assert refusal(document, "a.docx").reason == "too_complex"
