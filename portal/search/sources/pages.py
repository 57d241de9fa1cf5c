"""Pages: whatever type has ``search_values``."""

from collections.abc import Iterable, Iterator, Sequence

from wagtail.models import Page

from portal.plugin_api import (
    OutboxEvent,
    SearchEntry,
    page_entries,
    page_event_kinds,
    pages_below,
    pages_of_events,
    site_roots,
)
from portal.search.models import Document


class PageSource:
    """Entered in ``search_sources``. Keys: ``page:17``."""

    word = "page"
    kinds: Sequence[str] = (*page_event_kinds, "site.changed", "unit.changed")

    def keys(self, events: Sequence[OutboxEvent]) -> Iterable[str]:
        for pk in pages_of_events(events):
            yield page_key(pk)
        sites = {event.payload["site"] for event in events if event.kind == "site.changed"}
        if sites:
            yield from _of_sites(sites)
        units = {event.payload["unit"] for event in events if event.kind == "unit.changed"}
        if units:
            yield from _of_units(units)

    def entries(self, keys: Sequence[str]) -> Iterable[SearchEntry]:
        return page_entries([int(key.partition(":")[2]) for key in keys])

    def all_keys(self) -> Iterator[str]:
        live = Page.objects.filter(live=True, alias_of=None, depth__gt=1).order_by("pk")
        for pk in live.values_list("pk", flat=True).iterator(chunk_size=2000):
            yield page_key(pk)


def page_key(pk: int) -> str:
    return f"page:{pk}"


def _of_sites(sites: set[int]) -> Iterator[str]:
    """Everything at or below the homes of sites, in all their languages."""
    for pk in pages_below(site_roots(sites)):
        yield page_key(pk)
    # Of a site that is no longer registered its pages belong to the one above.
    rows = Document.objects.filter(site__in=sites, is_removed=False, key__startswith="page:")
    yield from rows.values_list("key", flat=True).iterator(chunk_size=2000)


def _of_units(units: set[int]) -> Iterator[str]:
    """What names these units. The facts of a row are no columns that a query could ask for."""
    rows = Document.objects.filter(is_removed=False, key__startswith="page:")
    for key, agencies in rows.values_list("key", "agencies").iterator(chunk_size=2000):
        if not units.isdisjoint(agencies):
            yield key
