"""Linking entries into the chain, and taking out those whose time is over.

Entries are written in the transactions of what they tell of, many at a time. They get their number
afterwards, in a short transaction of its own that one process holds at a time: a publication does
not wait for another because both are recorded. What a killed process left is sealed with the next.
"""

import datetime
import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.core.models import AuditEntry, AuditHead

from . import guards, marks

_AT_A_TIME = 500
FOLDER = "audit"
HEADS = "heads.log"


def seal() -> int:
    """Give every entry that has none a number and its link. How many."""
    sealed = 0
    while AuditEntry.objects.filter(seq=None).exists():
        with transaction.atomic():
            head = _locked_head()
            rows = list(AuditEntry.objects.filter(seq=None).order_by("pk")[:_AT_A_TIME])
            for entry in rows:
                head.seq += 1
                head.chain = marks.link(head.chain, entry, head.seq)
                entry.seq, entry.chain = head.seq, head.chain
                entry.save(update_fields=["seq", "chain"])
            _write(head)
        sealed += len(rows)
    return sealed


def prune(now: datetime.datetime | None = None) -> int:
    """Take out what is older than ``AUDIT_DAYS``; the chain goes on from where it was cut."""
    before = (now or timezone.now()) - datetime.timedelta(days=settings.AUDIT_DAYS)
    with transaction.atomic():
        head = _locked_head()
        # From the front, as far as all of it is old: a gap in the middle would break the chain.
        young = AuditEntry.objects.filter(seq__isnull=False, at__gte=before).order_by("seq").first()
        last = AuditEntry.objects.filter(seq__isnull=False)
        last = last if young is None else last.filter(seq__lt=young.seq)
        cut = last.order_by("-seq").first()
        if cut is None or cut.seq is None:
            return 0
        with guards.lifted():
            gone, _each = AuditEntry.objects.filter(seq__lte=cut.seq).delete()
        head.first, head.base = cut.seq + 1, cut.chain
        _write(head)
    return gone


def note_head() -> bool:
    """Write down outside the database how far the chain has come; whether it had gone on."""
    head = AuditHead.objects.first()
    if head is None or not head.seq:
        return False
    path = heads_file()
    line = f"{head.seq} {head.chain}"
    known = last_head(path)
    if known is not None and f"{known[0]} {known[1]}" == line:
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{line} {timezone.now().isoformat(timespec='seconds')}\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def heads_file() -> Path:
    return Path(settings.DATA_DIR) / FOLDER / HEADS


def last_head(path: Path) -> tuple[int, str] | None:
    heads = known_heads(path)
    return heads[-1] if heads else None


def known_heads(path: Path) -> list[tuple[int, str]]:
    """(number, link) of each whole line."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        words = line.split()
        if line.endswith("\n") and len(words) == 3 and words[0].isdecimal():
            found.append((int(words[0]), words[1]))
    return found


def _locked_head() -> AuditHead:
    AuditHead.objects.get_or_create(pk=1)
    return AuditHead.objects.select_for_update().get(pk=1)


def _write(head: AuditHead) -> None:
    head.mark = marks.head_mark(head)
    head.save()
