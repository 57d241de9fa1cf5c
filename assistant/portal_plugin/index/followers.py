"""The second way into the index: what the first one missed, the outbox tells again."""

from collections.abc import Iterable, Sequence

from wagtail.models import Page

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
        moved = {_page_of(event) for event in events if event.kind == "page.moved"}
        pks |= _below(pk for pk in moved if pk is not None)
        there = QuestionPage.objects.select_related("topic").in_bulk(pks)
        for pk in sorted(pks):
            page = there.get(pk)
            if page is None:
                services.forget(page=pk)
            else:
                services.follow(page=page)


def _below(moved: Iterable[int]) -> set[int]:
    """The questions below what was moved: they may belong to another site now."""
    found: set[int] = set()
    for path in Page.objects.filter(pk__in=list(moved)).values_list("path", flat=True):
        below = QuestionPage.objects.filter(path__startswith=path, live=True)
        found |= set(below.values_list("pk", flat=True))
    return found


def _page_of(event: OutboxEvent) -> int | None:
    kind, _separator, key = event.key.partition(":")
    return int(key) if kind == "page" and key.isdecimal() else None
