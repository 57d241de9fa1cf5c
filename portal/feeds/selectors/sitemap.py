"""What the sitemaps of a host say: its public pages in each language, and what plugins add.

Parts are cut by primary key, so that a page stays in its part for good, and a part is read with the
same few queries whether there are a hundred pages or a million.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.db.models import F, Max, Q
from django.utils import timezone
from wagtail.models import Page

from portal.feeds import places
from portal.plugin_api import (
    PortalContext,
    PublicTree,
    SitemapAddress,
    SitemapSource,
    offered_variants,
    public_pages,
    sitemap_sources,
)

SIZE = 10_000
"""Addresses of one part. The format allows five times as many, of 50 MB; with the addresses of all
languages at each, ten thousand are some ten."""


@dataclass(frozen=True, slots=True)
class Address:
    """``alternates``: (language as HTML writes it, whole address), itself included."""

    url: str
    changed_at: datetime.datetime | None
    alternates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One file. ``name`` and ``number`` stand in its address."""

    name: str
    number: int
    changed_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class _Contributed:
    """What one source has of one site in one language."""

    key: str
    site: int
    language: str

    @property
    def name(self) -> str:
        return f"{self.language}-{self.key}-{self.site}"


class HostSitemap:
    """The sitemap of the host that a request entered."""

    def __init__(self, portal: PortalContext, tree: PublicTree) -> None:
        self.found = portal.structure
        self.tree = tree
        self.host = portal.host
        self.roots = {
            root.language: root
            for root in self.found.roots
            if root.host == self.host and tree.home(root.site_pk, root.language) is not None
        }

    # --- parts -----------------------------------------------------------------------------------

    def addresses(self, name: str, number: int) -> list[Address] | None:
        """What a part holds; None: there is no such part."""
        language, _dash, rest = name.rpartition("-")
        if rest == "pages":
            if language in self.roots:
                return list(self._pages(language, number))
            source = self._variant_source(language)
            return list(self._pages(source, number, prefix=language)) if source else None
        wanted = next((one for one in self._contributions if one.name == name), None)
        return None if wanted is None else list(self._asked(wanted, number))

    def page_parts(self) -> Iterator[Part]:
        """Those of pages. One query, over all of them."""
        within = Q()
        for language in self.roots:
            within |= self._within(language)
        if not within:
            return
        rows = self._buckets(within)
        for row in rows:
            yield Part(f"{row['language']}-pages", row["bucket"], row["changed"])
        for language in self.roots:
            yield from self._variant_parts(language, rows)

    def _variant_parts(self, language: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
        """Those of other forms of pages: as those of the pages, where all sites have the form."""
        own = [row for row in rows if row["language"] == language]
        sites = self._sites(language)
        for prefix in self._variants_of(language):
            offering = {site for site in sites if self._offers(site, prefix, language)}
            found: Sequence[Mapping[str, Any]] = own
            if len(offering) < len(sites):
                found = self._buckets(self._within(language) & self._of_sites(offering, language))
            for row in found:
                yield Part(f"{prefix}-pages", row["bucket"], row["changed"])

    def _of_sites(self, wanted: set[int], language: str) -> Q:
        """What belongs to some of the sites of this host, and not to others below them."""
        nodes = {site: self.tree.home(site, language) for site in self._sites(language)}
        homes = {site: node.path for site, node in nodes.items() if node is not None}
        condition = Q(pk__in=())
        for site in wanted & homes.keys():
            others = [
                path
                for other, path in homes.items()
                if other not in wanted and path.startswith(homes[site])
            ]
            own = Q(path__startswith=homes[site])
            for path in others:
                own &= ~Q(path__startswith=path)
            condition |= own
        return condition

    def _buckets(self, within: Q) -> list[dict[str, Any]]:
        rows = (
            Page.objects.filter(within, self._shown)
            .order_by()
            .values(bucket=F("pk") / SIZE, language=F("locale__language_code"))
            .annotate(changed=Max("last_published_at"))
            .order_by("language", "bucket")
        )
        return list(rows)

    def contributed_parts(self) -> Iterator[Part]:
        """Those of plugins' sources, asked each time: a query or so for each."""
        for one in self._contributions:
            entry = sitemap_sources.get(one.key, one.site)
            if entry is None:
                continue
            number = entry.run(partial(self._count, one), 0)
            for start in range(0, number, SIZE):
                yield Part(one.name, start // SIZE)

    @staticmethod
    def _count(one: _Contributed, source: SitemapSource) -> int:
        return source.count(site=one.site, language=one.language)

    @cached_property
    def _contributions(self) -> list[_Contributed]:
        return [
            _Contributed(entry.key, site, language)
            for language in self.roots
            for site in self._sites(language)
            for entry in sitemap_sources.entries(site)
        ]

    def _sites(self, language: str) -> list[int]:
        """The sites of this host with a public home in a language."""
        return [
            record.pk
            for record in self.tree.sites
            if (home := self.tree.home(record.pk, language)) is not None
            and (root := self.found.root_for_url_path(home.url_path)) is not None
            and root.host == self.host
        ]

    # --- pages -----------------------------------------------------------------------------------
    def _within(self, language: str) -> Q:
        """What lies below the home of a language and is not another host's."""
        root = self.roots[language]
        home = self.tree.home(root.site_pk, language)
        condition = Q(path__startswith=home.path)  # type: ignore[union-attr]
        for other in self.found.roots:
            node = self.found.site_root(other.site_pk, other.language)
            below = other.url_path.startswith(root.url_path) and other.host != self.host
            if below and node is not None:
                condition &= ~Q(path__startswith=node.path)
        return condition

    @cached_property
    def _shown(self) -> Q:
        """Live, for everybody, no copy of what stands elsewhere, and more than a way out or a
        column without anything in it."""
        return (
            Q(live=True, alias_of__isnull=True)
            & (Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now()))
            & public_pages()
            & ~Q(pk__in=self._left_out)
        )

    @cached_property
    def _left_out(self) -> list[int]:
        return [
            node.pk
            for node in self.found.nodes.values()
            if node.kind == "external_link" or _is_blank(node)
        ]

    def _pages(self, language: str, number: int, *, prefix: str = "") -> Iterator[Address]:
        cut = Q(pk__gte=number * SIZE, pk__lt=(number + 1) * SIZE)
        pages = Page.objects.filter(cut, self._within(language), self._shown)
        rows = list(
            pages.order_by("pk").values_list(
                "path", "url_path", "translation_key", "last_published_at", "listing_count__latest"
            )
        )
        versions = self._versions(pages, language) if rows else {}
        now = timezone.now()
        origin = self.roots[language].origin
        for path, url_path, key, changed, latest in rows:
            address = self.found.url(url_path)
            variants = self._variants_at(path, language)
            if prefix and prefix not in variants:
                continue
            moments = [at for at in (changed, latest) if at is not None and at <= now]
            own = [(language, origin + address)]
            own += [(tag, f"{origin}/{place}{address}") for place, tag in variants.items()]
            yield Address(
                f"{origin}/{prefix}{address}" if prefix else origin + address,
                max(moments, default=None),
                _alternates([*own, *versions.get(key, ())]),
            )

    def _versions(self, pages: Any, language: str) -> Mapping[Any, list[tuple[str, str]]]:
        """The same pages in other languages: {translation key: (language, whole address)}."""
        found: dict[Any, list[tuple[str, str]]] = defaultdict(list)
        if len(self.roots) < 2:
            return found
        others = (
            Page.objects.filter(self._shown, translation_key__in=pages.values("translation_key"))
            .exclude(locale__language_code=language)
            .order_by("locale__language_code")
        )
        rows = others.values_list("translation_key", "locale__language_code", "path", "url_path")
        for key, code, path, url_path in rows:
            root = self.found.root_for_url_path(url_path)
            if root is None:
                continue
            address = self.found.url(url_path)
            found[key].append((code, root.origin + address))
            for place, tag in self._variants_at(path, code).items():
                found[key].append((tag, f"{root.origin}/{place}{address}"))
        return found

    # --- variants --------------------------------------------------------------------------------
    @cached_property
    def _variants(self) -> dict[int, list[tuple[str, str, str]]]:
        """(prefix, tag, source language) of the other forms of each site's pages."""
        return {
            record.pk: [
                (entry.item.prefix, entry.item.tag, entry.item.source)
                for entry in offered_variants(record.pk)
            ]
            for record in self.tree.sites
        }

    def _variants_at(self, path: str, language: str) -> dict[str, str]:
        site = self.found.site_pk_for(path)
        return {
            prefix: tag
            for prefix, tag, source in self._variants.get(site or 0, ())
            if source == language
        }

    def _offers(self, site: int, prefix: str, language: str) -> bool:
        return any(
            (one, source) == (prefix, language) for one, _tag, source in self._variants[site]
        )

    def _variants_of(self, language: str) -> list[str]:
        offered = (
            prefix
            for site in self._sites(language)
            for prefix, _tag, source in self._variants.get(site, ())
            if source == language
        )
        return list(dict.fromkeys(offered))

    def _variant_source(self, prefix: str) -> str:
        languages = (code for code in self.roots if prefix in self._variants_of(code))
        return next(languages, "")

    # --- what plugins add ------------------------------------------------------------------------
    def _asked(self, one: _Contributed, number: int) -> Iterator[Address]:
        entry = sitemap_sources.get(one.key, one.site)
        if entry is None:
            return
        origin = self.roots[one.language].origin
        nothing: Sequence[SitemapAddress] = ()
        for address in entry.run(partial(self._slice, one, number), nothing):
            same = [(code, _whole(origin, url)) for code, url in address.alternates.items()]
            url = _whole(origin, address.url)
            yield Address(url, address.changed_at, _alternates(same))

    @staticmethod
    def _slice(one: _Contributed, number: int, source: SitemapSource) -> list[SitemapAddress]:
        found = source.addresses(
            site=one.site, language=one.language, offset=number * SIZE, limit=SIZE
        )
        return list(found)[:SIZE]


def _is_blank(node: Any) -> bool:
    """A column in which nothing has been published, nor below it."""
    if node.kind != "column" or node.count:
        return False
    return not any(child.is_public and not _is_blank(child) for child in node.children)


def _alternates(found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those of one address in the form of search engines; none where there is one only."""
    same = [(places.tag_of(code), url) for code, url in found]
    if len(same) < 2:
        return ()
    source = places.tag_of(settings.LANGUAGE_CODE)
    return (*same, *(("x-default", url) for code, url in same if code == source))


def _whole(origin: str, url: str) -> str:
    return origin + url if url.startswith("/") else url
