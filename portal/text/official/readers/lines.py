"""Lines as all readers hand them over: without what nobody sees, never empty."""

import re
import unicodedata
from collections.abc import Iterable

from portal.text.official.model import SourceLine

from .refusals import DocumentFileError, Limits

# Controls, zero-width characters, soft hyphens, marks of direction; not private characters, which
# stand for rare ones in Chinese encodings.
_INVISIBLE = (
    *range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD, 0x180E,
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x2070),
    0xFEFF,
)  # fmt: skip
_SPACES = (0xA0, *range(0x2000, 0x200B), 0x202F)
# Radicals that look like a whole character: the maps of fonts confuse the two, so text that came
# out of a PDF file at any time is full of them. Unicode decomposes only the older block.
_RADICALS = dict(
    zip(
        map(
            ord,
            "⺒⺜⺝⺠⺧⺩⺪⺬⺮⺶⺸⺻⺼⺽⻁⻄⻅⻆⻇⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻞⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱⻲",
        ),
        "巳日月民牛王疋示竹羊羊聿月臼虎西见角角贝足车長长门雨青韦页风飞食食首马骨鬼鱼鸟卤麦黄黾齐齿龙龜亀",
        strict=True,
    )
)
_AS_READ = {
    **dict.fromkeys(_INVISIBLE),
    **dict.fromkeys(_SPACES, " "),
    **_RADICALS,
    **{
        code: unicodedata.normalize("NFKC", chr(code))
        for code in (*range(0x2F00, 0x2FD6), 0x2E9F, 0x2EF3, *range(0xF900, 0xFADA))
    },
    0x2F3E: "户",  # fonts draw it in its simplified form, Unicode names the traditional one
}
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_MOST_CELLS = 500_000
_ASCII_WORD = re.compile(r"[!-~]")


def cleaned(text: str) -> str:
    """One line as it is read: without invisible characters and without space around it."""
    return text.translate(_AS_READ).strip()


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
    """A table as one line; None where all its cells are empty.

    Raises:
        DocumentFileError: it has more cells than anybody could read.
    """
    cells = [
        [" ".join(cleaned(part) for part in cell.splitlines()) for cell in row] for row in rows
    ]
    if not any(any(row) for row in cells):
        return None
    width = max(map(len, cells))
    if width * len(cells) > _MOST_CELLS:
        raise DocumentFileError("too_complex")
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
