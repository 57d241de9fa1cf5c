"""Sending to channels: a row for each message, written with what it tells of, sent by a job.

The key of a message is the same for each try, and the same however often the outbox is read: a
process that dies loses nothing, and whoever receives can tell what he has seen.
"""

import datetime
import logging
import time
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import (
    OutboxEvent,
    PushFailed,
    PushMessage,
    is_enabled,
    site_of_path,
)
from portal.reposting.models import MOST_TRIES, Channel, Delivery, DeliveryState, Submission
from portal.reposting.permissions import SLUG
from portal.reposting.selectors.channels import channels_for, kind_named, target_of
from portal.reposting.selectors.packages import package_of

logger = logging.getLogger(__name__)
CLAIM = datetime.timedelta(minutes=2)
_AT_ONCE = 50
LONGEST_RUN = 60.0
_EVENTS = {
    "page.published": "published",
    "page.updated": "published",
    "page.withdrawn": "withdrawn",
}


def follow(*, events: Sequence[OutboxEvent]) -> int:
    """Write a message for each channel that a publication concerns; how many are new."""
    made = 0
    for event in events:
        pk = event.payload.get("page")
        what = _EVENTS.get(event.kind)
        if what is None or not isinstance(pk, int):
            continue
        page = Page.objects.filter(pk=pk).first()
        if page is None or page.alias_of_id is not None:
            continue
        site = site_of_path(page.path)
        if site is None or not is_enabled(SLUG, site):
            continue
        if what == "published" and not page.live:
            continue  # withdrawn meanwhile; the event that says so is on its way
        made += _prepare(page, site, what, event)
    return made


def _prepare(page: Page, site: int, what: str, event: OutboxEvent) -> int:
    made = 0
    for channel in channels_for(page, site):
        if what == "withdrawn" and not _was_told(channel, page):
            continue
        content = package_of(page, what)
        _row, is_new = Delivery.objects.get_or_create(
            channel=channel,
            key=f"{what}-{event.pk}",
            defaults=_values(site, what, page, content) | {"outbox_seq": event.pk},
        )
        if is_new:
            # What was not sent yet is overtaken.
            Delivery.objects.filter(
                channel=channel, page=page.pk, state=DeliveryState.WAITING, outbox_seq__lt=event.pk
            ).update(state=DeliveryState.CALLED_OFF)
        made += is_new
    return made


def _was_told(channel: Channel, page: Page) -> bool:
    told = Delivery.objects.filter(channel=channel, page=page.pk, event="published")
    return told.exclude(state=DeliveryState.CALLED_OFF).exists()


def _values(site: int, what: str, page: Page | None, content: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    return {
        "site_id": site,
        "event": what,
        "title": str(content.get("title", ""))[:255],
        "page": page,
        "content": content,
        "made_at": now,
        "next_try_at": now,
    }


def send_submission(row: Submission) -> None:
    """Write the message that hands a submission over; in the transaction of the step."""
    assert row.channel is not None
    assert row.page is not None
    content = package_of(row.page, "submitted") | {
        "submission": row.pk,
        "kind_of_submission": row.kind,
        "submitted_to": row.target,
    }
    Delivery.objects.get_or_create(
        channel=row.channel,
        key=f"submission-{row.pk}-{row.times}",
        defaults=_values(row.site_id, "submitted", row.page, content) | {"submission": row},
    )


def send_due(site_pk: int | None) -> int:
    """The scheduled job: what waits for a site's channels; how many were tried."""
    now = timezone.now()
    due = Delivery.objects.filter(
        site=site_pk,
        state=DeliveryState.WAITING,
        next_try_at__lte=now,
        channel__is_active=True,
    ).filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))
    pks = list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:_AT_ONCE])
    ends, done = time.monotonic() + LONGEST_RUN, 0
    for pk in pks:
        if time.monotonic() > ends:
            break
        done += deliver(pk)
    return done


def deliver(pk: int) -> bool:
    """One try, unless another process has it in hand."""
    now = timezone.now()
    claimed = (
        Delivery.objects.filter(pk=pk, state=DeliveryState.WAITING, channel__is_active=True)
        .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))
        .update(claimed_until=now + CLAIM)
    )
    if not claimed:
        return False
    row = Delivery.objects.select_related("channel").get(pk=pk)
    try:
        receipt = push(row.channel, PushMessage(row.key, row.event, row.content))
    except PushFailed as failure:
        _failed(row, str(failure), for_good=failure.for_good)
    except Exception as error:  # a provider of another plugin: its fault, and told as such
        logger.exception("Channel %s failed", row.channel_id)
        _failed(row, f"{type(error).__name__}: {error}", for_good=False)
    else:
        row.state, row.delivered_at, row.failure = DeliveryState.DELIVERED, timezone.now(), ""
        row.receipt_number, row.receipt_url = receipt.number[:120], _web(receipt.url)
        row.tries += 1
        _save(row)
    return True


def push(channel: Channel, message: PushMessage) -> Any:
    """Hand a message to the provider of a channel.

    Raises:
        PushFailed: there is no provider, or it did not arrive.
    """
    provider = kind_named(channel.kind, channel.site_id)
    if provider is None:
        raise PushFailed("This kind of channel is not installed or is switched off.")
    if not provider.is_connected:
        raise PushFailed("This kind of channel is not connected.", for_good=True)
    return provider.push(target_of(channel), message)


def _failed(row: Delivery, reason: str, *, for_good: bool) -> None:
    row.tries += 1
    row.failure = reason[:300]
    if for_good or row.tries >= MOST_TRIES:
        row.state = DeliveryState.GIVEN_UP
    else:
        # 1, 4, 9, 16 … minutes: about two and a half hours in all.
        row.next_try_at = timezone.now() + datetime.timedelta(minutes=row.tries**2)
    _save(row)


def _save(row: Delivery) -> None:
    """What happened to it; one that was called off meanwhile and arrived all the same is told."""
    row.claimed_until = None
    row.save(
        update_fields=["state", "delivered_at", "failure", "receipt_number", "receipt_url", "tries",
                       "next_try_at", "claimed_until"]
    )  # fmt: skip


def _web(address: str) -> str:
    return address if address.startswith(("https://", "http://")) and len(address) <= 1000 else ""


def send_again(*, delivery_pk: int) -> bool:
    """What was given up is tried once more, from the beginning."""
    return bool(
        Delivery.objects.filter(pk=delivery_pk, state=DeliveryState.GIVEN_UP).update(
            state=DeliveryState.WAITING, tries=0, next_try_at=timezone.now()
        )
    )


def test_channel(*, channel: Channel) -> bool:
    """Send a message that says that it is a test, now; whether it arrived. The result is kept."""
    message = PushMessage(
        f"test-{uuid.uuid4().hex}", "test", {"title": "Test", "channel": channel.name}
    )
    note, is_well = "", True
    try:
        receipt = push(channel, message)
        note = receipt.note
    except PushFailed as failure:
        note, is_well = str(failure), False
    channel.tested_at, channel.test_note, channel.test_is_well = timezone.now(), note[:300], is_well
    channel.save(update_fields=["tested_at", "test_note", "test_is_well"])
    return is_well
