"""The language switcher on the search page: the same words in the other language, not its home."""

from typing import Any

from django.urls import reverse
from wagtail.models import Page

from portal.plugin_api import LanguageLink, language_links, led_to_same

# What is chosen of facets is mostly of one language: only words, site and scope go along.
_KEPT = ("q", "site", "scope")


@language_links.step
def same_search(
    links: list[LanguageLink], *, page: Page | None, site: Any, language: str, path: str
) -> list[LanguageLink]:
    if page is not None or path.partition("?")[0] != reverse("search_language:page"):
        return links
    return led_to_same(links, path=path, language=language, keep=_KEPT)
