"""Whatever the detectors are made of has changed: all processes make them anew."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.plugin_api import TableRow, read_table
from portal.proofreading.kinds import Lists
from portal.proofreading.models import ListsVersion, WordEntry

COLUMNS = ("list", "word", "replacement", "unless", "weak", "active", "note")
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


def rows_of_file(data: bytes) -> list[tuple[int, TableRow]]:
    """The rows of a CSV or XLSX file. Raises ``TableError``."""
    return read_table(data, columns=COLUMNS, needed=("list", "word"), most_rows=MOST_ROWS)


@transaction.atomic
def take_table(*, rows: Iterable[tuple[int, TableRow]]) -> TableResult:
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
