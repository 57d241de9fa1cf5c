"""Plain text whose lines were cut at a fixed width: put together again where that is clear.

Mail programs and old editors end a line after so many columns, in the middle of a sentence. Then
many lines are equally long, none is longer, and most of the long ones end without a full stop. A
file in which every paragraph is a line has one longest line and no such margin; it is left alone.
"""

import re
import unicodedata

from portal.text.official.markers import marker_of
from portal.text.official.script import matchable

from .lines import cleaned, joined

# Columns; a Chinese character takes two.
_NARROWEST, _WIDEST = 40, 132
# A full line may lack what would not begin the next one: a mark, half a character, a Latin word.
_RAGGED = 5
_FEWEST = 5
_OPEN = 0.6  # of the full lines end in the middle of a sentence
_ENDS = tuple("。；：！？.;:!?”』」")
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_INDENT = re.compile(r"[ \t\u3000\xa0]*")


def unwrapped(text: str) -> tuple[str, int]:
    """The text with its paragraphs in a line each, and how many lines were joined to another.

    Nothing but line breaks and the space around them goes; the text itself where no margin is
    clear.
    """
    raw = _BREAK.split(text)
    lines = [cleaned(line) for line in raw]
    indents = [_columns(_INDENT.match(line)[0]) if line.strip() else -1 for line in raw]  # type: ignore[index]
    margin = _margin(raw, lines)
    if not margin:
        return text, 0
    least = min((indent for indent in indents if indent >= 0), default=0)
    is_indented = [indent > least for indent in indents]
    # Where paragraphs begin two characters in, a line that does not is the middle of one.
    by_indent = sum(is_indented) > 1
    result: list[str] = []
    count = 0
    for position, line in enumerate(lines):
        before = lines[position - 1] if position else ""
        follows = (
            bool(line and before)
            and _columns(raw[position - 1].rstrip()) > margin - _RAGGED
            and not is_indented[position]
            and "\t" not in line + before
        )
        if follows and not by_indent:
            follows = not _begins(line) and not _TITLE.fullmatch(result[-1])
        if follows:
            result[-1] = joined(result[-1], line)
            count += 1
        else:
            result.append(line)
    return ("\n".join(result), count) if count else (text, 0)


# A title may by chance fill its line; what follows is no part of it.
_TITLE = re.compile(
    "[^。；，：]{4,}(?:通知|意见|决定|公告|通告|批复|复函|办法|规定|细则|方案|条例)"
)
_DOCUMENT_NUMBER = re.compile(r".{1,20}[〔\[(（]\d{4}[〕\])）]\d{1,5}号")


def _begins(line: str) -> bool:
    return bool(marker_of(matchable(line)) or _DOCUMENT_NUMBER.fullmatch(line))


def _margin(raw: list[str], lines: list[str]) -> int:
    """The column at which lines were cut; 0 where they were not."""
    widths = [_columns(line.rstrip()) for line in raw]
    margin = max(widths, default=0)
    if not _NARROWEST <= margin <= _WIDEST:
        return 0
    full = [n for n, width in enumerate(widths) if width > margin - _RAGGED and "\t" not in raw[n]]
    open_ended = sum(not lines[n].endswith(_ENDS) for n in full)
    is_clear = len(full) >= _FEWEST and open_ended >= _OPEN * len(full)
    # Where lines are cut, what is left over at the end of a paragraph may have any length.
    return margin if is_clear and 4 * len(full) >= sum(map(bool, lines)) else 0


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
