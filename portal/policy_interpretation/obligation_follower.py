"""Keeps obligations in line with what becomes public, is withdrawn, ends or is deleted."""

from collections.abc import Sequence

from portal.plugin_api import OutboxEvent

from .models import ResponseTopicPage
from .services import obligations, opinion


class ObligationFollower:
    """Reads the outbox: what is missed is read again, what is read twice changes nothing."""

    name = "policy_obligations"
    kinds = (
        "page.published",
        "page.updated",
        "page.withdrawn",
        "page.deleted",
        "page.moved",
        "page.validity",
    )

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        pages = {pk for event in events if (pk := _page_of(event)) is not None}
        deleted = {_page_of(event) for event in events if event.kind == "page.deleted"}
        obligations.forget_deleted(page_pks=[pk for pk in deleted if pk is not None])
        for page in ResponseTopicPage.objects.filter(pk__in=pages, live=True):
            opinion.follow_response(page=page)
        for policy in sorted(obligations.concerned(pages)):
            obligations.recompute(policy_pk=policy)


def _page_of(event: OutboxEvent) -> int | None:
    kind, _separator, key = event.key.partition(":")
    return int(key) if kind == "page" and key.isdecimal() else None
