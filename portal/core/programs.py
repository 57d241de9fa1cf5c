"""A plugin's addresses without pages, such as ``/services/``: in the menu, in the switcher."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import override
from wagtail.models import Page

from .context import LanguageLink, MenuItem
from .structure import just_seen, main_site_pk, public_pages


def with_program(
    items: Sequence[MenuItem],
    *,
    title: Any,
    path: str,
    pages: QuerySet[Any],
    site: int | None,
    language: str,
) -> list[MenuItem]:
    """The menu with an entry first below the part of the site that holds certain pages; as it was
    where no part holds any. Two queries: for steps of ``menu_items``, which run when the structure
    has changed.

    Args:
        title: lazy, said in ``language``.
        path: of the program in Chinese; languages have it below their own prefix.
        pages: the kind of pages; those that the public sees count.
    """
    part = _part_with(pages, [item.pk for item in items if item.pk]) if site is not None else None
    if site is None or part is None:
        return list(items)
    with override(language):
        entry = MenuItem(str(title), _address(path, site, language))
    return [
        replace(item, children=(entry, *item.children)) if item.pk == part else item
        for item in items
    ]


def led_to_same(
    links: Sequence[LanguageLink],
    *,
    path: str,
    language: str,
    keep: Collection[str] = (),
    spoken: Collection[str] | None = None,
) -> list[LanguageLink]:
    """The switcher of an address that is there in each language: its links lead to the same one,
    not to the home of the language. For steps of ``language_links``, without a query.

    Args:
        path: the address that is shown, with its query.
        language: that of the address.
        keep: parameters that go along; others mean something in one language only.
        spoken: languages (such as ``zh-hans``) that have something to show there; None: all.
    """
    address, _mark, query = path.partition("?")
    own = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    pairs = [(name, value) for name, value in parse_qsl(query) if name in keep]
    asked = f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""
    rest = f"{address.removeprefix(own)}{asked}"
    return [_led(link, rest, spoken) for link in links]


def _led(link: LanguageLink, rest: str, spoken: Collection[str] | None) -> LanguageLink:
    code = link.code.lower()
    if link.is_current or (spoken is not None and code not in spoken):
        return link
    prefix = "" if code == settings.LANGUAGE_CODE else f"/{code}"
    origin = link.url[: link.url.index("/", link.url.index("://") + 3)] if "://" in link.url else ""
    return replace(link, url=f"{origin}{prefix}{rest}", is_same_page=True, landing="")


def _part_with(pages: QuerySet[Any], parts: Sequence[int]) -> int | None:
    """The first of some pages with a public one of a kind below it."""
    paths = list(Page.objects.filter(pk__in=parts).order_by("path").values_list("pk", "path"))
    if not paths:
        return None
    below = reduce(or_, (Q(path__startswith=path) for _pk, path in paths))
    public = pages.filter(public_pages(), below, live=True, alias_of=None)
    first = public.order_by("path").values_list("path", flat=True).first()
    return next((pk for pk, path in paths if first and first.startswith(path)), None)


def _address(path: str, site: int, language: str) -> str:
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    code = "" if site == main_site_pk() else f"?site={just_seen().records[site].code}"
    return f"{prefix}{path}{code}"
