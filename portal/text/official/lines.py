"""A line of a document on its way through the parser."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from .markers import Marker, marker_of
from .model import Source
from .script import matchable, squeezed


@dataclass(frozen=True)
class Line:
    """``text`` as printed; ``source``: its position in the source; ``rows``: a table's."""

    text: str
    source: int
    rows: tuple[tuple[str, ...], ...] = ()
    place: Literal["", "center", "right"] = ""
    heading: int = 0

    @cached_property
    def key(self) -> str:
        """The text in a form that patterns are written for, of the same length."""
        return matchable(self.text)

    @cached_property
    def bare(self) -> str:
        """The key without white space."""
        return squeezed(self.key)

    @cached_property
    def marker(self) -> Marker | None:
        """The clause number that the line begins with; a table has none."""
        return None if self.rows else marker_of(self.key)

    def with_text(self, text: str) -> "Line":
        return replace(self, text=text)


def lines_of(source: Source) -> list[Line]:
    """The lines of a source that are not blank. A line break inside a paragraph parts it."""
    result: list[Line] = []
    for position, line in enumerate(source.lines):
        parts = [line.text] if line.rows else line.text.splitlines()
        result.extend(
            Line(part.strip(), position, line.rows, line.place, line.heading)
            for part in parts
            if part.strip()
        )
    return result
