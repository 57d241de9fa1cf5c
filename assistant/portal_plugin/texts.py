"""Answers as plain text, and texts in traditional characters. No models, no queries."""

import html
import re

from assistant.portal_plugin.answering import languages
from portal.plugin_api import mark_mixed_text
from portal.text.script import default_converter, to_traditional
from portal.text.script_markup import convert_fragment, convert_page

__all__ = [
    "finished",
    "html_to_traditional",
    "plain_text",
    "to_traditional",
    "wording_key",
]

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


def html_to_traditional(markup: str) -> str:
    """A piece of a page in traditional characters: addresses and code stay as they are."""
    return convert_fragment(markup, default_converter())


def finished(page: str, language: str) -> str:
    """A whole page for a reader of a language: in traditional characters made from simplified, in
    others with what is Chinese marked."""
    if language == languages.ZH_HANT:
        return convert_page(page, default_converter())
    return mark_mixed_text(page, languages.interface(language))


def wording_key(text: str) -> str:
    """What two spellings of one question have in common: letters, digits and signs of words."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
