"""A text apart from any file or editor: what pasted HTML, Word files and bodies are turned into.

Everything is immutable, so that a step of work is a function from blocks to blocks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

type Mark = Literal["bold", "italic", "superscript", "subscript"]
# Attributes of a link as (name, value): a plain address, or what an editor keeps of its own.
type Link = tuple[tuple[str, str], ...]
type Place = Literal["", "right", "center"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of one look; a line feed is a break that somebody set by hand."""

    text: str
    marks: frozenset[Mark] = frozenset()
    link: Link | None = None


type Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 2, 3 or 4: the title of the page is 1
    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line
    place: Place = ""


@dataclass(frozen=True, slots=True)
class Item:
    line: Line
    ordered: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, nested ones included: the items in reading order with their depth."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of plain text; ``rows`` all have the same length. The first row may be the header."""

    rows: tuple[tuple[str, ...], ...]
    has_header: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """``source`` is an address, a ``data:`` URI or a key that the caller of the importer knows."""

    source: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    line: Line


@dataclass(frozen=True, slots=True)
class Other:
    """What only its owner understands: it stays where it stands."""

    key: str


type Block = Heading | Paragraph | Listing | Table | Picture | Quote | Other
type Document = tuple[Block, ...]


def line_of(text: str) -> Line:
    return (Span(text),) if text else ()


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


def joined(spans: Iterable[Span]) -> Line:
    """A line without empty spans and with neighbours of one look put together."""
    result: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if result and (result[-1].marks, result[-1].link) == (span.marks, span.link):
            result[-1] = Span(result[-1].text + span.text, span.marks, span.link)
        else:
            result.append(span)
    return tuple(result)


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Every piece of text that a reader would see, in order; for comparing and counting."""
    for block in blocks:
        match block:
            case Heading() | Paragraph() | Quote():
                yield text_of(block.line)
            case Listing():
                yield from (text_of(item.line) for item in block.items)
            case Table():
                yield block.caption
                for row in block.rows:
                    yield from row
            case Picture():
                yield block.caption
            case Other():
                pass
