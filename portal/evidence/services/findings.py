"""Findings: noted once while they are open, explained by people, closed when all is right again."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.evidence.models import Finding, Run


@dataclass(frozen=True, slots=True)
class Found:
    """Something not as the log says. ``place``: table and row, or a file; ``field``: what in it."""

    code: str
    place: str
    field: str = ""
    detail: str = ""
    advice: str = ""
    last_good_at: datetime.datetime | None = None
    restored: str = ""

    def to_json(self) -> dict[str, Any]:
        good = self.last_good_at.isoformat() if self.last_good_at else None
        return {
            "code": self.code, "place": self.place, "field": self.field, "detail": self.detail,
            "advice": self.advice, "last_good_at": good, "restored": self.restored,
        }  # fmt: skip


def last_check_before() -> datetime.datetime | None:
    """When the last check began that has looked at everything."""
    finished = Run.objects.filter(finished_at__isnull=False).order_by("-pk").first()
    return finished.began_at if finished is not None else None


@transaction.atomic
def note(found: Found) -> Finding:
    """Keep a finding; one that is open already is seen again."""
    now = timezone.now()
    finding, made = Finding.objects.get_or_create(
        code=found.code, place=found.place[:300], field=found.field[:200],
        status=Finding.Status.OPEN,
        defaults={
            "detail": found.detail, "advice": found.advice, "found_at": now,
            "last_good_at": found.last_good_at, "seen_at": now,
        },
    )  # fmt: skip
    if not made:
        finding.detail, finding.seen_at = found.detail, now
        finding.save(update_fields=["detail", "seen_at"])
    if found.restored:
        finding.status, finding.decided_at = Finding.Status.RESTORED, now
        finding.reason = found.restored[:500]
        finding.save(update_fields=["status", "decided_at", "reason"])
    return finding


def settle_unseen(since: datetime.datetime) -> int:
    """After a whole check: what it did not see again is right again."""
    rows = Finding.objects.filter(status=Finding.Status.OPEN, seen_at__lt=since)
    # What happened to the file once is explained by a person.
    rows = rows.exclude(code__startswith="log-file-")
    return rows.update(
        status=Finding.Status.RESTORED, decided_at=timezone.now(),
        reason="The check found it right again.",
    )  # fmt: skip
