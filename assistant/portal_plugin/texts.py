"""Answers as plain text, and texts in traditional characters. No models, no queries."""

import html
import re
from functools import cache, lru_cache

from opencc import OpenCC

_BREAK = re.compile(r"<br\s*/?>|</(?:p|li|h[1-6]|div|ul|ol|tr|blockquote)>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def plain_text(rich_text: str) -> str:
    """Rich text without markup: a line for each paragraph and list item."""
    text = _ITEM.sub("· ", _BREAK.sub("\n", rich_text or ""))
    text = html.unescape(_TAG.sub("", text))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


@cache
def _to_taiwan() -> OpenCC:
    """Character forms of Taiwan; never the vocabulary: a converted text says what was approved."""
    return OpenCC("s2tw")


@lru_cache(maxsize=2048)
def to_traditional(text: str) -> str:
    """Simplified text in traditional characters, character by character."""
    return str(_to_taiwan().convert(text))


def html_to_traditional(markup: str) -> str:
    """The same for markup: addresses and other attributes stay as they are."""
    parts = []
    position = 0
    for tag in _TAG.finditer(markup):
        parts += [to_traditional(markup[position : tag.start()]), tag.group()]
        position = tag.end()
    parts.append(to_traditional(markup[position:]))
    return "".join(parts)


def wording_key(text: str) -> str:
    """What two spellings of one question have in common: letters, digits and signs of words."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
