"""Reads the outbox: what becomes of Chinese pages becomes of their translations."""

from collections.abc import Sequence

from wagtail.models import Page

from portal.plugin_api import OutboxEvent, is_enabled, site_of_path

from .services.ending import follow_ends
from .services.standing import follow_standing
from .services.syncing import sync_source

_TEXT = frozenset({"page.published", "page.updated"})


class SourceFollower:
    """What is missed is read again, what is read twice changes nothing.

    Where the plugin is off no text is taken over; endings are followed everywhere, since nothing
    may outlive its source.
    """

    name = "foreign"
    kinds: Sequence[str] = (
        "page.published",
        "page.updated",
        "page.withdrawn",
        "page.moved",
        "page.validity",
    )

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        kinds: dict[int, set[str]] = {}
        for event in events:
            if event.key.startswith("page:") and event.key[5:].isdecimal():
                kinds.setdefault(int(event.key[5:]), set()).add(event.kind)
        pages = Page.objects.select_related("locale").in_bulk(kinds)
        # Endings first: a page that is gone is more urgent than one that reads differently.
        for pk, page in pages.items():
            if kinds[pk] - {"page.validity"}:
                follow_ends(path=page.path, moved="page.moved" in kinds[pk])
        for pk, page in pages.items():
            if kinds[pk] & _TEXT and is_enabled("foreign", site_of_path(page.path)):
                sync_source(page)
            if "page.moved" in kinds[pk]:
                _sync_below(page)
            if "page.validity" in kinds[pk]:
                follow_standing(source_pk=pk)


def _sync_below(page: Page) -> None:
    """After a move: other rules may hold for the page and for what lies below it."""
    if not is_enabled("foreign", site_of_path(page.path)):
        return
    for below in Page.objects.filter(path__startswith=page.path, live=True, alias_of=None):
        sync_source(below)
