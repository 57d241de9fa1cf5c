"""Whatever the detectors are made of has changed: all processes make them anew."""

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.proofreading.kinds import Lists
from portal.proofreading.models import ListsVersion, WordEntry

COLUMNS = ("list", "word", "replacement", "unless", "weak", "active", "note")
LARGEST = 2 * 1024 * 1024
MOST_ROWS = 20_000
_YES = frozenset({"1", "yes", "true", "y", "是", "对", "√"})
_NO = frozenset({"0", "no", "false", "n", "否"})


def lists_changed() -> None:
    if not ListsVersion.objects.update(number=F("number") + 1):
        ListsVersion.objects.create(pk=1, number=1)


@dataclass(slots=True)
class TableResult:
    """``refused``: (line of the file, sentence)."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


class TableError(ValueError):
    """The file is no such table; nothing was taken over. The sentence says why."""


def rows_of_file(data: bytes, name: str) -> list[tuple[int, dict[str, str]]]:
    """(line, {column: text}) of a CSV or XLSX file.

    Raises:
        TableError: it is neither, or lacks the columns “list” and “word”.
    """
    if len(data) > LARGEST:
        raise TableError(_("The file is larger than 2 MB."))
    rows = _xlsx(data) if data.startswith(b"PK") else _csv(data)
    if not rows:
        raise TableError(_("The file is empty."))
    known = {str(name).lower(): name for name in COLUMNS}
    headings = [known.get(cell.strip().lower(), "") for cell in rows[0]]
    for needed in ("list", "word"):
        if needed not in headings:
            raise TableError(_("The column “%(column)s” is missing.") % {"column": needed})
    found = []
    for line, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            cells = zip(headings, row, strict=False)
            found.append((line, {name: cell.strip() for name, cell in cells if name}))
    return found


def _csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        try:
            return list(csv.reader(io.StringIO(text, newline=""), strict=True))[: MOST_ROWS + 1]
        except csv.Error as error:
            raise TableError(_("This is not a CSV table: %(error)s") % {"error": error}) from error
    raise TableError(_("This is not a table. Save it as CSV or XLSX."))


def _xlsx(data: bytes) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > 50 * LARGEST:
                raise TableError(_("The file holds far too much."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(
            max_row=MOST_ROWS + 1, max_col=len(COLUMNS) + 10, values_only=True
        )
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    except TableError:
        raise
    except Exception as error:  # a zip of something else, a damaged file: openpyxl raises anything
        raise TableError(_("The file cannot be opened. Save it again as XLSX or CSV.")) from error


@transaction.atomic
def take_table(*, rows: Iterable[tuple[int, dict[str, str]]]) -> TableResult:
    """Take rows over: new ones are added, known ones (list and word) changed, none removed."""
    result = TableResult()
    known = {(entry.list_name, entry.word): entry for entry in WordEntry.objects.all()}
    names = {str(label): value for value, label in Lists.choices} | {v: v for v in Lists.values}
    for line, row in rows:
        try:
            entry, is_new, is_changed = _entry(row, known, names)
        except ValidationError as error:
            result.refused.append((line, " ".join(error.messages)))
            continue
        if not is_changed:
            result.same += 1
            continue
        entry.save()
        known[entry.list_name, entry.word] = entry
        result.added += is_new
        result.changed += not is_new
    if result.added or result.changed:
        lists_changed()
    return result


def _entry(
    row: dict[str, str], known: dict[tuple[str, str], WordEntry], names: dict[str, str]
) -> tuple[WordEntry, bool, bool]:
    name = names.get(row.get("list", ""))
    if name is None:
        raise ValidationError(
            _("There is no list “%(list)s”. Lists: %(lists)s.")
            % {"list": row.get("list", ""), "lists": ", ".join(Lists.values)}
        )
    word = row.get("word", "").removeprefix("'").strip()
    entry = known.get((name, word))
    is_new = entry is None
    entry = entry or WordEntry(list_name=name, word=word)
    before = _values(entry)
    if "replacement" in row:
        entry.replacement = row["replacement"]
    if "unless" in row:
        phrases = row["unless"].replace("；", "\n").replace(";", "\n").replace("|", "\n")
        entry.unless = "\n".join(part.strip() for part in phrases.splitlines() if part.strip())
    if "note" in row:
        entry.note = row["note"]
    for column in ("weak", "active"):
        if row.get(column):
            setattr(entry, column, _yes(row[column], column))
    entry.full_clean(validate_constraints=False)
    return entry, is_new, is_new or _values(entry) != before


def _values(entry: WordEntry) -> tuple[Any, ...]:
    return entry.replacement, entry.unless, entry.weak, entry.active, entry.note


def _yes(text: str, column: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValidationError(
        _("“%(text)s” in the column “%(column)s” is neither yes nor no.")
        % {"text": text, "column": column}
    )


def table() -> tuple[list[str], list[list[str]]]:
    """Headings and rows of all lists."""
    rows = [
        [
            entry.list_name, entry.word, entry.replacement, "；".join(entry.phrases),
            "yes" if entry.weak else "no", "yes" if entry.active else "no", entry.note,
        ]
        for entry in WordEntry.objects.all()
    ]  # fmt: skip
    return list(COLUMNS), rows
