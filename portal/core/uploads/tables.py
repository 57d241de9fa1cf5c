"""CSV and XLSX files as rows with named columns: lists of words and rules that editors bring in."""

import csv
import io
import re
import zipfile
from collections.abc import Collection

from django.utils.translation import gettext as _

from .containers import FileProblem
from .sheets import decoded

LARGEST_TABLE = 2 * 1024 * 1024
# Columns that nobody asked for may stand between the others.
_MORE_COLUMNS = 10

# What a spreadsheet would run as a formula, and what has an apostrophe for that reason already.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")

type TableRow = dict[str, str]


class TableError(ValueError):
    """The file is no such table; nothing was taken over. The sentence says why."""


def safe_cell(text: str) -> str:
    """A text for a cell of a file that people open in a spreadsheet: never a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """What ``safe_cell`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def read_table(
    data: bytes,
    *,
    columns: Collection[str],
    needed: Collection[str],
    most_rows: int,
    largest: int = LARGEST_TABLE,
) -> list[tuple[int, TableRow]]:
    """(line of the file, {column: text}) for each row that is not empty.

    Args:
        data: a CSV file (encodings: ``sheets.decoded``) or an XLSX file, whose first sheet counts.
        columns: in lower case, as headings name them in any case; others are passed over.
        needed: columns without which it is no such table.
        most_rows: more are refused.
        largest: in bytes; larger files are refused.

    Raises:
        TableError: it is neither, is too large or too long, or lacks a column.
    """
    if len(data) > largest:
        raise TableError(
            _("The file is larger than %(size)d MB. Cut it in parts.") % {"size": largest >> 20}
        )
    width = len(columns) + _MORE_COLUMNS
    rows = _xlsx(data, most_rows + 2, width) if data.startswith(b"PK") else _csv(data)
    if not rows:
        raise TableError(_("The file is empty."))
    headings = [cell.strip().lower() for cell in rows[0]]
    for column in needed:
        if column not in headings:
            raise TableError(_("The column “%(column)s” is missing.") % {"column": column})
    if len(rows) > most_rows + 1:
        raise TableError(_("At most %(most)d rows at a time.") % {"most": most_rows})
    found = []
    for line, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            cells = zip(headings, row, strict=False)
            found.append((line, {name: _plain(cell) for name, cell in cells if name in columns}))
    return found


def _plain(cell: str) -> str:
    return plain_cell(cell.strip()).strip()


def _csv(data: bytes) -> list[list[str]]:
    try:
        text = decoded(data)
    except FileProblem as error:
        raise TableError(_("This is not a table. Save it as CSV or XLSX.")) from error
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise TableError(_("This is not a CSV table: %(error)s") % {"error": error}) from error


def _xlsx(data: bytes, most_rows: int, most_columns: int) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > 50 * LARGEST_TABLE:
                raise TableError(_("The file holds far too much."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(
            max_row=most_rows, max_col=most_columns, values_only=True
        )
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    except TableError:
        raise
    except Exception as error:  # a zip of something else, a damaged file: openpyxl raises anything
        raise TableError(_("The file cannot be opened. Save it again as XLSX or CSV.")) from error
