"""Rows pasted from a spreadsheet or read from CSV, checked so that an editor can mend them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _

MAX_ROWS, MAX_COLUMNS, MAX_CELL = 500, 20, 300


class TableProblem(ValueError):
    """Why a table cannot be read, in a sentence for the editor that names the row."""


class TableUnfinished(TableProblem):
    """What is there is right, but more has to follow: no reason to stop a draft."""


@dataclass(frozen=True, slots=True)
class TableData:
    """A heading and rows of the same length; cells are text as it was written."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_table(text: str) -> TableData:
    """A table from text: cells separated by tabs (pasted from Excel or WPS) or by commas (CSV).

    The first row is the heading. Empty lines are left out; numbers of rows are those of the text.

    Raises:
        TableProblem: with the row that is to be mended.
    """
    lines = list(_lines(text))
    if not lines:
        raise TableUnfinished(_("There is nothing in the table. Paste it with its heading."))
    (_number, heading), *rest = lines
    if not any(heading):
        raise TableProblem(_("The first row is the heading; it cannot be empty."))
    width = len(heading)
    if width > MAX_COLUMNS:
        raise TableProblem(
            _("The table has %(found)d columns; %(most)d fit on a page.")
            % {"found": width, "most": MAX_COLUMNS}
        )
    if not rest:
        raise TableUnfinished(_("There is only a heading; the rows are missing."))
    if len(rest) > MAX_ROWS:
        raise TableProblem(
            _("The table has %(found)d rows; more than %(most)d belong into an attachment.")
            % {"found": len(rest), "most": MAX_ROWS}
        )
    last = rest[-1][0]
    rows = tuple(_row(place, cells, width, is_last=place == last) for place, cells in rest)
    return TableData(tuple(heading), rows)


def _row(place: int, cells: list[str], width: int, *, is_last: bool) -> tuple[str, ...]:
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if len(cells) != width:
        # The last row may be short because someone is still typing it.
        raise (TableUnfinished if is_last and len(cells) < width else TableProblem)(
            _("Row %(row)d has %(found)d cells, the heading has %(wanted)d.")
            % {"row": place, "found": len(cells), "wanted": width}
        )
    for cell in cells:
        if len(cell) > MAX_CELL:
            raise TableProblem(
                _("A cell in row %(row)d is longer than %(most)d characters.")
                % {"row": place, "most": MAX_CELL}
            )
    return tuple(cells)


def _lines(text: str) -> Iterable[tuple[int, list[str]]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").strip("\n")
    first = text.split("\n", 1)[0]
    separator = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","
    if separator == "," and "," not in first and "，" in first:
        text = text.replace("，", ",")
    reader = csv.reader(StringIO(text), delimiter=separator, strict=True)
    try:
        for cells in reader:
            cells = [" ".join(cell.split()) for cell in cells]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise TableProblem(
            _("Row %(row)d cannot be read: a quotation mark is not closed or stands alone.")
            % {"row": max(reader.line_num, 1)}
        ) from error


# A cell that begins so would be run as a formula by the visitor's spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV that Excel and WPS open in the right encoding and never run as formulas."""
    out = StringIO()
    writer = csv.writer(out)
    for row in (heading, *rows):
        writer.writerow([_harmless(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def _harmless(cell: str) -> str:
    from .numbers import NotANumber, number

    if not cell.startswith(_FORMULA):
        return cell
    try:
        number(cell)
    except NotANumber:
        return f"'{cell}"
    return cell
