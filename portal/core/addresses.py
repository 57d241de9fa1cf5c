"""Addresses that are not pages': a page of a home may not have one of them as its slug.

What the URL configuration answers comes before the pages: a column ``search`` below the portal's
home would be saved, listed and never be found again. The names are read from the configuration,
plugins included, so that a new address is taken from the day on which it exists.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from .structure import STEPLEN

# Addresses of the portal's contract whose part is a plugin that may be installed later, and the
# script variant that is made while rendering.
RESERVED = frozenset({"assistant", "feeds", "preferences", "search", "static", "zh-hant"})
HOMES = frozenset({"home", "sub_site"})


class AddressTaken(ValidationError):
    """A page was to stand at a fixed address. Nothing was written."""

    def __init__(self, page: Page) -> None:
        self.page = page
        super().__init__({"slug": taken_message(page.slug)})


def taken_message(slug: str) -> str:
    return _(
        "The address “%(slug)s” belongs to the portal itself. Please choose another short address."
    ) % {"slug": slug}


@cache
def fixed() -> frozenset[str]:
    """First parts of all addresses that are answered before the pages are asked."""
    files = (urlsplit(url).path.strip("/") for url in (settings.STATIC_URL, settings.MEDIA_URL))
    languages = (code for code, _name in settings.LANGUAGES)
    found = {*RESERVED, *languages, *_first_parts(), *(path.split("/")[0] for path in files)}
    return frozenset(part for part in found if part)


def is_taken(slug: str, parent: Page | None) -> bool:
    """Whether a page with this slug cannot stand below ``parent``.

    The same for every home, also where a sub-site or a language lies below a prefix now: a
    sub-site may be given a host name of its own later.
    """
    if slug not in fixed() or parent is None:
        return False
    return getattr(parent.specific_class, "structure_kind", "") in HOMES


def refuse_taken(page: Page) -> None:
    """Called before a page is saved; costs a query only for the few words that are taken.

    A page that stood there before the address was taken can still be saved, and withdrawn.

    Raises:
        AddressTaken: the page would stand at a fixed address.
    """
    if page.slug not in fixed():
        return
    if page.pk and Page.objects.filter(pk=page.pk, slug=page.slug, path=page.path).exists():
        return
    parent = Page.objects.filter(path=page.path[:-STEPLEN]).first()
    if is_taken(page.slug, parent):
        raise AddressTaken(page)


def _first_parts(patterns: Sequence[Any] | None = None) -> Iterator[str]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if not isinstance(entry, URLPattern | URLResolver):
            continue
        below_language = isinstance(entry.pattern, LocalePrefixPattern)
        if isinstance(entry, URLResolver) and (below_language or not str(entry.pattern)):
            yield from _first_parts(entry.url_patterns)
            continue
        part = str(entry.pattern).lstrip("^").partition("/")[0]
        if part.replace("-", "").replace("_", "").isalnum():  # no converter, no expression
            yield part
