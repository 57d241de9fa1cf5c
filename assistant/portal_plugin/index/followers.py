"""The second way into the index: what the first one missed, the outbox tells again."""

from collections.abc import Sequence
from typing import Any

from django.db.models.signals import post_delete

from assistant.portal_plugin.models import QuestionPage
from portal.plugin_api import OutboxEvent

from . import services


class IndexFollower:
    """Reads the outbox; what is told twice changes nothing."""

    name = "assistant_index"
    kinds: Sequence[str] = (
        "page.published",
        "page.updated",
        "page.withdrawn",
        "page.moved",
        "page.deleted",
        "page.validity",
    )

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        pks = {pk for event in events if (pk := _page_of(event)) is not None}
        there = QuestionPage.objects.select_related("topic").in_bulk(pks)
        for pk in sorted(pks):
            page = there.get(pk)
            if page is None:
                services.forget(page=pk)
            else:
                services.follow(page=page)


def forget_deleted(instance: QuestionPage, **kwargs: Any) -> None:
    """In the transaction that deletes, however many pages go with their column."""
    services.forget(page=instance.pk)


def connect() -> None:
    post_delete.connect(forget_deleted, sender=QuestionPage, dispatch_uid="assistant_index")


def _page_of(event: OutboxEvent) -> int | None:
    kind, _separator, key = event.key.partition(":")
    return int(key) if kind == "page" and key.isdecimal() else None
