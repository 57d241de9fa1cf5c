"""Suggestions in another script: as the finished page would show them."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape, unescape

from portal.plugin_api import PageVariant, offered_variants

from .services.contract import Suggestion

_OPEN, _CLOSE = "<p>", "</p>"


def in_script_of(
    script: str, found: Sequence[Suggestion], *, site: int | None
) -> tuple[Suggestion, ...]:
    """The suggestions as a variant of pages writes them (``zh-hant``); as they are where the site
    does not offer it. Addresses lead on below the variant's prefix."""
    entry = next((e for e in offered_variants(site) if e.item.prefix == script), None)
    if entry is None or not found:
        return tuple(found)
    page = "".join(f"{_OPEN}{escape(one.text)}{_CLOSE}" for one in found)

    def convert(item: PageVariant) -> str:
        return item.convert(page, site=site, rewrite=str)

    parts = entry.run(convert, page).split(_CLOSE)[:-1]
    texts = [unescape(part.partition(_OPEN)[2]) for part in parts]
    if len(texts) != len(found):
        return tuple(found)
    return tuple(
        replace(one, text=text, url=f"/{script}{one.url}" if one.url.startswith("/") else one.url)
        for one, text in zip(found, texts, strict=True)
    )
