"""Whether the log is what was written: nothing changed, nothing taken out, nothing put in."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.utils import timezone

from portal.core.models import AuditEntry, AuditHead

from . import guards, marks, sealing

# What is written in a transaction that takes long is not sealed before it ends.
_UNSEALED_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Finding:
    """``seq``: of the entry, or where one is missing; None where it stands outside the chain."""

    seq: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    entries: int
    first: int
    seq: int
    chain: str
    findings: tuple[Finding, ...]


def check(*, heads: Path | None = None, known: tuple[int, str] | None = None) -> Report:
    """Go through the whole log.

    Args:
        heads: the file of what was noted outside the database; the portal's own unless given.
        known: a number and its link that were put down elsewhere.
    """
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    noted = dict(sealing.known_heads(heads or sealing.heads_file()))
    if known is not None:
        noted[known[0]] = known[1]
    walk = _Walk(head, noted)
    findings = [*_of_the_head(head), *walk, *_unsealed()]
    if not guards.are_installed(connection):
        findings.append(Finding(None, "the database's guards are missing (portal migrate)"))
    return Report(walk.entries, head.first, head.seq, head.chain, tuple(findings))


class _Walk:
    """From the first entry that is kept to the head."""

    def __init__(self, head: AuditHead, noted: dict[int, str]) -> None:
        self.head, self.noted, self.entries = head, noted, 0

    def __iter__(self) -> Iterator[Finding]:
        expected, before = self.head.first, self.head.base
        newest = max(self.noted, default=0)
        rows = AuditEntry.objects.filter(seq__isnull=False).order_by("seq")
        for entry in rows.iterator(chunk_size=2_000):
            assert entry.seq is not None
            self.entries += 1
            if entry.seq > expected:
                yield Finding(expected, _missing(expected, entry.seq - 1))
            elif entry.seq < expected:
                yield Finding(entry.seq, "stands before the first entry that is kept")
                continue
            if not marks.is_marked(entry):
                yield Finding(entry.seq, "was changed, or was not written by this portal")
            elif entry.seq == expected and not marks.is_link(before, entry):
                yield Finding(entry.seq, "does not follow the entry before it")
            if entry.seq in self.noted and self.noted[entry.seq] != entry.chain:
                yield Finding(entry.seq, "is not what was noted outside the database")
            expected, before = entry.seq + 1, entry.chain
        last = max(self.head.seq, newest)
        if expected <= last:
            yield Finding(expected, _missing(expected, last))
        elif before != self.head.chain and expected == self.head.seq + 1:
            yield Finding(self.head.seq, "is not the end that the head of the log names")
        elif expected > self.head.seq + 1:
            yield Finding(expected - 1, "stands behind the end that the head of the log names")


def _of_the_head(head: AuditHead) -> Iterator[Finding]:
    if head.pk is None:
        if AuditEntry.objects.filter(seq__isnull=False).exists():
            yield Finding(None, "the head of the log is missing")
    elif head.seq and not marks.is_head(head):
        yield Finding(None, "the head of the log was changed")


def _unsealed() -> Iterator[Finding]:
    late = timezone.now() - datetime.timedelta(seconds=_UNSEALED_SECONDS)
    for entry in AuditEntry.objects.filter(seq=None).order_by("pk"):
        if not marks.is_marked(entry):
            yield Finding(None, f"row {entry.pk} was not written by this portal")
        elif entry.at < late:
            yield Finding(None, f"row {entry.pk} is not sealed")


def _missing(first: int, last: int) -> str:
    return "is missing" if first == last else f"is missing, with those up to {last}"
