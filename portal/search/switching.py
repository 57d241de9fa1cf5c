"""The language switcher on the search page: the same words in the other language, not its home."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from portal.plugin_api import LanguageLink, language_links

# What is chosen of facets is mostly of one language: only words, site and scope go along.
_KEPT = ("q", "site", "scope")


@language_links.step
def same_search(
    links: list[LanguageLink], *, page: Page | None, site: Any, language: str, path: str
) -> list[LanguageLink]:
    address, _, query = path.partition("?")
    if page is not None or address != reverse("search_language:page"):
        return links
    kept = [(name, value) for name, value in parse_qsl(query) if name in _KEPT]
    asked = f"?{urlencode(kept, quote_via=quote)}" if kept else ""
    return [link if link.is_current else _led(link, asked) for link in links]


def _led(link: LanguageLink, asked: str) -> LanguageLink:
    """``link`` leads to the home of the language, on whichever host that is."""
    with override(link.code.lower()):
        address = reverse("search_language:page")
    origin = link.url[: link.url.index("/", link.url.index("://") + 3)] if "://" in link.url else ""
    return replace(link, url=f"{origin}{address}{asked}", is_same_page=True, landing="")
