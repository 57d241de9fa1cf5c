"""Tables that people bring, and cells that a spreadsheet would take for formulas."""

import csv
import io

import pytest
from openpyxl import Workbook

from portal.core.table_files import table_bytes
from portal.core.uploads.tables import TableError, plain_cell, read_table, safe_cell

CELLS = [
    "=1+1",
    "+86 999 10000110",
    "-5",
    "@all",
    "'=quoted",
    "''=twice",
    "'其他",
    "'",
    "居住证",
    "",
]


@pytest.mark.parametrize("cell", CELLS, ids=range(len(CELLS)))
def test_a_cell_comes_back_as_it_was(cell: str) -> None:
    assert plain_cell(safe_cell(cell)) == cell
    assert not safe_cell(cell).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_of_ours_is_read_as_it_was_written(kind: str) -> None:
    data = table_bytes(kind, ["word", "note"], [[cell, "x"] for cell in CELLS])
    rows = read_table(data, columns=("word", "note"), needed=("word",), most_rows=20)
    assert [row["word"] for _line, row in rows] == CELLS


def test_an_apostrophe_that_guards_nothing_stays() -> None:
    data = "word\n'其他\n'\n".encode()
    rows = read_table(data, columns=("word",), needed=("word",), most_rows=20)
    assert [row["word"] for _line, row in rows] == ["'其他", "'"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_larger_table_is_read_where_the_reader_allows_it(kind: str) -> None:
    rows = [["词" * 4_000] for _number in range(300)]
    if kind == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([["word"], *rows])
        data = out.getvalue().encode()
        with pytest.raises(TableError):
            read_table(data, columns=("word",), needed=("word",), most_rows=400)
    else:
        book = Workbook()
        for row in (["word"], *rows):
            book.active.append(row)
        stored = io.BytesIO()
        book.save(stored)
        data = stored.getvalue()
    found = read_table(
        data, columns=("word",), needed=("word",), most_rows=400, largest=20 * 1024 * 1024
    )
    assert len(found) == 300
