"""Lines as all readers hand them over: without what nobody sees, never empty."""

import re
from collections.abc import Iterable

from portal.text.official.model import SourceLine

from .refusals import DocumentFileError, Limits

# Controls, zero-width characters, soft hyphens, marks of direction; not private characters, which
# stand for rare ones in Chinese encodings.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f]")
_ASCII_WORD = re.compile(r"[!-~]")


def cleaned(text: str) -> str:
    """One line without invisible characters and without space around it."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def split(text: str) -> list[str]:
    """The lines of a text that say anything, each cleaned."""
    return [line for line in map(cleaned, _BREAK.split(text)) if line]


def joined(before: str, after: str) -> str:
    """Two parts of one sentence that a margin separated: a space only between Latin words."""
    if not before or not after or not _ASCII_WORD.match(before[-1] + after[0]):
        return before + after
    both_latin = _ASCII_WORD.match(before[-1]) and _ASCII_WORD.match(after[0])
    address = re.search(r"(?:://|www\.|@)[!-~]*\Z", before)
    return before + (" " if both_latin and not address else "") + after


def table(rows: Iterable[Iterable[str]], page: int = 0) -> SourceLine | None:
    """A table as one line; None where all its cells are empty."""
    cells = [
        [" ".join(cleaned(part) for part in cell.splitlines()) for cell in row] for row in rows
    ]
    if not any(any(row) for row in cells):
        return None
    width = max(map(len, cells))
    even = tuple((*row, *[""] * (width - len(row))) for row in cells)
    return SourceLine("\n".join("\t".join(row) for row in even), even, page=page)


def counted(lines: Iterable[SourceLine], limits: Limits) -> tuple[SourceLine, ...]:
    """The lines, if they are some and not too many.

    Raises:
        DocumentFileError: there is no text, or more than the limit.
    """
    result = tuple(lines)
    characters = sum(len(line.text) for line in result)
    if not characters:
        raise DocumentFileError("empty")
    if characters > limits.characters:
        raise DocumentFileError("too_much_text", limit=limits.characters)
    return result
