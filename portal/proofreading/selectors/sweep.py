"""All that is public, looked through again: pages and the files that they link to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wagtail.models import Page

from portal.plugin_api import public_urls, site_of_path

from .findings import PageScan, scan_page

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Swept:
    """``failed``: the page could not be looked through; ``scan`` is None then."""

    page: Page
    address: str
    scan: PageScan | None
    failed: str = ""


def sweep(*, site: int | None = None) -> Iterator[Swept]:
    """Every public page of a site (None: of all). Aliases show what another page says."""
    live = Page.objects.filter(live=True, alias_of=None, depth__gt=1).order_by("path")
    keys = list(live.values_list("pk", "path"))
    if site is not None:
        keys = [(pk, path) for pk, path in keys if site_of_path(path) == site]
    yield from look_at([pk for pk, _path in keys])


def look_at(keys: Sequence[int]) -> Iterator[Swept]:
    """Pages by their primary keys, a portion in memory at a time."""
    for start in range(0, len(keys), _AT_ONCE):
        wanted = keys[start : start + _AT_ONCE]
        pages = list(Page.objects.filter(pk__in=wanted, live=True).order_by("path").specific())
        addresses = public_urls([(page.pk, page.path, page.url_path) for page in pages])
        for page in pages:
            address = addresses.get(page.pk, page.url_path)
            try:
                yield Swept(page, address, scan_page(page))
            except Exception as error:  # one damaged page must not hide the others
                yield Swept(page, address, None, f"{type(error).__name__}: {error}")
