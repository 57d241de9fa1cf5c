"""Sections as people write them in YAML, for the demo city and for starters.

- kind: columns
  widths: 2-1
  columns:
    - [{kind: feed, title: 动态, style: dates}]
    - [{kind: text, title: 联系我们, body: 请打12345。}]

A row names its block by ``kind``; its other entries are the fields of the block, and columns and
tabs hold rows again. Choosers take keys, which the caller's ``resolve`` functions know. A text has
``title`` and ``body``, the body in the plain markup of ``portal.pages.markup``.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from .blocks import SectionsBlock
from .markup import to_blocks

type Resolve = Callable[[str], int]


class SectionDataError(ValueError):
    """A row names a kind or a field that no block has."""


def unknown(key: str) -> int:
    raise SectionDataError(f"there is nothing called {key!r} here")


@dataclass(frozen=True)
class SectionReader:
    """The functions give the primary key behind a key of the data."""

    page: Resolve = unknown
    image: Resolve = unknown
    document: Resolve = unknown
    media: Resolve = unknown

    def read(self, rows: Iterable[dict[str, Any]]) -> Any:
        """The value of a ``sections`` field.

        Raises:
            SectionDataError: see there.
        """
        stream = SectionsBlock()
        return stream.to_python(self._stream(stream, rows))

    def _stream(self, stream: Any, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [self._child(stream, dict(row)) for row in rows or ()]

    def _child(self, stream: Any, row: dict[str, Any]) -> dict[str, Any]:
        kind = row.pop("kind", None)
        block = stream.child_blocks.get(kind)
        if block is None:
            raise SectionDataError(f"{kind!r} is no kind of section here")
        if f"{kind}_kind" in row:  # a field of the block that is called kind as well
            row["kind"] = row.pop(f"{kind}_kind")
        if isinstance(block, blocks.RichTextBlock):
            heading = f"<h2>{escape(row['title'])}</h2>" if row.get("title") else ""
            value: Any = heading + self._html(row["body"])
        else:
            value = self._value(block, row)
        return {"type": kind, "value": value, "id": str(uuid.uuid4())}

    def _html(self, text: str) -> str:
        parts = to_blocks(text, image=lambda _key: None, page=self.page)
        return "".join(str(value) for name, value in parts if name == "paragraph")

    def _value(self, block: Any, stored: Any) -> Any:
        if isinstance(block, blocks.BaseStreamBlock):
            return self._stream(block, stored)
        if isinstance(block, blocks.ListBlock):
            return [
                {
                    "type": "item",
                    "value": self._value(block.child_block, item),
                    "id": str(uuid.uuid4()),
                }
                for item in stored or ()
            ]
        if isinstance(block, blocks.BaseStructBlock):
            strange = set(stored) - set(block.child_blocks)
            if strange:
                raise SectionDataError(f"{block.name}: no field {', '.join(sorted(strange))}")
            return {
                name: self._value(child, stored[name])
                for name, child in block.child_blocks.items()
                if name in stored
            }
        if stored and isinstance(stored, str):
            if isinstance(block, blocks.RichTextBlock):
                return self._html(stored)
            if isinstance(block, blocks.PageChooserBlock):
                return self.page(stored)
            if isinstance(block, ImageChooserBlock):
                return self.image(stored)
            if isinstance(block, DocumentChooserBlock):
                return self.document(stored)
            if isinstance(block, blocks.ChooserBlock):
                return self.media(stored)
        return stored
