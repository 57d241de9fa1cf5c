"""The second way by which entries follow what they rest on: nothing is lost when a process dies."""

from collections.abc import Sequence

from assistant.portal_plugin.services import knowledge
from portal.plugin_api import OutboxEvent


class ValidityFollower:
    """Reads the outbox: what is missed is read again, what is read twice changes nothing."""

    name = "assistant_validity"
    kinds: Sequence[str] = ("page.published", "page.updated", "page.withdrawn", "page.validity")

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        keys = dict.fromkeys(event.key for event in events)
        pages = [int(key[5:]) for key in keys if key.startswith("page:") and key[5:].isdecimal()]
        knowledge.follow_targets(page_pks=pages)
