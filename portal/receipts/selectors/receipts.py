"""What the parts say of a publication, and the receipts that there are."""

import datetime
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from portal.plugin_api import (
    Entry,
    OutboxEvent,
    Publication,
    ReceiptLine,
    ReceiptPart,
    item_key,
    receipt_parts,
)
from portal.receipts.models import Receipt, State

logger = logging.getLogger(__name__)

LATE_AFTER = datetime.timedelta(minutes=10)
KINDS = ("page.published", "page.updated")


@dataclass(frozen=True, slots=True)
class Said:
    """One line, and by whom. ``seen``: when its part was first seen done, where it knows no time of
    its own. ``is_work``: it waits for people."""

    part: str
    line: ReceiptLine
    is_work: bool = False
    seen: datetime.datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.line.state in ("waiting", "failed")


def ask_parts(publication: Publication, event: int) -> list[Said]:
    """All lines, in the order of the parts. A part that fails costs its own lines only."""
    entries = sorted(
        receipt_parts.entries(publication.site_id), key=lambda entry: (entry.item.order, entry.key)
    )
    return [said for entry in entries for said in _ask(entry, publication, event)]


def _ask(entry: Entry[ReceiptPart], publication: Publication, event: int) -> list[Said]:
    failed: list[ReceiptLine] | None = None
    lines = entry.run(partial(_lines, publication=publication, event=event), failed)
    if lines is None:
        text = gettext("This part could not be asked just now; the log says why.")
        lines = [ReceiptLine(entry.key, "failed", detail=text)]
    is_work = bool(getattr(entry.item, "by_people", False))
    return [Said(entry.key, line, is_work) for line in lines]


def _lines(part: ReceiptPart, *, publication: Publication, event: int) -> list[ReceiptLine] | None:
    return list(part.lines(publication, event=event))


def state_of(said: Sequence[Said]) -> State:
    """Of what machines do; people take the time that they take."""
    states = {one.line.state for one in said if not one.is_work}
    if "failed" in states:
        return State.FAILED
    return State.WAITING if "waiting" in states else State.DONE


def receipt_of(publication: Publication) -> Receipt | None:
    return Receipt.objects.filter(publication=publication).first()


def event_of(publication: Publication, *, after: int) -> int:
    """The event of a publication that the outbox process has not come to; 0 where none is found.

    Args:
        after: what that process has read; only what is newer is looked through.
    """
    newer = OutboxEvent.objects.filter(pk__gt=after, key=publication.item, kind__in=KINDS)
    newer = newer.filter(created_at__gte=publication.since).order_by("pk")
    return newer.values_list("pk", flat=True).first() or 0


def latest_of(page: Any) -> Publication | None:
    """The publication of a page that is open, or was last."""
    return Publication.objects.filter(item=item_key(page)).order_by("-since", "-pk").first()


def late(sites: Sequence[int] | None) -> QuerySet[Receipt]:
    """What should be everywhere by now and is not, the oldest first. None: of all sites."""
    found = Receipt.objects.filter(
        state__in=[State.WAITING, State.FAILED], since__lt=timezone.now() - LATE_AFTER
    )
    if sites is not None:
        found = found.filter(site__in=sites)
    return found.order_by("since")


def remembered(receipt: Receipt) -> list[Said]:
    """What the parts said when they were looked at last."""
    return [
        Said(
            part=row["part"],
            line=ReceiptLine(
                label=row["label"],
                state=row["state"],
                at=_moment(row["at"]),
                detail=row["detail"],
                tries=row["tries"],
                url=row["url"],
            ),
            is_work=row["work"],
            seen=_moment(receipt.arrived.get(row["part"], "")),
        )
        for row in receipt.lines
    ]


def _moment(text: str) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None
