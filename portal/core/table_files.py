"""Tables as files that people download: CSV or a workbook, safe to open, kept nowhere."""

import csv
import datetime
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook

from .uploads.tables import safe_cell

TABLE_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# No workbook may hold these.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def table_bytes(kind: str, headings: Iterable[Any], rows: Iterable[Iterable[Any]]) -> bytes:
    """A table as the bytes of a file of one of ``TABLE_TYPES``.

    Numbers stay numbers; moments are written in local time, None as an empty cell, anything else
    as its text.
    """
    safe = [[_safe(cell) for cell in row] for row in (list(headings), *rows)]
    if kind == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows(safe)
        return text.getvalue().encode("utf-8-sig")  # spreadsheets take it for something else else
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in safe:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def table_response(
    kind: str, name: str, headings: Iterable[Any], rows: Iterable[Iterable[Any]]
) -> HttpResponse:
    """A table as a download; ``name`` without its ending."""
    response = HttpResponse(table_bytes(kind, headings, rows), content_type=TABLE_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{name}.{kind}"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _safe(cell: Any) -> Any:
    if isinstance(cell, bool | int | float | Decimal):
        return cell
    if isinstance(cell, datetime.datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
    return "" if cell is None else safe_cell(_CONTROL.sub("", str(cell)))
