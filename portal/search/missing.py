"""What may have been meant by an address that leads nowhere: by its words, or by the title of
what stood there."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.plugin_api import Publication, just_seen

from .places import code_in_addresses, search_url
from .services.contract import Search
from .services.searching import find
from .services.suggesting import suggest

COUNT = 5
_LONGEST = 200
_HANZI = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_]{2,}")
# Robots look for weak places of other software at such addresses.
_FILE = re.compile(r"\.[a-z0-9]{1,5}$", re.IGNORECASE)

type Link = tuple[str, str]


class Meant:
    """Links to what may have been meant, and the field to look for something else."""

    def __init__(self, site: int | None, language: str, words: str, links: Sequence[Link]) -> None:
        self.site, self.language, self.words, self.links = site, language, words, links

    def render_html(self, parent_context: Any = None) -> SafeString:
        context = {
            "links": self.links,
            "words": self.words,
            "search_url": search_url(self.language),
            "site_code": code_in_addresses(self.site, self.language),
        }
        return render_to_string("search/missing.html", context)


def meant_by(path: str, *, site: int | None, language: str) -> tuple[str, list[Link]]:
    """Words to search for and links to public pages; both empty where an address says nothing."""
    title = _title_of_gone(path, site, language)
    if title:
        return "", _found(title, site, language)
    words = _words(path)
    if not words:
        return "", []
    text = " ".join(words)
    if language != settings.LANGUAGE_CODE or _HANZI.search(text):
        return text, _found(text, site, language)
    # Addresses of Chinese pages are in pinyin, which says less than characters.
    for typed in ("".join(words), words[0]):
        links = [
            (one.text, one.url)
            for one in suggest(typed, site=site, language=language, count=COUNT)
            if one.url
        ]
        if links:
            return "", links
    return "", []


def _found(text: str, site: int | None, language: str) -> list[Link]:
    outcome = find(Search(text=text[:_LONGEST], language=language, site=site))
    return [(one.title, one.url) for one in outcome.results[:COUNT]]


def _words(path: str) -> list[str]:
    """The words of the last part that has any."""
    if _FILE.search(path):
        return []
    for part in reversed(unquote(path)[:_LONGEST].strip("/").split("/")):
        words = _WORD.findall(part)
        if words:
            return words[:6]
    return []


def _title_of_gone(path: str, site: int | None, language: str) -> str:
    """The last public title of what was here for everybody once: to search by, not to be shown.

    One query, by what routing finds pages by.
    """
    found = just_seen()
    root = next((r for r in found.roots if r.site_pk == site and r.language == language), None)
    node = found.site_root(root.site_pk, language) if root is not None else None
    if root is None or node is None or not path.startswith(root.prefix):
        return ""
    *above, slug = unquote(path)[len(root.prefix) :].strip("/").split("/")
    for part in above:
        node = next((child for child in node.children if child.slug == part), None)
        if node is None or node.private:
            return ""
    if not slug or "\x00" in slug:
        return ""
    gone = (
        Publication.objects.filter(
            page__slug=slug,
            page__depth=node.depth + 1,
            page__path__startswith=node.path,
            page__live=False,
        )
        .order_by("-since")
        .values_list("title", "page__path")
        .first()
    )
    return "" if gone is None or found.is_private(gone[1]) else str(gone[0])
