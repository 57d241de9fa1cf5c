"""The deadlines of reposting: twelve hours from the source's own time (R-PUB-09), and of an order.

Their limits, reminders and escalations are each site's settings (Settings → Deadlines).
"""

import datetime
import logging
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import (
    Clock,
    ClockError,
    ClockKind,
    Escalation,
    Limit,
    Terms,
    Unit,
    clocks,
    known_limit,
)

from .models import OrderSite, UpstreamItem

logger = logging.getLogger(__name__)
# Stored with every clock.
REPOST = "reposting.repost"
ORDER = "reposting.order"
_KNOWN = known_limit("repost_important_policy")

REPOST_KIND = ClockKind(
    label=_("Repost of what a body above published"),
    due_label=_("Repost by"),
    terms=Terms(
        limit=_KNOWN.limit,
        reminders=(Limit(4, Unit.HOURS),),
        escalations=(Escalation(Limit(0, Unit.HOURS), "site_admin"),),
    ),
    basis=_KNOWN.basis,
    verified=_KNOWN.verified,
)
ORDER_KIND = ClockKind(
    label=_("Repost that a higher office ordered"),
    due_label=_("Repost by"),
    terms=Terms(
        limit=_KNOWN.limit,
        reminders=(Limit(4, Unit.HOURS),),
        escalations=(Escalation(Limit(0, Unit.HOURS), "site_admin"),),
    ),
    basis=_KNOWN.basis,
    verified=_KNOWN.verified,
)


def start_repost(item: UpstreamItem) -> Clock | None:
    """Begin the clock of an item with the source's time; None where the site has no such kind."""
    return _start(
        REPOST,
        f"upstream-item:{item.pk}",
        item.site_id,
        item.title,
        reverse("reposting_item", args=[item.pk]),
        item.published_at,
        {"item": item.pk},
        None,
    )


def start_order(part: OrderSite, by: Any) -> Clock | None:
    order = part.order
    return _start(
        ORDER,
        f"repost-order:{part.pk}",
        part.site_id,
        order.title,
        reverse("reposting_order", args=[order.pk]),
        order.ordered_at,
        {"order": order.pk},
        by,
    )


def _start(
    kind: str, subject: str, site_pk: int, label: str, url: str,
    at: datetime.datetime, parameters: dict[str, Any], by: Any,
) -> Clock | None:  # fmt: skip
    found = clocks.open(kind, subject)
    if found is not None:
        return found
    try:
        return clocks.start(
            kind=kind,
            subject=subject,
            site=site_pk,
            label=label[:200],
            url=url,
            started_at=min(at, timezone.now()),
            parameters=parameters,
            by=by,
        )
    except ClockError as error:  # such as where the site's terms say that there is no such deadline
        logger.warning("No deadline for %s: %s", subject, error)
        return None


def stop(
    clock: Clock | None, outcome: str, by: Any = None, *, at: datetime.datetime | None = None
) -> None:
    """End a clock that still runs; not before what somebody did with it meanwhile."""
    if clock is None:
        return
    running = clocks.open(clock.kind, clock.subject)
    if running is None or running.pk != clock.pk:
        return
    last = running.entries.last()
    if at is not None and last is not None:
        at = min(max(at, last.at), timezone.now())
    clocks.stop(clock=running, outcome=outcome, by=by, at=at)
