"""What is known of each machine's index: for readiness, and for what may be forgotten."""

import datetime
import platform

from django.utils import timezone

from portal.search.models import Document, Replica, Sequence

from .plan import forget_up_to
from .rows import forget_removed

# A machine that was not seen for so long is gone; should it come back, its index is made anew.
GONE_AFTER = datetime.timedelta(days=3)
KEEP_REMOVED = datetime.timedelta(days=7)
LATE_SECONDS = 60.0


def machine_name() -> str:
    return (platform.node() or "this machine")[:100]


def report(name: str, *, position: int, generation: str, state: str) -> None:
    """Write what an indexer says of itself."""
    Replica.objects.update_or_create(
        name=name,
        defaults={
            "position": position,
            "generation": generation[:80],
            "state": state[:200],
            "seen_at": timezone.now(),
        },
    )


def last_seq() -> int:
    return Sequence.objects.values_list("last", flat=True).first() or 0


def seconds_behind(position: int) -> float:
    """How long the oldest change waits that an index has not read."""
    waiting = Document.objects.filter(seq__gt=position).order_by("seq")
    since = waiting.values_list("changed_at", flat=True).first()
    return 0.0 if since is None else max(0.0, (timezone.now() - since).total_seconds())


def forget_old(now: datetime.datetime | None = None) -> int:
    """Delete removed rows that every living index has passed; how many. Run each night."""
    now = now or timezone.now()
    Replica.objects.filter(seen_at__lt=now - GONE_AFTER).delete()
    positions = Replica.objects.values_list("position", flat=True)
    lowest = min(positions, default=last_seq())
    number, highest = forget_removed(now - KEEP_REMOVED, lowest)
    if number:
        forget_up_to(highest)
    return number
