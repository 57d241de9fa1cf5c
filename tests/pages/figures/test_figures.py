"""Tables read, numbers written, charts drawn: plain Python, no database."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pages.figures import Chart, TableProblem, draw, number, number_text, read_table, to_csv
from portal.pages.figures.charts import KINDS, Series
from portal.pages.figures.numbers import NotANumber
from portal.pages.figures.words import shortened, width, wrapped


# --- tables ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("separator", ["\t", ",", ";", "，"])
def test_rows_however_they_were_separated(separator: str) -> None:
    text = f"\ufeff月份{separator}人数\r\n\r\n1月{separator}82\r\n2月{separator}\r\n"
    data = read_table(text)
    assert data.heading == ("月份", "人数")
    assert data.rows == (("1月", "82"), ("2月", ""))


def test_a_cell_may_hold_commas_and_quotes() -> None:
    assert read_table('甲,乙\n"1,234","说""好"""\n').rows == (("1,234", '说"好"'),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing in the table"),
        ("月份,人数\n", "rows are missing"),
        ("月份,人数\n1月,82\n2月\n", "Row 3 has 1 cells, the heading has 2"),
        ("月份,人数\n1月,82,9\n", "Row 2 has 3 cells"),
        ('月份,人数\n1月,"82\n', "Row 2 cannot be read|Row 3 cannot be read"),
        ('月份,人数\n1月,"8"2\n', "Row 2 cannot be read"),
        (",\n1,2", "."),
        ("甲,乙\n" + "一," * 30, "Row 2"),
        ("甲\n" + "字" * 400, "longer than 300"),
        ("甲\n" + "字\n" * 501, "501 rows"),
        (",".join("甲" * 21) + "\n", "21 columns"),
    ],
)
def test_what_is_wrong_is_said_with_its_row(text: str, words: str) -> None:
    if text == ",\n1,2":  # an empty line is no heading: the next one is
        with pytest.raises(TableProblem, match="rows are missing"):
            read_table(text)
        return
    with pytest.raises(TableProblem, match=words):
        read_table(text)


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), max_size=12
)


@given(st.integers(2, 5).flatmap(lambda n: st.lists(
    st.lists(cells, min_size=n, max_size=n), min_size=2, max_size=6
)))  # fmt: skip
def test_a_downloaded_table_can_be_read_again(rows: list[list[str]]) -> None:
    rows = [row for row in rows if any(row)]
    if len(rows) < 2 or not any(rows[0]):
        return
    rows[0] = [f"列{cell}" for cell in rows[0]]
    read = read_table(to_csv(rows[0], rows[1:]))
    unquoted = [[cell.removeprefix("'") if cell[1:2] in set("=+-@") else cell for cell in row]
                for row in read.rows]  # fmt: skip
    assert unquoted == rows[1:] or [list(row) for row in read.rows] == rows[1:]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"])
def test_no_cell_becomes_a_formula_on_the_visitors_computer(cell: str) -> None:
    assert f"'{cell[:3]}" in to_csv(["甲"], [[cell]])


def test_a_negative_number_stays_a_number() -> None:
    assert to_csv(["甲"], [["-2.5"], ["+3%"]]) == "\ufeff甲\r\n-2.5\r\n+3%\r\n"


# --- numbers --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "1234.5"), ("-12", "-12"), ("−3", "-3"), ("5.8%", "5.8"), ("１２３", "123"),
        ("3.2万", "32000"), ("1.5亿", "150000000"), (".5", "0.5"), (" 7 ", "7"),
        ("", None), ("—", None), ("-", None), ("…", None), ("无", None),
    ],
)  # fmt: skip
def test_figures_as_people_write_them(text: str, value: str | None) -> None:
    assert number(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("text", ["约3万", "1,23", "12-13", "一百", "nan", "1e5", "万"])
def test_words_are_no_figures(text: str) -> None:
    with pytest.raises(NotANumber):
        number(text)


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        ("312345678", "zh-hans", "3.12亿"), ("3124000", "zh-hans", "312.4万"),
        ("3124000", "zh-hant", "312.4萬"), ("3124000", "en", "3,124,000"),
        ("99999", "zh-hans", "99,999"), ("-0.5", "zh-hans", "−0.5"), ("0", "zh-hans", "0"),
        ("1234.50", "ja", "1,234.5"), ("-0.001", "en", "0"),
    ],
)  # fmt: skip
def test_labels_are_short(value: str, language: str, text: str) -> None:
    assert number_text(Decimal(value), language) == text


# --- words ----------------------------------------------------------------------------------------
@given(st.text("云湖市人民政府abc ", max_size=80), st.integers(30, 300), st.integers(1, 4))
def test_wrapped_words_fit_and_are_not_lost(text: str, room: int, most: int) -> None:
    lines = wrapped(text, room, 14, most)
    assert 1 <= len(lines) <= most
    assert all(width(line, 14) <= room for line in lines)
    joined = "".join(lines).replace(" ", "")
    assert joined == text.replace(" ", "") or joined.endswith("…")


