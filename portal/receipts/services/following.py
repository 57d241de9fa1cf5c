"""Looking where publications have arrived, and remembering when that was first seen."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language, override

from portal.plugin_api import OutboxEvent, Publication, is_enabled
from portal.receipts.models import Receipt, State
from portal.receipts.permissions import SLUG
from portal.receipts.selectors.receipts import KINDS, Said, ask_parts, late, state_of

AT_ONCE = 100
"""Receipts that one run of the job looks at."""
KEPT = datetime.timedelta(days=90)
OLD = datetime.timedelta(days=1)
"""What was told longer ago has arrived or been replaced; a new plugin reads all of the past."""


class Begins:
    """Outbox consumer: a receipt for each publication, with the number of its event."""

    name = "receipts"
    kinds: Sequence[str] = KINDS

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        begin(events=events)


@transaction.atomic
def begin(*, events: Sequence[OutboxEvent]) -> int:
    """Enter receipts for the publications that these events tell of; told twice, once. How many."""
    known = set(
        Receipt.objects.filter(event__in=[one.pk for one in events]).values_list("event", flat=True)
    )
    young = timezone.now() - OLD
    new = [one for one in events if one.pk not in known and one.created_at > young]
    by_item: dict[str, list[Publication]] = {}
    wanted = Publication.objects.filter(item__in={one.key for one in new}).order_by("since", "pk")
    for row in wanted:
        by_item.setdefault(row.item, []).append(row)
    receipts: dict[int, Receipt] = {}
    for event in new:
        rows = [row for row in by_item.get(event.key, ()) if row.since <= event.created_at]
        newest = rows[-1] if rows else None
        if newest is not None and newest.site_id and is_enabled(SLUG, newest.site_id):
            receipts[newest.pk] = Receipt(
                publication=newest, event=event.pk, site=newest.site_id, since=newest.since
            )
    Receipt.objects.bulk_create(receipts.values(), ignore_conflicts=True)
    return len(receipts)


def look(*, receipt: Receipt, said: Sequence[Said] | None = None) -> list[Said]:
    """Ask the parts where a publication has arrived, and remember it.

    Args:
        said: what they said a moment ago, where they were asked already.
    """
    now = timezone.now()
    found = list(said) if said is not None else ask_parts(receipt.publication, receipt.event)
    arrived = dict(receipt.arrived)
    for part in dict.fromkeys(one.part for one in found):
        if any(one.is_open for one in found if one.part == part):
            arrived.pop(part, None)
        else:
            arrived.setdefault(part, now.isoformat())
    receipt.arrived = arrived
    receipt.state = state_of(found)
    receipt.tries = sum(one.line.tries for one in found)
    receipt.looked_at = now
    if get_language() == settings.LANGUAGE_CODE or not receipt.lines:
        receipt.lines = [_stored(one) for one in found]
    receipt.save(update_fields=["arrived", "state", "tries", "looked_at", "lines"])
    return [
        replace(one, seen=datetime.datetime.fromisoformat(arrived[one.part]))
        if one.part in arrived
        else one
        for one in found
    ]


def _stored(one: Said) -> dict[str, object]:
    line = one.line
    return {
        "part": one.part,
        "label": str(line.label),
        "state": line.state,
        "at": line.at.isoformat() if line.at else "",
        "detail": str(line.detail),
        "tries": line.tries,
        "url": line.url,
        "work": one.is_work,
    }


def follow(site: int | None) -> int:
    """The job: look at what is on its way at a site, what was looked at longest ago first."""
    waiting = Receipt.objects.filter(site=site, state__in=[State.WAITING, State.FAILED])
    rows = list(
        waiting.select_related("publication__page").order_by(
            F("looked_at").asc(nulls_first=True), "pk"
        )[:AT_ONCE]
    )
    with override(settings.LANGUAGE_CODE):
        for row in rows:
            if row.publication.closed:
                replaced(receipt=row)
            else:
                look(receipt=row)
    return len(rows)


def replaced(*, receipt: Receipt) -> None:
    """Nobody can say any more where an earlier version has arrived; what was seen stays."""
    receipt.state = State.REPLACED
    receipt.looked_at = timezone.now()
    receipt.save(update_fields=["state", "looked_at"])


def forget(site: int | None) -> int:
    """The nightly job: delete old receipts; how many."""
    old = Receipt.objects.filter(site=site, since__lt=timezone.now() - KEPT)
    return old.delete()[0]


def late_count() -> int:
    return late(None).count()
