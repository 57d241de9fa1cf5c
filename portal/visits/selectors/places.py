"""What stands at an address: site, page, column, language; for many addresses in few queries."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.conf import settings
from wagtail.models import Page

from portal.plugin_api import PortalDocument, just_seen, main_site_pk, offered_variants
from portal.visits.lines import FILES
from portal.visits.models import AddressDay

type Key = tuple[str, str]  # host, path

_MANY = 500
_LIST_PAGE = re.compile(r"/page/[0-9]+/$")
_FILE = re.compile(rf"{FILES}([0-9]+)/")


@dataclass(frozen=True, slots=True)
class Place:
    """``page``: None where no page of Wagtail's answers, as with search. ``column``: 0 for none."""

    site: int = 0
    page: int | None = None
    column: int = 0
    language: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class _Parsed:
    root: Any
    parts: tuple[str, ...]
    form: str

    @property
    def url_path(self) -> str:
        inside = "".join(f"{part}/" for part in self.parts)
        return f"{self.root.url_path}{inside}"


def places_of(keys: Collection[Key]) -> dict[Key, Place]:
    """The place of each address as it is now; where no page stands, what stood there last."""
    main_site_pk()  # look at the structure as it is now
    found = just_seen()
    variants = {entry.item.prefix: entry.item.source for entry in offered_variants()}
    files = {key: int(match[1]) for key in keys if (match := _FILE.match(key[1]))}
    parsed = {
        key: one
        for key in keys
        if key not in files and (one := _parsed(found, variants, key)) is not None
    }
    pages = _pages({one.url_path for one in parsed.values()})
    sites = _sites_of_files(set(files.values()))
    places: dict[Key, Place] = {}
    strange = []
    for key in keys:
        if key in files:
            root = found.root_for_host(key[0], settings.LANGUAGE_CODE)
            own = sites.get(files[key]) or (root.site_pk if root else 0)
            places[key] = Place(site=own)
        elif key not in parsed:
            places[key] = Place()
        else:
            one = parsed[key]
            pk_and_path = pages.get(one.url_path)
            if pk_and_path is None:
                strange.append(key)
                places[key] = _place_of_program(found, one)
                continue
            pk, path = pk_and_path
            node = found.nearest(path)
            site = (node.site_pk if node else None) or one.root.site_pk
            column = node.pk if node else 0
            places[key] = Place(site, pk, column, one.root.language, one.form)
    return places | _remembered(strange)


def _parsed(found: Any, variants: Mapping[str, str], key: Key) -> _Parsed | None:
    host, path = key
    parts = [part for part in unquote(_LIST_PAGE.sub("/", path)).split("/") if part]
    form = language = settings.LANGUAGE_CODE
    if parts and parts[0] in variants:
        form, language = parts[0], variants[parts[0]]
        parts = parts[1:]
    elif parts and parts[0] in _foreign_languages():
        form = language = parts[0]
        parts = parts[1:]
    root = found.root_for_host(host, language)
    return _Parsed(root, tuple(parts), form) if root is not None else None


@lru_cache(maxsize=1)
def _foreign_languages() -> frozenset[str]:
    return frozenset(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)


def _place_of_program(found: Any, one: _Parsed) -> Place:
    """An address that a plugin answers: it belongs to the site whose home lies above."""
    node = found.site_root(one.root.site_pk, one.root.language)
    home = node
    for part in one.parts:
        child = next((c for c in node.children if c.slug == part), None) if node else None
        if child is None:
            break
        node = child
    site = (node.site_pk if node else None) or one.root.site_pk
    column = node.pk if node is not None and node is not home else 0
    return Place(site, None, column, one.root.language, one.form)


def _pages(url_paths: Collection[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for some in _slices(url_paths):
        rows = Page.objects.filter(url_path__in=some).values_list("url_path", "pk", "path")
        found |= {url_path: (pk, path) for url_path, pk, path in rows}
    return found


def _sites_of_files(pks: Collection[int]) -> dict[int, int]:
    """The sites of documents, by the collections in which they lie."""
    if not pks:
        return {}
    sites = apps.get_model("core", "SiteRecord").objects.exclude(collection=None)
    folders = sorted(sites.values_list("collection__path", "pk"), reverse=True)
    found: dict[int, int] = {}
    for some in _slices(pks):
        rows = PortalDocument.objects.filter(pk__in=some).values_list("pk", "collection__path")
        for pk, path in rows:
            site = next((site for folder, site in folders if path.startswith(folder)), 0)
            if site:
                found[pk] = site
    return found


def _remembered(keys: Collection[Key]) -> dict[Key, Place]:
    """What stood last at addresses where no page stands now."""
    found: dict[Key, Place] = {}
    wanted = set(keys)
    for some in _slices({path for _host, path in keys}):
        rows = (
            AddressDay.objects.filter(address__path__in=some, page__isnull=False)
            .order_by("day")
            .values_list(
                "address__host", "address__path", "site", "page", "column", "language", "form"
            )
        )
        for host, path, site, page, column, language, form in rows.iterator(chunk_size=2000):
            if (host, path) in wanted:
                found[host, path] = Place(site, page, column, language, form)
    return found


def _slices[T](values: Iterable[T]) -> Iterable[list[T]]:
    many = list(values)
    return (many[start : start + _MANY] for start in range(0, len(many), _MANY))
