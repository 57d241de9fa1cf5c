"""Files of entries: what is read, what is refused and why, and that nothing breaks the readers."""

import csv
import datetime
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from assistant.portal_plugin.exchange.answers import answer_html
from assistant.portal_plugin.exchange.reading import (
    FileRefused,
    RawRow,
    protected,
    read,
    unprotected,
)
from assistant.portal_plugin.exchange.rows import Row, language_code, row_of, title_of

UTC = datetime.UTC


def rows(data: bytes | str, name: str = "a.jsonl") -> list[Row]:
    raw = data.encode() if isinstance(data, str) else data
    return [row_of(row) for row in read(raw, name).rows]


def one(**values: Any) -> Row:
    return row_of(RawRow(2, {"id": "a", "answer": "甲", **values}))


def sheet(*lines: list[Any]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- kinds of files -------------------------------------------------------------------------------
def test_a_line_of_json_is_an_entry() -> None:
    [row] = rows(
        json.dumps(
            {
                "id": 17, "question": "怎么落户？", "variants": ["咋落户", "怎么落户", "咋落户"],
                "answer": "带户口簿。", "lang": "zh-Hans", "owner": "公安局", "dept": "x",
            }
        )
    )  # fmt: skip
    assert (row.key, row.value("question"), row.value("language")) == (
        "17",
        "怎么落户？",
        "zh-hans",
    )
    assert row.value("variants") == ("咋落户", "怎么落户")
    assert row.value("answer") == "<p>带户口簿。</p>"
    assert not row.problems
    assert "topic" not in row.given


def test_foreign_columns_are_named_once() -> None:
    found = read(b'{"id":1,"answer":"a","dept":1}\n{"id":2,"answer":"a","dept":2,"x":1}', "f.jsonl")
    assert found.ignored == ["dept", "x"]


def test_a_line_that_is_no_json_costs_only_itself() -> None:
    found = rows('{"id": "1", "answer": "a"}\n{"id": \n[1]\n\n{"id": "2", "answer": "b"}\n')
    assert [(row.line, row.key, bool(row.problems)) for row in found] == [
        (1, "1", False), (2, "", True), (3, "", True), (5, "2", False),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_tables_in_the_encodings_of_offices(encoding: str) -> None:
    text = "编号,问题,其他问法,答案\r\n1,怎么落户？,咋落户|户口咋办,带户口簿\r\n"
    [row] = rows(text.encode(encoding), "t.csv")
    assert row.value("variants") == ("咋落户", "户口咋办")
    assert row.line == 2


def test_a_table_with_semicolons_and_lines_in_cells() -> None:
    [first, second] = rows('id;answer;variants\n1;"a\nb";"x|y\nz"\n2;c;\n', "t.csv")
    assert first.value("answer") == "<p>a</p><p>b</p>"
    assert first.value("variants") == ("x|y", "z")
    assert (second.line, second.value("variants")) == (5, ())


def test_an_open_quotation_mark_ends_the_reading_but_not_what_was_before() -> None:
    found = rows('id,answer\n1,a\n2,"b\n3,c\n', "t.csv")
    assert [(row.line, bool(row.problems)) for row in found] == [(2, False), (3, True)]


def test_a_spreadsheet_with_numbers_and_dates() -> None:
    data = sheet(
        ["id", "answer", "valid_from", "valid_until", "nothing"],
        # As spreadsheets have it.
        [12.0, "甲", datetime.date(2026, 1, 1), datetime.datetime(2026, 12, 31), None],  # noqa: DTZ001
        [],
        [13, 5, None, "2026/3/1", None],
    )
    first, second = rows(data, "T.XLSX")
    assert (first.key, first.line, second.key, second.line) == ("12", 2, "13", 4)
    assert first.value("valid_from") == datetime.datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert first.value("valid_until") == datetime.datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert second.value("answer") == "<p>5</p>"


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"{}", "a.txt", "jsonl"),
        (b"", "a.jsonl", "nothing"),
        (b"\n \n", "a.csv", "nothing"),
        (b"id,answer\n", "a.csv", "nothing"),
        (b"question,answer\nx,y", "a.csv", "id"),
        (b"id,answer,ID\n1,a,2", "a.csv", "twice"),
        (b"\xff\x00\x01\x02", "a.csv", "text"),
        (b"PK\x03\x04nonsense", "a.xlsx", "cannot be opened"),
        (b"\xd0\xcf\x11\xe0old", "a.xlsx", "old Excel"),
        (b'id,answer\n"x', "a.csv", ""),
    ],
)
def test_what_is_no_file_of_entries_is_refused(data: bytes, name: str, says: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        if says:
            with pytest.raises(FileRefused, match=says):
                read(data, name)
        else:
            assert read(data, name).rows[0].problem


def test_a_zip_of_something_else_is_no_spreadsheet() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(FileRefused):
        read(out.getvalue(), "a.xlsx")


# --- cells ----------------------------------------------------------------------------------------
def test_a_day_means_all_of_it_as_an_end() -> None:
    row = one(valid_from="2026-03-01", valid_until="2026年3月1日")
    assert row.value("valid_from") == datetime.datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert row.value("valid_until") == datetime.datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert not row.problems


def test_a_moment_is_taken_as_it_is() -> None:
    row = one(valid_from="2026-03-01T08:00", valid_until="2026-03-01T09:30:00+00:00")
    assert row.value("valid_from") == datetime.datetime(2026, 3, 1, tzinfo=UTC)
    assert row.value("valid_until") == datetime.datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 81}, "id"),
        ({"id": {"a": 1}}, "id"),
        ({"id": True}, "id"),
        ({"answer": " \n"}, "answer"),
        ({"answer": "<p> </p><script>alert(1)</script>"}, "answer"),
        ({"answer": ["a"]}, "answer"),
        ({"question": "x" * 501}, "question"),
        ({"variants": ["x"] * 3 + [str(n) for n in range(120)]}, "variants"),
        ({"variants": [{"a": 1}]}, "variants"),
        ({"language": "中文"}, "language"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"valid_from": "morgen"}, "valid_from"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"valid_until": "0001-01-01"}, "valid_until"),
        ({"valid_from": "9999-12-31"}, "valid_from"),
        ({"valid_from": "2026-03-01", "valid_until": "2026-02-28"}, "valid_until"),
    ],
)
def test_what_cannot_stand_in_a_cell_is_named(values: dict[str, Any], column: str) -> None:
    assert [problem.column for problem in one(**values).problems] == [column]


