"""Keeps the catalogue in line with what becomes public, changes and moves."""

from collections.abc import Sequence

from portal.plugin_api import OutboxEvent

from .services import catalogue


class CatalogueFollower:
    """Reads the outbox: what is missed is read again, what is read twice changes nothing.

    Withdrawn pages keep their lines, which are not shown; deleted ones take them along.
    """

    name = "policy_catalogue"
    kinds: Sequence[str] = ("page.published", "page.updated", "page.moved")

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        keys = dict.fromkeys(event.key for event in events)
        pages = [int(key[5:]) for key in keys if key.startswith("page:") and key[5:].isdecimal()]
        catalogue.follow_pages(page_pks=pages)
