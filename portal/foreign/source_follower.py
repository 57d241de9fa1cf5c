"""Reads the outbox: what becomes of Chinese pages becomes of their translations."""

from collections.abc import Sequence

from django.conf import settings
from wagtail.models import Page

from portal.plugin_api import OutboxEvent, is_enabled, site_of_path

from .services.ending import follow_ends, paths_with_translations
from .services.standing import follow_standing
from .services.syncing import sources_among, sync_source

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
        ended = [page for pk, page in pages.items() if kinds[pk] - {"page.validity"}]
        translated = paths_with_translations(page.path for page in ended)
        for page in ended:
            if page.path in translated:
                follow_ends(path=page.path, moved="page.moved" in kinds[page.pk])
        changed = [page for pk, page in pages.items() if kinds[pk] & _TEXT]
        moved = [page for pk, page in pages.items() if "page.moved" in kinds[pk]]
        _sync([*changed, *_below(moved)])
        for pk in pages:
            if "page.validity" in kinds[pk]:
                follow_standing(source_pk=pk)


def _sync(pages: Sequence[Page]) -> None:
    """Those that are core content or have translations; most of a city's pages have neither."""
    wanted = sources_among(pages)
    for pk, page in {page.pk: page for page in pages}.items():
        if pk in wanted and is_enabled("foreign", site_of_path(page.path)):
            sync_source(page)


def _below(moved: Sequence[Page]) -> list[Page]:
    """After a move: other rules may hold for the page and for what lies below it."""
    found: list[Page] = []
    for page in moved:
        if page.locale.language_code == settings.LANGUAGE_CODE:
            below = Page.objects.filter(path__startswith=page.path, live=True, alias_of=None)
            found += below.select_related("locale")
    return found
