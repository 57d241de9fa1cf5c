"""Writing rows of documents: what sources say, with a number for each change."""

import datetime
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.plugin_api import SearchEntry, take_turn
from portal.search.models import Document, Sequence

LONGEST_BODY = 200_000
"""Characters of one document that are searched; what a book-long file says further on is not."""

_FIELDS = tuple(field.name for field in fields(SearchEntry) if field.name != "key")
_LENGTHS = {"url": 600, "title": 300, "number": 120, "theme": 60, "form": 60, "body": LONGEST_BODY}
# What a removed row keeps: enough to tell what it was.
_EMPTY: dict[str, Any] = {
    "aliases": [], "more_sites": [], "number": "", "summary": "", "body": "", "columns": [],
    "agencies": [], "extra": {}, "checksum": "",
}  # fmt: skip


@dataclass(slots=True)
class Changes:
    written: int = 0
    removed: int = 0
    same: int = 0


def store(asked: Collection[str], entries: Iterable[SearchEntry]) -> Changes:
    """Make the rows say what the entries say. Keys that were asked for and have no entry are
    removed, and with them the parts of theirs that have none.

    What is as it was gets no new number: no index hears of it.
    """
    given = {entry.key: _values(entry) for entry in entries}
    changes = Changes()
    with transaction.atomic():
        take_turn()
        kept = _rows(asked, given)
        gone = [row for key, row in kept.items() if key not in given and not row.is_removed]
        gone += _orphans(gone)
        changed = [
            _changed(kept.get(key) or Document(key=key, whole=whole_of(key)), values)
            for key, values in given.items()
            if key not in kept or kept[key].is_removed or kept[key].checksum != values["checksum"]
        ]
        _write(changed, gone)
    changes.written, changes.removed = len(changed), len(gone)
    changes.same = len(given) - len(changed)
    return changes


def whole_of(key: str) -> str:
    """The key of what a key names a part of; itself where it names a whole."""
    return key.partition("#")[0]


def forget_removed(before: datetime.datetime, up_to: int) -> tuple[int, int]:
    """Delete removed rows that every index has passed. Returns how many, and the highest number."""
    old = Document.objects.filter(is_removed=True, changed_at__lt=before, seq__lte=up_to)
    highest = old.order_by("-seq").values_list("seq", flat=True).first() or 0
    return old.delete()[0], highest


def _write(changed: list[Document], gone: list[Document]) -> None:
    if not changed and not gone:
        return
    seq = _numbers(len(changed) + len(gone))
    now = timezone.now()
    for row in gone:
        row.is_removed = True
        for name, value in _EMPTY.items():
            setattr(row, name, value)
    for row in (*gone, *changed):
        row.seq, row.changed_at = seq, now
        seq += 1
    names = ["seq", "is_removed", "checksum", "changed_at", *_FIELDS]
    Document.objects.bulk_create([row for row in changed if row.pk is None], batch_size=200)
    old = [*gone, *(row for row in changed if row.pk is not None)]
    for row in old:  # one by one: a big CASE for thirty columns is slower
        row.save(update_fields=names)


def _numbers(count: int) -> int:
    """The first of so many numbers that nobody else gets; to be called under ``take_turn``."""
    Sequence.objects.get_or_create(pk=1)
    row = Sequence.objects.select_for_update().get(pk=1)
    first = row.last + 1
    row.last += count
    row.save()
    return first


def _rows(asked: Collection[str], given: Collection[str]) -> dict[str, Document]:
    """The rows of all these keys, and of the parts of those asked for."""
    wanted = Q(key__in=list(given)) | Q(whole__in=list(asked))
    return {row.key: row for row in Document.objects.filter(wanted)}


def _orphans(gone: list[Document]) -> list[Document]:
    """What stood in what is gone: clauses of a document, files of a page."""
    keys = [row.key for row in gone]
    return list(Document.objects.filter(parent__in=keys, is_removed=False).exclude(key__in=keys))


def _changed(row: Document, values: Mapping[str, Any]) -> Document:
    row.is_removed = False
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _values(entry: SearchEntry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in _FIELDS}
    for name in ("aliases", "columns", "agencies", "more_sites"):
        values[name] = list(values[name])
    for name, length in _LENGTHS.items():
        # PostgreSQL stores no such character, and some files hold it.
        values[name] = values[name].replace("\x00", "")[:length]
    values["summary"] = values["summary"].replace("\x00", "")
    said = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return values | {"checksum": hashlib.sha256(said.encode()).hexdigest()}
