"""Words inside blocks that wagtail-localize cannot see: the cells of tables.

All cells of a table share one path, as the paragraphs of a rich text do: rows may be put in between
and moved without making every cell below them another text. Cells without a letter, such as
figures, are the same in all languages and are copied.
"""

from collections.abc import Callable, Iterator
from typing import Any

from wagtail.contrib.typed_table_block.blocks import TypedTable
from wagtail_localize.segments import StringSegmentValue

__all__ = ["has_letters", "table_segments", "translated_table"]


def has_letters(text: object) -> bool:
    return isinstance(text, str) and any(letter.isalpha() for letter in text)


def table_segments(table: TypedTable | None) -> list[StringSegmentValue]:
    """Headings and cells in reading order, then the table's own caption."""
    return [StringSegmentValue("", text) for text, _put in _words(table)]


def translated_table(table: TypedTable | None, segments: list[StringSegmentValue]) -> Any:
    """The table with the segments in place of the words that ``table_segments`` gave."""
    ordered = sorted(segments, key=lambda segment: segment.order)
    for (_text, put), segment in zip(list(_words(table)), ordered, strict=False):
        put(segment.render_text())
    return table


def _words(table: TypedTable | None) -> Iterator[tuple[str, Callable[[str], None]]]:
    """Every word to be translated, with a function that puts another one in its place."""
    if not table:
        return
    for column in table.columns:
        if has_letters(column["heading"]):
            yield column["heading"], _setter(column, "heading")
    for row in table.row_data:
        for place, value in enumerate(row["values"]):
            if has_letters(value):
                yield value, _setter(row["values"], place)
    if has_letters(table.caption):

        def put(text: str) -> None:
            table.caption = text

        yield table.caption, put


def _setter(container: Any, key: Any) -> Callable[[str], None]:
    def put(text: str) -> None:
        container[key] = text

    return put
