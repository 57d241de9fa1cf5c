"""Gaps follow the entries that close them: published, they close; withdrawn, they open again."""

from collections.abc import Sequence

from portal.plugin_api import OutboxEvent

from .services import gaps


class GapCloser:
    """Reads the outbox; what is told twice changes nothing."""

    name = "assistant_gaps"
    kinds: Sequence[str] = (
        "page.published",
        "page.updated",
        "page.withdrawn",
        "page.deleted",
        "page.validity",
    )

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        keys = dict.fromkeys(event.key for event in events)
        pages = [int(key[5:]) for key in keys if key.startswith("page:") and key[5:].isdecimal()]
        gaps.follow_entries(page_pks=pages)
