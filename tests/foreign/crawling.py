"""Finds Chinese text on foreign pages that does not say it is Chinese."""

import re
from collections.abc import Collection, Iterator

import lxml.html

_HAN = re.compile(r"[㐀-䶿一-鿿]+")
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder", "content")
# A list of settings that only speak of themselves, and addresses.
_SILENT = ("script", "style", "template")


def language_here(element: lxml.html.HtmlElement | None) -> str:
    """The nearest ``lang``, in small letters; empty where there is none."""
    while element is not None:
        if language := element.get("lang"):
            return str(language).lower()
        element = element.getparent()
    return ""


def texts_of(tree: lxml.html.HtmlElement) -> Iterator[tuple[lxml.html.HtmlElement, str]]:
    """Each text that is read or read out, with the element whose language it has."""
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in _SILENT:
            for text in (element.text, *(element.get(name) for name in _ATTRIBUTES)):
                if text:
                    yield element, str(text)
        parent = element.getparent()
        if element.tail and parent is not None and parent.tag not in _SILENT:
            yield parent, str(element.tail)


def unmarked(html: str, known: Collection[str] = ()) -> Iterator[str]:
    """Each text with Chinese that does not stand under its language.

    In Japanese, whose own words are written with the same signs, such with signs that are not
    Japanese (but not a Japanese sentence about such in an attribute: nothing can mark a part of
    one); below ``zh-Hant``, such with signs that are simplified.

    Args:
        known: Chinese texts that are none of the page's own, whatever signs they have.
    """
    for element, text in texts_of(lxml.html.fromstring(html)):
        language = language_here(element)
        if language.startswith("ja") and element.tag == "meta" and _KANA.search(text):
            continue
        if (
            not language.startswith("zh-hans")
            and language != "zh"
            and _tells(text, language, known)
        ):
            yield f"<{element.tag}> {text.strip()}"


def _tells(text: str, language: str, known: Collection[str]) -> bool:
    if text.strip() in known:
        return True
    if language.startswith("ja"):
        return any(not _has("iso2022_jp", sign) for sign in _HAN.findall(text))
    if language.startswith("zh-hant"):
        return any(not _has("big5", sign) for sign in _HAN.findall(text))
    return _HAN.search(text) is not None


def _has(charset: str, signs: str) -> bool:
    """Whether a country's own set of characters has them all."""
    try:
        signs.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
