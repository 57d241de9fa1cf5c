"""Entries as a file with the columns of the contract, which can be brought in again."""

import csv
import datetime
import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from io import BytesIO, StringIO
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from assistant.portal_plugin.models import QuestionPage
from portal.plugin_api import site_of_path

from .answers import answer_html
from .columns import COLUMNS
from .comparing import address_of
from .places import Places
from .reading import protected
from .rows import DEFAULT_LANGUAGE

CONTENT_TYPES = {
    "jsonl": "application/x-ndjson; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Excel's own limits.
_LONGEST_CELL = 32_767
_MOST_SHEET_ROWS = 1_048_575
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERS = re.compile(r"<a [^>]*linktype=", re.IGNORECASE)


class NotWritable(Exception):
    """This kind of file cannot hold the entries; the message says which other one can."""


def entries_as(kind: str, pages: QuerySet[QuestionPage]) -> bytes:
    """The entries as a file. ``kind``: jsonl, csv or xlsx.

    Raises:
        NotWritable: an answer is too long for a spreadsheet, or there are too many.
    """
    rows = entry_rows(pages)
    if kind == "jsonl":
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return "".join(lines).encode()
    if kind == "csv":
        return _csv(map(_cells, rows))
    return _xlsx(map(_cells, rows))


def entry_rows(pages: QuerySet[QuestionPage]) -> Iterator[dict[str, Any]]:
    """Each entry by the contract's columns, in the order of the list."""
    sites = {record.pk: record.code for record in Places().records}
    found = pages.select_related("topic", "owner_unit").prefetch_related("sources")
    for page in found.iterator(chunk_size=500):
        yield {
            "id": page.entry_id,
            "question": page.question or None,
            "variants": list(page.phrasings or ()),
            "answer": _answer(page.answer),
            "language": page.language or DEFAULT_LANGUAGE,
            "owner": page.owner_unit.full_name if page.owner_unit else "",
            "topic": page.topic.slug if page.topic else "",
            "site": sites.get(site_of_path(page.path) or 0, ""),
            "source_url": address_of(page),
            "valid_from": _moment(page.valid_from),
            "valid_until": _moment(page.valid_until, until=True),
            "title": page.title,
        }


def _answer(html: str) -> str:
    """Links to pages become addresses: elsewhere their numbers would mean other pages."""
    return answer_html(expand_db_html(html)) if _REFERS.search(html) else html


def _moment(moment: datetime.datetime | None, *, until: bool = False) -> str:
    """A day where it is one (as an end: the last that is included), else the moment."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    if local.time() != datetime.time.min:
        return local.isoformat(timespec="seconds")
    day = local.date() - datetime.timedelta(days=1) if until else local.date()
    return day.isoformat()


# --- tables ---------------------------------------------------------------------------------------
def _cells(row: dict[str, Any]) -> list[str]:
    return [protected(_cell(row[column])) for column in COLUMNS]


def _cell(value: Any) -> str:
    """Several phrasings one a line; a single one that holds a ``|`` must not be cut at it."""
    if isinstance(value, list):
        return "\n".join(value) + ("\n" if len(value) == 1 and "|" in value[0] else "")
    return "" if value is None else str(value)


def _csv(rows: Iterable[list[str]]) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # without the mark Excel takes it for GBK


def _xlsx(rows: Iterable[list[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Questions and answers")[:31])
    sheet.freeze_panes = "A2"
    sheet.append(list(COLUMNS))
    make = partial(WriteOnlyCell, sheet)
    for number, row in enumerate(rows, 1):
        if number > _MOST_SHEET_ROWS or any(len(cell) > _LONGEST_CELL for cell in row):
            raise NotWritable(
                _("A spreadsheet cannot hold entry %(id)s: choose JSONL or CSV.") % {"id": row[0]}
            )
        cells = [make(_NO_XML.sub("", text)) for text in row]
        for cell in cells:
            cell.data_type = "s"  # never a formula or a number
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
