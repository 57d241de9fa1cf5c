"""Rows as a file: CSV as spreadsheets expect it, or XLSX. No cell can act as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

# Spreadsheets in Chinese take the wide signs for the narrow ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _safe(value: str) -> str:
    value = _CONTROL.sub("", value)
    return f"'{value}" if value.startswith(_FORMULA) and not _is_number(value) else value


def _is_number(value: str) -> bool:
    return value.lstrip("-").isdigit()


class _Line:
    def write(self, value: str) -> str:
        return value


def _lines(rows: Iterable[list[str]], language: str | None, zone: tzinfo) -> Iterator[str]:
    """Sent after the view has returned, when the reader's language and zone are set no longer."""
    yield "\ufeff"
    writer, left = csv.writer(_Line()), iter(rows)
    while True:
        with translation.override(language), timezone.override(zone):
            row = next(left, None)
        if row is None:
            return
        yield writer.writerow([_safe(value) for value in row])


def as_file(rows: Iterable[list[str]], name: str, kind: str) -> HttpResponseBase:
    """A download; ``kind`` is ``csv`` or ``xlsx``. CSV is sent while it is read."""
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(
            _lines(rows, translation.get_language(), timezone.get_current_timezone()),
            content_type="text/csv; charset=utf-8",
        )
    else:
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("data")
        for row in rows:
            sheet.append([_safe(value)[:32_000] for value in row])
        buffer = io.BytesIO()
        book.save(buffer)
        response = HttpResponse(buffer.getvalue(), content_type=_XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
