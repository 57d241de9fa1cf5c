"""A table as a file: CSV that Excel reads, or a spreadsheet. Text is never taken for a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from .reading import protected

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_SHEET_NAME = re.compile(r"[\\/*?:\[\]]")

type Plain = str | int | float | None


def table_as(
    kind: str, title: str, columns: Sequence[str], rows: Iterable[Sequence[Plain]]
) -> bytes:
    """The table as a file. ``kind``: csv or xlsx; numbers stay numbers."""
    return _csv(columns, rows) if kind == "csv" else _xlsx(title, columns, rows)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Plain]]) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([protected(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # without the mark Excel takes it for GBK


def _xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Plain]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_SHEET_NAME.sub(" ", title)[:31])
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    for row in rows:
        cells = []
        for value in row:
            text = _NO_XML.sub("", value) if isinstance(value, str) else value
            cell = WriteOnlyCell(sheet, text)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
