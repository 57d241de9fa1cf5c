"""Accepts what becomes public: read from the outbox, so that no publication is missed."""

from collections.abc import Sequence

from portal.plugin_api import OutboxEvent

from .services import contributions


class AcceptanceFollower:
    """What is read twice changes nothing."""

    name = "editorial_acceptance"
    kinds: Sequence[str] = ("page.published",)

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        keys = dict.fromkeys(event.key for event in events)
        pages = [int(key[5:]) for key in keys if key.startswith("page:") and key[5:].isdecimal()]
        contributions.follow_public(page_pks=pages)
