"""How a whole page is made: its headings and lists, whatever blocks and fields they stand in."""

from collections.abc import Iterator
from html import escape
from typing import Any

from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from portal.text.parity import PageOutline, page_outline

# A block of a heading, by its name in the stream; it has a text and a level.
_HEADING = "heading"


def outline_of(page: Page) -> PageOutline:
    """Of a specific page as it is in memory; no query."""
    return page_outline("".join(_fields(page)))


def _fields(page: Page) -> Iterator[str]:
    for field in page._meta.get_fields():
        value = getattr(page, field.name, None) if hasattr(field, "attname") else None
        if isinstance(field, RichTextField):
            yield str(value or "")
        elif isinstance(field, StreamField) and value is not None:
            for child in value:
                yield from _block(child.block, child.value, child.block_type)


def _block(block: Any, value: Any, name: str = "") -> Iterator[str]:
    """Headings and lists of a block's value as HTML, and the words in them."""
    if value is None:
        return
    if isinstance(block, blocks.StructBlock):
        if name == _HEADING and "level" in block.child_blocks:
            level = str(value.get("level") or "2")
            yield f"<h{level}>{escape(str(value.get('text') or ''))}</h{level}>"
            return
        for key, child in block.child_blocks.items():
            yield from _block(child, value.get(key), key)
    elif isinstance(block, blocks.ListBlock):
        yield "<ul>"
        for item in value:
            yield from ("<li>", *_block(block.child_block, item), "</li>")
        yield "</ul>"
    elif isinstance(block, blocks.StreamBlock):
        for child in value:
            yield from _block(child.block, child.value, child.block_type)
    elif isinstance(block, blocks.RichTextBlock):
        yield value.source
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock):
        yield f"<p>{escape(str(value))}</p>"
