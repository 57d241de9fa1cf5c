"""The bytes of a file as rows. Nothing is judged here but the form of the file.

A file that cannot be read at all raises ``FileRefused``. A line that cannot be read is a row with a
problem, and the others are read all the same.
"""

import csv
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _

from .columns import column_for

LARGEST = 200 * 1024 * 1024
MOST_ROWS = 200_000
_MOST_COLUMNS = 60
KINDS = ("jsonl", "csv", "xlsx")
# A spreadsheet would run these as formulas; the quotation mark in front says that it is text.
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_LONGEST_CELL = 1_000_000


class FileRefused(Exception):
    """The file as a whole cannot be taken; the message says why, to whoever brought it."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: ``values`` by the contract's column names, only those that the file has.

    ``line`` counts from 1, the heading included. ``problem``: why the line cannot be read.
    """

    line: int
    values: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RawFile:
    """``ignored`` are columns that mean nothing here."""

    rows: list[RawRow]
    ignored: list[str]


def read(data: bytes, name: str) -> RawFile:
    """All rows of a file of entries; its kind is told by the end of its name.

    Raises:
        FileRefused: it is none, too large, or not readable.
    """
    kind = name.rpartition(".")[2].lower()
    if kind not in KINDS:
        raise FileRefused(_("Only files that end in .jsonl, .csv or .xlsx can be read."))
    if len(data) > LARGEST:
        raise FileRefused(_("The file is too large. Cut it in parts."))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(_("This is an old Excel file (.xls). Save it as .xlsx or CSV."))
    if kind == "xlsx":
        return _table(_xlsx_lines(data))
    text = decoded(data)
    return _jsonl(text) if kind == "jsonl" else _table(_csv_lines(text))


def decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 (with its mark) or GB 18030.

    Raises:
        FileRefused: it is no text.
    """
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused(_("This is no text in UTF-8 or GB 18030."))


def protected(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula; ``unprotected`` undoes it."""
    return f"'{text}" if _RISKY.match(text) else text


def unprotected(text: str) -> str:
    return text[1:] if text.startswith("'") and _RISKY.match(text[1:]) else text


# --- JSON lines -----------------------------------------------------------------------------------
def _jsonl(text: str) -> RawFile:
    rows: list[RawRow] = []
    ignored: dict[str, None] = {}
    # Not splitlines: JSON may hold U+2028 and its like in the middle of a string.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        _count(rows)
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            rows.append(RawRow(number, problem=_("This line is no JSON.")))
            continue
        if not isinstance(found, dict):
            rows.append(RawRow(number, problem=_("This line is no JSON object.")))
            continue
        rows.append(RawRow(number, _named(found.items(), ignored)))
    if not rows:
        raise FileRefused(_("There is nothing in this file."))
    return RawFile(rows, list(ignored))


def _named(pairs: Iterable[tuple[str, Any]], ignored: dict[str, None]) -> dict[str, Any]:
    """Under the contract's names. Its own name wins over another one for the same."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        column = column_for(name)
        if not column:
            if len(ignored) < _MOST_COLUMNS:
                ignored.setdefault(name[:60])
        elif column not in values or name == column:
            values[column] = value
    return values


# --- tables ---------------------------------------------------------------------------------------
type _Line = tuple[int, list[Any] | str]


def _table(lines: Iterator[_Line]) -> RawFile:
    """The first line that holds anything names the columns. A line as text is a problem."""
    heading: list[str] | None = None
    rows: list[RawRow] = []
    ignored: dict[str, None] = {}
    for number, cells in lines:
        if isinstance(cells, str):
            rows.append(RawRow(number, problem=cells))
            continue
        if not any(map(_text, cells)):
            continue
        if heading is None:
            heading = [_text(cell) for cell in cells]
            _check_heading(heading)
            continue
        _count(rows)
        pairs = [(name, cell) for name, cell in zip(heading, cells, strict=False) if name]
        pairs += [(name, None) for name in heading[len(cells) :] if name]
        values = _named(pairs, ignored)
        rows.append(RawRow(number, {name: _cell(value) for name, value in values.items()}))
    if heading is None and rows:
        raise FileRefused(rows[0].problem)
    if not rows:
        raise FileRefused(_("There is nothing in this file."))
    return RawFile(rows, list(ignored))


def _check_heading(heading: list[str]) -> None:
    known = [column for name in heading if (column := column_for(name))]
    missing = [name for name in ("id", "answer") if name not in known]
    if missing:
        raise FileRefused(
            _("The first row must name the columns; missing: %(names)s.")
            % {"names": ", ".join(missing)}
        )
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise FileRefused(
            _("The first row names a column twice: %(names)s.") % {"names": ", ".join(twice)}
        )


def _count(rows: list[RawRow]) -> None:
    if len(rows) >= MOST_ROWS:
        raise FileRefused(
            _("The file has more than %(count)d rows. Cut it in parts.") % {"count": MOST_ROWS}
        )


def _cell(value: Any) -> Any:
    return unprotected(value) if isinstance(value, str) else value


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _csv_lines(text: str) -> Iterator[_Line]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells: list[Any] = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # What follows an open quotation mark cannot be told from what it holds.
            yield (
                number,
                _(
                    "From here on the file cannot be read: a quotation mark is not closed or "
                    "stands alone."
                ),
            )
            return
        yield number, cells


def _xlsx_lines(data: bytes) -> Iterator[_Line]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > 5 * LARGEST:
                raise FileRefused(_("The file is too large. Cut it in parts."))
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = [
            (number, [_of_sheet(value) for value in cells])
            for number, cells in enumerate(
                sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=_MOST_COLUMNS, values_only=True),
                1,
            )
        ]
    except FileRefused:
        raise
    except Exception as error:  # a zip of something else, a damaged file: openpyxl raises anything
        raise FileRefused(_("The file cannot be opened. Save it again as .xlsx or CSV.")) from error
    yield from lines


def _of_sheet(value: Any) -> Any:
    """Numbers as people see them; dates stay dates."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, (datetime, date, str, int, float, bool)) or value is None:
        return value
    return str(value)