def test_shortened_words_say_so() -> None:
    assert shortened("云湖市人民政府", 50, 14) == "云湖…"


# --- charts ---------------------------------------------------------------------------------------
def chart(kind: str, labels: list[str], *values: list[float | None]) -> Chart:
    series = tuple(
        Series(f"系列{n}", tuple(None if v is None else Decimal(str(v)) for v in column))
        for n, column in enumerate(values, start=1)
    )
    return Chart(kind, tuple(labels), series, lambda value: number_text(value, "zh-hans"))


LONG = "云湖市湖滨区柳岸街道望湖社区居民委员会便民服务中心"
CASES = {
    "one point": (["一月"], [5.0]),
    "all zero": (["甲", "乙"], [0.0, 0.0]),
    "negative": (["甲", "乙", "丙"], [-5.0, 3.0, -1.2]),
    "all negative": (["甲", "乙"], [-5.0, -3.0]),
    "missing": (["甲", "乙", "丙"], [1.0, None, 3.0]),
    "nothing known": (["甲", "乙"], [None, None]),
    "long labels": ([LONG, LONG + "二"], [1.0, 2.0]),
    "several": (["甲", "乙"], [1.0, 2.0], [2.0, None], [-3.0, 4.0]),
    "far apart": (["甲", "乙"], [1.0, 123456789.0]),
    "many": ([f"{n}月" for n in range(40)], [float(n) for n in range(40)]),
    "equal": (["甲", "乙"], [7.0, 7.0]),
    "tiny": (["甲", "乙"], [0.0001, 0.0002]),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_all_is_drawn_and_inside(kind: str, case: str) -> None:
    labels, *values = CASES[case]
    if kind == "share":
        values = [[abs(v) if v else v for v in values[0]]]
    for drawing in draw(chart(kind, labels, *values)):
        assert drawing.height > 0
        for box in drawing.boxes:
            assert box.x >= -0.5, box
            assert box.x + box.width <= drawing.width + 0.5, box
            assert 0 <= box.y <= box.y + box.height <= drawing.height + 1, box
        for word in drawing.words:
            wide = width(word.text, 14)
            start = {"start": word.x, "middle": word.x - wide / 2, "end": word.x - wide}
            assert start[word.anchor] >= -1, word
            assert start[word.anchor] + wide <= drawing.width + 1, word
            assert 0 < word.y <= drawing.height + 1, word
        for path in drawing.paths:
            assert not re.search(r"nan|inf", path.d)


@pytest.mark.parametrize("kind", ["column", "bar"])
def test_every_value_stands_beside_its_bar(kind: str) -> None:
    for drawing in draw(chart(kind, ["甲", "乙"], [1.5, -2.0], [3.0, None])):
        values = sorted(word.text for word in drawing.words if word.kind == "value")
        assert values == ["1.5", "3", "−2"]
        assert [word.text for word in drawing.words if word.kind == "missing"] == ["—"]
        bars = [box for box in drawing.boxes if box.height != 14]
        assert len(bars) == 3


def test_bars_are_as_long_as_their_values() -> None:
    wide, _narrow = draw(chart("bar", ["甲", "乙"], [10.0, 5.0]))
    one, two = wide.boxes
    assert one.width == pytest.approx(2 * two.width, abs=0.2)


def test_a_line_stops_where_a_value_is_missing() -> None:
    wide, _narrow = draw(chart("line", ["甲", "乙", "丙", "丁"], [1.0, None, 3.0, 4.0]))
    (line,) = [path for path in wide.paths if path.kind == "line"]
    assert line.d.count("M") == 2


def test_shares_add_up() -> None:
    wide, _narrow = draw(chart("share", ["甲", "乙", "丙"], [1.0, 1.0, 2.0]))
    assert [word.text for word in wide.words if word.kind == "value"] == ["25%", "25%", "50%"]
    assert sum(path.kind == "slice" for path in wide.paths) == 3


def test_columns_without_room_lie_down() -> None:
    _wide, narrow = draw(chart("column", [LONG, LONG, LONG], [1.0, 2.0, 3.0]))
    heights = {box.height for box in narrow.boxes}
    assert len(heights) == 1, "bars of one thickness: they lie"


@given(
    st.sampled_from(KINDS),
    st.lists(st.one_of(st.none(), st.floats(-1e10, 1e10)), min_size=1, max_size=20),
)
def test_whatever_the_figures(kind: str, values: list[float | None]) -> None:
    for drawing in draw(chart(kind, [f"第{n}项" for n in range(len(values))], values)):
        assert all(not re.search(r"nan|inf", path.d) for path in drawing.paths)
