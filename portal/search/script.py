"""Suggestions in another script: as the finished page would show them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape, unescape

from portal.plugin_api import PageVariant, offered_variants

from .results import html_language
from .services.contract import Suggestion

_PIECE = re.compile("<p>(.*?)</p>", re.DOTALL)


def in_script_of(
    script: str, found: Sequence[Suggestion], *, site: int | None
) -> tuple[Suggestion, ...]:
    """The suggestions as a variant of pages writes them (``zh-hant``); as they are where the site
    does not offer it. Addresses lead on below the variant's prefix."""
    entry = next((e for e in offered_variants(site) if e.item.prefix == script), None)
    if entry is None or not found:
        return tuple(found)
    # As a page would hold them: variants look at what language a page says that it is in.
    pieces = "".join(f"<p>{escape(one.text)}</p>" for one in found)
    page = f'<html lang="{html_language(entry.item.source)}"><body>{pieces}</body></html>'

    def convert(item: PageVariant) -> str:
        return item.convert(page, site=site, rewrite=str)

    texts = [unescape(text) for text in _PIECE.findall(entry.run(convert, page))]
    if len(texts) != len(found):
        return tuple(found)
    return tuple(
        replace(one, text=text, url=f"/{script}{one.url}" if one.url.startswith("/") else one.url)
        for one, text in zip(found, texts, strict=True)
    )
