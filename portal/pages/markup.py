"""The small mark-up of demo content and starters, turned into body blocks.

Blocks are separated by blank lines: ``## `` and ``### `` headings, ``> `` a quotation, ``- `` list
items, ``![key] caption`` an image, ``@right `` and ``@center `` placed lines, ``!name `` a block
with fields (``markup_blocks``); everything else is a paragraph. Inline: ``[text](page:key)``,
``[text](https://…)``, ``**strong**``.
"""

import re
from collections.abc import Callable
from html import escape
from typing import Any

from .markup_blocks import BlockError, named_block

type Block = tuple[str, Any]
type FindImage = Callable[[str], Any]
type FindMedia = Callable[[str], Any]
type FindPage = Callable[[str], int | None]

_INLINE = re.compile(r"\*\*(?P<strong>.+?)\*\*|\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)")
_IMAGE = re.compile(r"!\[(?P<key>[\w-]+)\]\s*(?P<caption>.*)", re.DOTALL)


class MarkupError(ValueError):
    """Names what a text refers to and nobody has."""


def _no_media(_key: str) -> None:
    return None


def to_blocks(
    text: str, *, image: FindImage, page: FindPage, media: FindMedia = _no_media
) -> list[Block]:
    """Body blocks as (type, value) pairs; neighbouring paragraphs share one text block.

    Raises:
        MarkupError: a file or a page that does not exist, a block that cannot be read.
    """
    blocks: list[Block] = []
    prose: list[str] = []

    def close_prose() -> None:
        if prose:
            blocks.append(("paragraph", "".join(prose)))
            prose.clear()

    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        part = part.strip()
        if not part:
            continue
        block = _block(part, image, media, page)
        if block is not None:
            close_prose()
            blocks.append(block)
        elif part.startswith("- "):
            items = [line.strip()[2:] for line in part.splitlines() if line.strip()]
            prose.append("<ul>" + "".join(f"<li>{_inline(i, page)}</li>" for i in items) + "</ul>")
        else:
            prose.append(f"<p>{_inline(' '.join(part.split()), page)}</p>")
    close_prose()
    return blocks


def _block(part: str, image: FindImage, media: FindMedia, page: FindPage) -> Block | None:
    for mark, level in (("### ", "3"), ("## ", "2")):
        if part.startswith(mark):
            return ("heading", {"text": part[len(mark) :].strip(), "level": level})
    if part.startswith("> "):
        return ("quote", {"text": part[2:].strip(), "source": ""})
    for mark in ("right", "center"):
        if part.startswith(f"@{mark} "):
            lines = [line.removeprefix(f"@{mark} ").strip() for line in part.splitlines()]
            return ("aligned_text", {"text": "\n".join(lines), "position": mark})
    match = _IMAGE.fullmatch(part)
    if match:
        found = image(match["key"])
        if found is None:
            raise MarkupError(f"no image {match['key']!r}")
        return ("image", {"image": found, "caption": match["caption"].strip()})
    if re.match(r"![a-z]+ ", part):
        try:
            return named_block(part, image, media, lambda text: _inline(text, page))
        except BlockError as error:
            raise MarkupError(str(error)) from error
    return None


def _inline(text: str, page: FindPage) -> str:
    result, position = [], 0
    for match in _INLINE.finditer(text):
        result.append(escape(text[position : match.start()], quote=False))
        position = match.end()
        if match["strong"]:
            result.append(f"<b>{escape(match['strong'], quote=False)}</b>")
            continue
        target, words = match["target"], escape(match["text"], quote=False)
        if target.startswith("page:"):
            pk = page(target[5:])
            if pk is None:
                raise MarkupError(f"no page {target[5:]!r}")
            result.append(f'<a linktype="page" id="{pk}">{words}</a>')
        elif target.startswith(("https://", "http://", "mailto:", "tel:")):
            result.append(f'<a href="{escape(target)}">{words}</a>')
        else:
            raise MarkupError(f"no address {target!r}")
    result.append(escape(text[position:], quote=False))
    return "".join(result)
