"""CSV and XLSX files as the text that an editor could have pasted."""

import csv
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _

from .containers import FileProblem

LARGEST = 2 * 1024 * 1024
_MOST_ROWS, _MOST_COLUMNS = 501, 40
# What WPS and Excel write in China, after what everybody should write.
_ENCODINGS = ("utf-8-sig", "gb18030")


def sheet_text(data: bytes, name: str) -> str:
    """The rows of the first sheet, cells separated by tabs, without empty rows and columns.

    Raises:
        FileProblem: it is neither CSV nor XLSX, or cannot be read.
    """
    if len(data) > LARGEST:
        raise FileProblem(_("The file is larger than 2 MB. A page cannot hold such a table."))
    if data.startswith(b"PK"):
        rows = _xlsx(data)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileProblem(_("This is an old Excel file (.xls). Save it as .xlsx or CSV."))
    else:
        rows = _csv(data)
    return _tabbed(rows)


def _csv(data: bytes) -> list[list[str]]:
    text = decoded(data)
    first = text.split("\n", 1)[0]
    separator = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [row for row, _number in zip(reader, range(_MOST_ROWS + 1), strict=False)]
    except csv.Error as error:
        raise FileProblem(
            _("Row %(row)d cannot be read: a quotation mark is not closed or stands alone.")
            % {"row": max(reader.line_num, 1)}
        ) from error


def decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 (with its mark) or GB 18030.

    Raises:
        FileProblem: it is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise FileProblem(_("This is not a text file. Save the sheet as CSV or XLSX."))


def _xlsx(data: bytes) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > 50 * LARGEST:
                raise FileProblem(
                    _("The file holds far too much. Copy what you need to a new one.")
                )
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS)
        return [[_cell(cell.value, cell.number_format) for cell in row] for row in rows]
    except FileProblem:
        raise
    except Exception as error:  # a zip of something else, a damaged file: openpyxl raises anything
        raise FileProblem(_("The file cannot be opened. Save it again as .xlsx or CSV.")) from error


def _cell(value: Any, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if not (value.hour or value.minute) else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if number_format and number_format.endswith("%"):
            return f"{round(value * 100, 6):g}%"
        return f"{round(value, 6):.6f}".rstrip("0").rstrip(".")
    return str(value)


def _tabbed(rows: Iterable[Iterable[str]]) -> str:
    cleaned = [[" ".join(cell.split()) for cell in row] for row in rows]
    cleaned = [row for row in cleaned if any(row)]
    if not cleaned:
        raise FileProblem(_("There is nothing in the first sheet of this file."))
    widest = max(
        (place for row in cleaned for place, cell in enumerate(row, start=1) if cell), default=0
    )
    out = StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for row in cleaned:
        writer.writerow([*row, *[""] * widest][:widest])
    return out.getvalue().rstrip("\n")
