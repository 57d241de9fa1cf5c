"""Word files: nothing of the text is lost, nothing foreign comes in, bad files say what they are."""

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.text.document import Heading, Listing, Paragraph, Picture, Table, text_of, texts
from portal.text.word import WordText, read_word
from portal.text.word_numbers import printed
from portal.text.word_package import WordFileError

from . import docx_samples
from .docx_samples import MAKERS, bad_files, saved
from .test_pasted import outline

type Maker = Callable[[], Any]
_NS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@cache
def sample(maker: Maker) -> bytes:
    return saved(maker())


def read(maker: Maker) -> WordText:
    return read_word(sample(maker))


def words_in(data: bytes) -> list[str]:
    """The text of each paragraph as Word shows it, read straight from the file's XML."""
    result = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in ("word/document.xml", "word/footnotes.xml"):
            if name not in archive.namelist():
                continue
            root = ElementTree.fromstring(archive.read(name))
            for parent in root.iter():
                for child in [c for c in parent if c.tag == _FALLBACK]:
                    parent.remove(child)
            for run in root.iter(f"{_NS}r"):
                if run.find(f"{_NS}rPr/{_NS}vanish") is None:
                    result += [t.text or "" for t in run.findall(f"{_NS}t")]
            math = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
            result += [t.text or "" for t in root.iter(math)]
    return result


def bare(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad]", "", text)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_no_word_is_lost_and_nothing_foreign_comes_in(maker: Maker) -> None:
    found = read(maker)
    result = bare(found.title + "".join(texts(found.document)))
    for words in words_in(sample(maker)):
        assert bare(words) in result, words
    assert "lost" not in found.left_out
    assert not re.search(r"mso-|<|>|w:|\ue000|\ue001|undefined", result)
    assert found.title


def test_twenty() -> None:
    assert len(MAKERS) == 20


def test_headings_by_style() -> None:
    found = read(docx_samples.styled_headings)
    assert found.title == "云湖市生态保护工作方案"
    assert [b.level for b in found.document if isinstance(b, Heading)] == [2, 3, 4, 2]


def test_headings_by_their_look() -> None:
    found = read(docx_samples.numbered_headings)
    assert found.title == "关于印发《云湖市渡船管理办法》的通知"
    assert outline(found.document) == [
        ("p center", "云政办发〔2026〕7号"),
        ("p", "各县区人民政府："),
        ("p", "现将办法印发给你们，请认真贯彻执行。"),
        ("h2", "一、总则"),
        ("p", "为了规范渡船管理，制定本办法。"),
        ("h3", "（一）适用范围"),
        ("p", "适用于云湖水域。"),
        ("h4", "1.客渡"),
        ("p", "客渡船须持证运营。"),
        ("h2", "二、附则"),
        ("p", "本办法自印发之日起施行。"),
        ("p right", "云湖市人民政府办公室"),
        ("p right", "2026年3月2日"),
    ]


def test_lists() -> None:
    lists = [b for b in read(docx_samples.nested_lists).document if isinstance(b, Listing)]
    items = [(i.depth, i.ordered, text_of(i.line)) for b in lists for i in b.items]
    assert items == [
        (0, False, "身份证明"),
        (1, False, "居民身份证"),
        (1, False, "护照"),
        (0, False, "申请表"),
        (0, True, "到窗口取号"),
        (0, True, "提交材料"),
    ]


def test_numbers_that_only_word_prints_are_written_out() -> None:
    headings = [
        (b.level, text_of(b.line))
        for b in read(docx_samples.automatic_numbers).document
        if isinstance(b, Heading)
    ]
    assert headings == [
        (2, "一、组织体系"),
        (3, "（一）指挥部"),
        (3, "（二）办公室"),
        (2, "二、预警"),
    ]


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (3, "decimalEnclosedCircle", "③"),
        (28, "lowerLetter", "bb"),
        (14, "upperRoman", "XIV"),
        (2, "ideographTraditional", "乙"),
        (7, "decimal", "7"),
    ],
)
def test_numbers(number: int, kind: str, text: str) -> None:
    assert printed(number, kind) == text


def test_tables() -> None:
    (table,) = [b for b in read(docx_samples.simple_table).document if isinstance(b, Table)]
    assert table.caption == "表1 首末班时间"
    assert table.has_header
    assert table.rows[1] == ("东岸", "6:30", "22:00")
    merged = read(docx_samples.merged_cells)
    (table,) = [b for b in merged.document if isinstance(b, Table)]
    assert merged.report.merged_cells == 2
    assert {len(row) for row in table.rows} == {3}


def test_pictures() -> None:
    found = read(docx_samples.pictures)
    pictures = [b for b in found.document if isinstance(b, Picture)]
    assert [(p.alt, p.caption) for p in pictures] == [
        ("晨光中的湖滨步道", "图1 步道东段"),
        ("", ""),
    ]
    assert [found.pictures[p.source][:4] for p in pictures] == [b"\x89PNG"] * 2


def test_footnotes_come_last_with_their_number() -> None:
    lines = [text_of(b.line) for b in read(docx_samples.footnotes).document]  # type: ignore[union-attr]
    assert lines == [
        "湖水水质为二类[1]，入湖河流为三类[2]。",
        "[1] 数据来自监测站。",
        "[2] 不含支流。",
    ]


def test_looks_and_links() -> None:
    (block,) = read(docx_samples.links_and_looks).document
    assert isinstance(block, Paragraph)
    looks = {span.text: span for span in block.line}
    assert looks["预约系统"].link == (("href", "https://museum.example.invalid/book"),)
    assert looks["不收费"].marks == {"bold"}
    assert {m for span in block.line for m in span.marks} == {"bold", "superscript", "subscript"}


@pytest.mark.parametrize(
    ("maker", "kind", "words"),
    [
        (docx_samples.tracked_changes, "deleted", "三百元"),
        (docx_samples.comments_and_margins, "comments", "日期请人事处再核"),
        (docx_samples.comments_and_margins, "headers", "内部资料 请勿外传"),
        (docx_samples.hidden_and_fields, "hidden", "隐藏的话"),
        (docx_samples.linked_picture, "linked_pictures", "http://pictures.example.invalid/a.png"),
        (docx_samples.macros, "macros", "VBA"),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_what_is_not_taken_over_is_named(maker: Maker, kind: str, words: str) -> None:
    assert read(maker).left_out[kind] == [words]


def test_page_numbers_are_nobodys_words() -> None:
    assert "footers" not in read(docx_samples.comments_and_margins).left_out


def test_a_title_in_two_lines() -> None:
    found = read(docx_samples.long_title_and_date)
    assert found.title == "云湖市人民政府关于加快推进沿湖步道建设的意见"


@pytest.mark.parametrize(("name", "bad"), list(bad_files().items()))
def test_bad_files_say_what_they_are(name: str, bad: docx_samples.Bad) -> None:
    with pytest.raises(WordFileError) as caught:
        read_word(bad.data)
    assert caught.value.reason == bad.reason


_GOOD = saved(docx_samples.pictures())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_read_and_never_breaks(data: st.DataObject) -> None:
    damaged = bytearray(_GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_word(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    except WordFileError:
        pass
