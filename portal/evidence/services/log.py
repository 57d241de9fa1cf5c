"""Appending to the log: file first, then table, in the caller's transaction."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.evidence import merkle
from portal.evidence.leaves import FIRST_CHAIN, chained, leaf_bytes
from portal.evidence.log_file import Line, LogFile
from portal.evidence.models import Action, Entry, Log, State, Subtree
from portal.evidence.places import log_file
from portal.evidence.selectors.tree import stored_height, stored_peaks

from .findings import Found, note


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be entered of one item. ``digest`` is "" for what is public no longer."""

    kind: str
    pk: int
    action: Action
    digest: str
    fields: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    event: int | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.pk}"


def the_log() -> Log:
    """The log, made where there is none."""
    found = Log.objects.order_by("pk").first()
    return found if found is not None else Log.objects.create(identity=uuid.uuid4().hex)


@transaction.atomic
def append(drafts: Sequence[Draft]) -> list[Entry]:
    """Enter items: in the file when this returns, in the table with the commit."""
    log = Log.objects.select_for_update().get(pk=the_log().pk)
    file = log_file()
    _bring_together(log, file)
    if not drafts:
        return []
    last = Entry.objects.order_by("-seq").first()
    seq, chain = (last.seq + 1, last.chain) if last is not None else (0, FIRST_CHAIN)
    now = timezone.now()
    entries: list[Entry] = []
    lines: list[tuple[bytes, str]] = []
    for draft in drafts:
        entry = Entry(
            seq=seq, key=draft.key, action=draft.action, digest=draft.digest, at=now,
            event=draft.event,
        )  # fmt: skip
        leaf = leaf_of(entry)
        entry.leaf = merkle.leaf_hash(leaf).hex()
        entry.chain = chain = chained(chain, entry.leaf)
        entries.append(entry)
        lines.append((leaf, chain))
        seq += 1
    file.append(lines)
    _store(entries)
    State.objects.bulk_create(
        [
            State(
                kind=draft.kind, object_pk=draft.pk, seq=entry.seq, digest=draft.digest,
                fields=draft.fields, details=draft.details,
            )
            for draft, entry in zip(drafts, entries, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_pk"],
        update_fields=["seq", "digest", "fields", "details"],
    )  # fmt: skip
    return entries


def leaf_of(entry: Entry) -> bytes:
    return leaf_bytes(
        seq=entry.seq, key=entry.key, action=entry.action, digest=entry.digest, at=entry.at,
        event=entry.event,
    )  # fmt: skip


def _store(entries: Sequence[Entry]) -> None:
    """Entries, and the subtrees that become whole with them."""
    peaks = stored_peaks(entries[0].seq)
    Entry.objects.bulk_create(entries)
    whole = [
        Subtree(height=height, index=index, hash=found.hex())
        for entry in entries
        for height, index, found in peaks.add(bytes.fromhex(entry.leaf))
        if stored_height(height)
    ]
    Subtree.objects.bulk_create(whole)


# --- file and table -------------------------------------------------------------------------------
def _bring_together(log: Log, file: LogFile) -> None:
    """What a killed process left between file and table; what somebody did to either is noted."""
    identity = file.identity()
    if identity is not None and identity != log.identity:
        _note_file("log-file-strange", f"It belongs to another log; kept as {file.put_aside()}.")
        identity = None
    last = Entry.objects.order_by("-seq").first()
    if identity is None:
        file.begin(log.identity)
        if last is not None:
            _note_file("log-file-gone", "The file was not there; it was written from the table.")
            _fill(file, -1)
        return
    torn = file.mend()
    if torn:
        detail = f"{len(torn)} bytes of a line that was never finished were cut off: {torn[:200]!r}"
        _note_file("log-file-torn", detail, restored="A half-written line was cut off.")
    end = file.last()
    in_file = _seq(end)
    in_table = last.seq if last is not None else -1
    if in_file is None:
        return  # not readable: the check tells where; what comes is appended
    if in_file < in_table:
        _note_file("log-file-short", f"It ended with {in_file}, the table with {in_table}.")
        _fill(file, in_file)
    elif in_file > in_table:
        _take_over(log, file, last)


def forget_what_the_table_has_not() -> None:
    """After a restore: the file was copied a little later than the table; lines of that while
    belong to a past that is gone with the restore."""
    file, last = log_file(), Entry.objects.order_by("-seq").first()
    if file.identity() is None:
        return
    file.mend()
    seq = last.seq if last is not None else -1
    for line in file.lines():
        if (found := _seq(line)) is not None and found > seq:
            file.cut(line.offset)
            return


def _seq(line: Line | None) -> int | None:
    if line is None:
        return -1
    values = line.values()
    return values["seq"] if values is not None else None


def _fill(file: LogFile, after: int) -> None:
    rows = Entry.objects.filter(seq__gt=after).order_by("seq")
    portion: list[tuple[bytes, str]] = []
    for entry in rows.iterator(chunk_size=1000):
        portion.append((leaf_of(entry), entry.chain))
        if len(portion) == 1000:
            file.append(portion)
            portion = []
    if portion:
        file.append(portion)


def _take_over(log: Log, file: LogFile, last: Entry | None) -> None:
    """Lines that were written and whose transaction never ended: they come into the table."""
    seq, chain = (last.seq, last.chain) if last is not None else (-1, FIRST_CHAIN)
    entries: list[Entry] = []
    for line in file.lines():
        values = line.values()
        if values is None or values["seq"] <= seq + len(entries):
            continue
        entry = _entry_of(values, line)
        if entry is None or entry.seq != seq + len(entries) + 1 or not line.follows(chain):
            kept = file.put_aside()
            _note_file(
                "log-file-diverged", f"Line {values['seq']} does not follow; kept as {kept}."
            )
            file.begin(log.identity)
            _fill(file, -1)
            return
        chain = entry.chain
        entries.append(entry)
    if not entries:
        return
    _store(entries)
    newest = {entry.key: entry for entry in entries}
    State.objects.bulk_create(
        [
            State(kind=kind, object_pk=int(pk), seq=entry.seq, digest=entry.digest)
            for key, entry in newest.items()
            for kind, _colon, pk in [key.partition(":")]
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_pk"],
        update_fields=["seq", "digest", "fields", "details"],
    )


def _entry_of(values: dict[str, Any], line: Line) -> Entry | None:
    """The row of a line; None where it would not give the same bytes."""
    at = parse_datetime(str(values.get("at")))
    key = str(values.get("key"))
    if at is None or not key.partition(":")[2].isdecimal():
        return None
    event = values.get("event")
    entry = Entry(
        seq=values["seq"], key=key, action=str(values.get("action")),
        digest=str(values.get("digest")), at=at.astimezone(datetime.UTC),
        event=event if isinstance(event, int) else None,
    )  # fmt: skip
    entry.leaf, entry.chain = merkle.leaf_hash(line.leaf).hex(), line.chain
    return entry if leaf_of(entry) == line.leaf else None


def _note_file(code: str, detail: str, restored: str = "") -> None:
    note(Found(code, str(log_file().path), detail=detail, restored=restored))
