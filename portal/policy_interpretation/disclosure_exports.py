"""The catalogue as a file: CSV, XLSX and JSON, with the same fields in the same order."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .selectors.catalogue import CatalogueRow

# Key in JSON, heading in tables.
FIELDS: tuple[tuple[str, str], ...] = (
    ("index_number", _("Index number")),
    ("title", _("Name")),
    ("summary", _("Summary")),
    ("created_on", _("Date of creation")),
    ("document_number", _("Document number")),
    ("body", _("Issuing body")),
    ("published_on", _("Date of publication")),
    ("disclosure", _("Disclosure")),
    ("theme", _("Theme")),
    ("genre", _("Genre")),
    ("validity", _("Validity")),
    ("url", _("Address")),
)
# Spreadsheets take cells that begin so for formulas.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What XML, and so a spreadsheet, cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def values_of(row: CatalogueRow, absolute: Callable[[str], str]) -> dict[str, str]:
    """The fields of a line as text; dates are YYYY-MM-DD, "" stands for what is not known."""
    return {
        "index_number": row.index_number,
        "title": row.title,
        "summary": row.summary,
        "created_on": row.created_on.isoformat() if row.created_on else "",
        "document_number": row.document_number,
        "body": row.body,
        "published_on": row.published_text,
        "disclosure": row.disclosure,
        "theme": row.theme,
        "genre": row.genre,
        "validity": str(row.validity.label) if row.validity else "",
        "url": absolute(row.url),
    }


def as_csv(rows: Iterable[dict[str, str]], name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(_csv_lines(rows), content_type="text/csv; charset=utf-8")
    return _named(response, f"{name}.csv")


def as_json(rows: Iterable[dict[str, str]], name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(_json_parts(rows), content_type="application/json")
    return _named(response, f"{name}.json")


def as_xlsx(rows: Iterable[dict[str, str]], name: str) -> HttpResponseBase:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("catalogue")
    sheet.freeze_panes = "A2"
    sheet.append([gettext(heading) for _key, heading in FIELDS])
    for row in rows:
        sheet.append([_cell(_CONTROL.sub("", row[key])) for key, _heading in FIELDS])
    buffer = io.BytesIO()
    book.save(buffer)
    response = HttpResponse(
        buffer.getvalue(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    return _named(response, f"{name}.xlsx")


FORMATS = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}


def _csv_lines(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"  # spreadsheets take it for another encoding otherwise
    writer.writerow([gettext(heading) for _key, heading in FIELDS])
    for row in rows:
        writer.writerow([_cell(row[key]) for key, _heading in FIELDS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _json_parts(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _named(response: Any, name: str) -> Any:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
