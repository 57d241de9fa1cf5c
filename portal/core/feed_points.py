"""What plugins offer to programs that follow a site: feeds of pages, sitemaps, lines for robots."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from portal.plugins.filters import Filter
from portal.plugins.sites import SiteLike
from portal.plugins.slots import Registry

from . import structure


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed of what a page lists, in one format.

    ``about``: the address of a page that tells people of this feed; "" where there is none.
    """

    title: str
    mime_type: str
    url: str
    about: str = ""


@Filter.define(version=1)
def page_feeds(
    feeds: list[FeedLink], /, *, page: Page, site: SiteLike, language: str
) -> list[FeedLink]:
    """The feeds that a page's head names, for readers that look for them.

    Asked with each page view: no query.

    Args:
        feeds: what was found so far; return a list with yours added.
        page: the specific page.
        site: the site that is shown.
        language: that of the page.
    """
    return feeds


@Filter.define(version=1)
def robots_lines(lines: list[str], /, *, request: HttpRequest, site: SiteLike) -> list[str]:
    """The lines of ``/robots.txt`` of a host.

    Args:
        lines: what the portal says; return a list with yours added at the end.
        request: who asks, and at which host.
        site: the site that the host enters.
    """
    return lines


@dataclass(frozen=True, slots=True)
class SitemapAddress:
    """An address for search engines that is no page of the tree.

    ``url`` begins with ``/`` or is whole. ``alternates``: the same in other languages, by language
    code, itself included; empty where there is only one.
    """

    url: str
    changed_at: datetime.datetime | None = None
    alternates: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class SitemapSource(Protocol):
    """Knows public addresses that are no pages of the tree."""

    def count(self, *, site: int, language: str) -> int: ...

    def addresses(
        self, *, site: int, language: str, offset: int, limit: int
    ) -> Iterable[SitemapAddress]: ...


sitemap_sources: Registry[SitemapSource] = Registry(
    "sitemap_sources",
    SitemapSource,  # type: ignore[type-abstract]
    doc="""
    Public addresses that are no pages of the tree, for ``/sitemap.xml``. ``addresses`` gives a
    slice in a stable order with a few queries; only what everybody may read, and what search
    engines shall know.
    """,
)


class FixedAddresses:
    """A source of a few addresses that a plugin always has, such as the entrance of its part.

    In the source language, of sites with a host of their own: what else lies at such an address is
    the same page, narrowed.
    """

    def __init__(self, *paths: str) -> None:
        self.paths = paths

    def count(self, *, site: int, language: str) -> int:
        own = any(
            root.site_pk == site and root.language == language for root in structure.current().roots
        )
        return len(self.paths) if own and language == settings.LANGUAGE_CODE else 0

    def addresses(
        self, *, site: int, language: str, offset: int, limit: int
    ) -> Iterable[SitemapAddress]:
        number = self.count(site=site, language=language)
        return [SitemapAddress(path) for path in self.paths[:number][offset : offset + limit]]
