"""The outbox tells receipts that something changed which answers rest on."""

from collections.abc import Sequence

from portal.plugin_api import OutboxEvent

from .services import receipts


class ReceiptFollower:
    """Reads the outbox; what is told twice changes nothing."""

    name = "assistant_receipts"
    kinds: Sequence[str] = (
        "page.published",
        "page.updated",
        "page.withdrawn",
        "page.deleted",
        "page.validity",
    )

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        keys = (event.key.partition(":") for event in events)
        pages = {int(key) for kind, _sep, key in keys if kind == "page" and key.isdecimal()}
        receipts.follow_pages(page_pks=sorted(pages))
