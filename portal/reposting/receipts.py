"""The plugin's part of a publishing receipt: what was sent where."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.plugin_api import ReceiptLine

from .models import Delivery, DeliveryState

_STATES = {
    DeliveryState.DELIVERED: "done",
    DeliveryState.WAITING: "waiting",
    DeliveryState.GIVEN_UP: "failed",
    DeliveryState.CALLED_OFF: "none",
}


class PushedTo:
    """One query. Nothing where no channel was concerned."""

    order = 70

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        rows = Delivery.objects.filter(outbox_seq=event).select_related("channel").order_by("pk")
        return [
            ReceiptLine(
                label=_("Sent to %(channel)s") % {"channel": row.channel.name},
                state=_STATES[DeliveryState(row.state)],
                at=row.delivered_at,
                detail=row.failure or row.receipt_number,
                tries=row.tries if row.state != DeliveryState.DELIVERED else max(row.tries - 1, 0),
                url=row.receipt_url or reverse("reposting_delivery", args=[row.pk]),
            )
            for row in rows
        ]
