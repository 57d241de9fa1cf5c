"""Guides as a file: JSON without loss, CSV and XLSX with the documented columns."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.db.models import QuerySet

from portal.plugin_api import plain_cell, safe_cell
from portal.services.models import GuidePage

from .columns import (
    CHOICES,
    COLUMNS,
    FLAGS,
    MANY_TERMS,
    NUMBERS,
    PARTS,
    RICH,
    SINGLE_TERMS,
    TEXTS,
    cell_of,
)
from .hours import hours_text
from .reading import FORMAT, VERSION

CONTENT_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def guides_as(kind: str, guides: Iterable[GuidePage]) -> bytes:
    """``kind``: json, csv or xlsx."""
    rows = [values_of(guide) for guide in guides]
    if kind == "json":
        book = {"format": FORMAT, "version": VERSION, "guides": rows}
        return json.dumps(book, ensure_ascii=False, indent=1).encode() + b"\n"
    table = [[_cell(name, row.get(name)) for name in COLUMNS] for row in rows]
    return _csv(table) if kind == "csv" else _xlsx(table)


def latest(pages: QuerySet[GuidePage]) -> Iterator[GuidePage]:
    """Each guide as its editors see it: the newest revision."""
    for page in pages.iterator(chunk_size=200):
        found = page.get_latest_revision_as_object()
        if isinstance(found, GuidePage):
            yield found


def values_of(guide: GuidePage) -> dict[str, Any]:
    """Everything that an editor can write into a guide, as plain values."""
    found: dict[str, Any] = {"key": str(guide.translation_key)}
    for name in (*TEXTS, *RICH, *CHOICES):
        found[name] = getattr(guide, name)
    for name in (*FLAGS, *NUMBERS):
        found[name] = getattr(guide, name)
    for name in SINGLE_TERMS:
        term = getattr(guide, name)
        found[name] = term.key if term else ""
    terms = list(guide.terms.all())
    for name, dimension in MANY_TERMS.items():
        found[name] = [term.key for term in terms if term.dimension == dimension]
    found["unit"] = guide.owner_unit.code if guide.owner_unit else ""
    found["served"] = [value for value in guide.served.split(",") if value]
    found["result_sample"] = _file(guide.result_sample)
    found["materials"] = [
        {
            name: _file(getattr(row, name))
            if name in ("blank_form", "instruction_file", "sample")
            else getattr(row, name)
            for name in PARTS["materials"]
        }
        for row in guide.materials.all()
    ]
    found["steps"] = [
        {name: getattr(row, name) for name in PARTS["steps"]} for row in guide.steps.all()
    ]
    found["places"] = [_place(row) for row in guide.places.all()]
    found["basis"] = [_basis(row) for row in guide.basis.all()]
    return found


def _file(document: Any) -> str:
    """What the content hashes to, and for people the name."""
    return f"{document.get_file_hash()} {document.title}" if document else ""


def _place(row: Any) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in PARTS["places"]}
    for name in ("latitude", "longitude"):
        found[name] = str(found[name]) if found[name] is not None else ""
    return found


def _basis(row: Any) -> dict[str, Any]:
    target = row.target
    return {
        "label": row.label,
        "url": row.url,
        "excerpt": row.excerpt,
        "document": f"{target.translation_key} {target.title}" if target else "",
        "clauses": list(row.clauses or ()),
    }


# --- tables ---------------------------------------------------------------------------------------
def _cell(name: str, value: Any) -> str:
    if name in PARTS:
        return cell_of(name, [_flat(row) for row in value])
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def _flat(row: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name, value in row.items():
        if name == "hours":
            found[name] = hours_text(value)
        elif name == "follows_calendar":
            found[name] = "1" if value else "0"
        elif isinstance(value, list):
            found[name] = ",".join(value)
        else:
            found[name] = "" if value is None else str(value)
    return found


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([[safe_cell(cell) for cell in row] for row in table])
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # without the mark Excel takes it for GBK


def _xlsx(table: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("guides")
    sheet.freeze_panes = "B2"
    sheet.append(list(COLUMNS))
    for row in table:
        cells = []
        for value in row:
            # A text by its type: only what reading would take an apostrophe from gets another.
            text = value if plain_cell(value) == value else safe_cell(value)
            cell = WriteOnlyCell(sheet, _NO_XML.sub("", text)[:32_767])
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