def test_all_problems_of_a_row_are_told_at_once() -> None:
    row = row_of(RawRow(7, {"answer": "", "source_url": "x", "valid_from": "y"}))
    assert {problem.column for problem in row.problems} == {
        "id", "answer", "source_url", "valid_from",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [("zh-Hans", "zh-hans"), ("zh_CN", "zh-hans"), ("zh-TW", "zh-hant"), ("EN", "en"),
     ("pt-BR", "pt-br"), ("english please", ""), ("x" * 40, "")],
)  # fmt: skip
def test_codes_of_languages(text: str, code: str) -> None:
    assert language_code(text) == code


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "'=1", "''@", "\tx"])
def test_no_cell_is_a_formula_and_none_is_changed(text: str) -> None:
    assert protected(text).startswith("'")
    assert unprotected(protected(text)) == text


@given(st.text())
def test_protection_can_always_be_taken_back(text: str) -> None:
    assert unprotected(protected(text)) == text


def test_a_long_question_is_cut_for_the_title() -> None:
    assert title_of("", "", "答" * 300) == "答" * 119 + "…"
    assert title_of("问\n题", "名", "答") == "问 题"
    assert title_of("", "名", "答") == "名"


# --- answers --------------------------------------------------------------------------------------
def test_plain_text_becomes_paragraphs() -> None:
    assert answer_html("1 < 2 & 3\n\n第二段 a<b") == ("<p>1 &lt; 2 &amp; 3</p><p>第二段 a&lt;b</p>")


def test_html_keeps_what_an_answer_may_hold() -> None:
    html = answer_html(
        '前言<div onclick="x()">甲 <strong>乙</strong><br></div><h2>丙</h2>'
        '<ul class="z"><li>一<li>二</ul><script>alert(1)</script><img src=x onerror=y>'
        '<a href="javascript:x">坏</a><a href="tel:12345">好</a>'
    )
    assert html == (
        "<p>前言</p><p>甲 <b>乙</b><br/></p><p>丙</p><ul><li>一</li><li>二</li></ul>"
        '<p><a>坏</a><a href="tel:12345">好</a></p>'
    )


@given(st.text(alphabet=st.sampled_from("<>/pulia b=\"'&;甲\n"), max_size=60))
@example("<p><ul><li>a</p>b")
@example("<p>a</p>b<br>c<p></p>")
def test_an_answer_that_was_cleaned_is_clean(text: str) -> None:
    once = answer_html(text)
    assert answer_html(once) == once


# --- whatever comes -------------------------------------------------------------------------------
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
_COLUMNS = st.sampled_from(
    ["id", "question", "variants", "answer", "language", "owner", "topic", "site", "source_url",
     "valid_from", "valid_until", "title"]
)  # fmt: skip


@given(st.binary(max_size=300), st.sampled_from(["a.jsonl", "a.csv", "a.xlsx"]))
def test_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    _is_read_or_refused(data, name)


@given(st.dictionaries(_COLUMNS, _JSON, max_size=12))
@example({"id": "\ud800", "answer": "\x00\x01\u202e甲"})
@example({"id": "a", "answer": "甲", "valid_until": "2999-12-31"})
def test_any_values_give_a_sound_row_or_problems(values: dict[str, Any]) -> None:
    _is_sound(row_of(RawRow(1, values)))


@given(st.dictionaries(_COLUMNS, st.text(max_size=20), min_size=1, max_size=12))
def test_any_table_is_read(values: dict[str, str]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", "answer", *(values.keys() - {"id", "answer"})])
    writer.writeheader()
    writer.writerow(values)
    _is_read_or_refused(out.getvalue().encode("utf-8", "surrogatepass"), "a.csv")


def _is_read_or_refused(data: bytes, name: str) -> None:
    try:
        found = read(data, name)
    except FileRefused:  # with a sentence, and not with anything else
        return
    for raw in found.rows:
        _is_sound(row_of(raw))


def _is_sound(row: Row) -> None:
    """Either something is wrong and said, or all of it can be stored."""
    if row.problems:
        assert all(str(problem.message) for problem in row.problems)
        return
    assert row.key
    assert row.value("answer")
    for value in (row.key, *row.given.values()):
        for text in value if isinstance(value, tuple) else [value]:
            if isinstance(text, str):
                assert "\0" not in text
                text.encode()
