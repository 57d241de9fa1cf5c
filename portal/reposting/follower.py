"""Reads the outbox, so that no publication is missed: items, orders, comparisons, channels."""

from collections.abc import Sequence

from portal.plugin_api import OutboxEvent

from .services import orders, pushing, queue, watching


def _public_pages(events: Sequence[OutboxEvent]) -> list[int]:
    found = (event.payload.get("page") for event in events if event.kind != "page.withdrawn")
    return list(dict.fromkeys(pk for pk in found if isinstance(pk, int)))


class RepostFollower:
    """What is read twice changes nothing."""

    name = "reposting_reposts"
    kinds: Sequence[str] = ("page.published", "page.updated")

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        pages = _public_pages(events)
        queue.follow_public(pages=pages)
        orders.follow_public(pages=pages)
        watching.follow_public(pages=pages)


class PushFollower:
    """Writes what is to be sent; a job sends it."""

    name = "reposting_pushes"
    kinds: Sequence[str] = ("page.published", "page.updated", "page.withdrawn")

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        pushing.follow(events=events)
