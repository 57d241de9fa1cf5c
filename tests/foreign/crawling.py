"""Finds Chinese text on foreign pages that does not say it is Chinese."""

import re
from collections.abc import Collection, Iterator

import lxml.html

_HAN = re.compile(r"[㐀-䶿一-鿿]+")
_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder", "content")
# A list of settings that only speak of themselves, and addresses.
_SILENT = ("script", "style", "template")


def is_chinese_here(element: lxml.html.HtmlElement) -> bool:
    """Whether the nearest ``lang`` says so."""
    while element is not None:
        language = element.get("lang")
        if language:
            return str(language).lower().startswith("zh")
        element = element.getparent()
    return False


def unmarked(html: str, known: Collection[str] = ()) -> Iterator[str]:
    """Each run of Chinese without its language.

    Args:
        known: for Japanese, whose own words are written alike: only texts equal to one of these
            Chinese texts are told.
    """
    tree = lxml.html.fromstring(html)
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            continue
        texts = [element.text]
        texts += [element.get(name) for name in _ATTRIBUTES]
        for text in texts:
            if text and _tells(text, known) and not is_chinese_here(element):
                yield f"<{element.tag}> {text.strip()}"
        parent = element.getparent()
        tail = element.tail
        if tail and parent is not None and _tells(tail, known) and not is_chinese_here(parent):
            yield f"<{parent.tag}> {tail.strip()}"


def _tells(text: str, known: Collection[str]) -> bool:
    if known:
        return text.strip() in known
    return _HAN.search(text) is not None
