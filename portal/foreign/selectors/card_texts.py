"""The words of a page for its counter card: short lines, in the page's language and in Chinese.

Only what can be read aloud or pointed at: headings, paragraphs, lists, steps, notices. Pictures,
tables and links stay in the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import zip_longest
from typing import Any

from portal.foreign.models import LiveSegment


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line in both languages; either may be empty.

    ``kind`` is ``text``, ``item`` (of a list) or ``step``. ``behind``: the Chinese changed since it
    was translated, so that only the Chinese is shown.
    """

    kind: str
    text: str
    chinese: str
    behind: bool = False


@dataclass(frozen=True, slots=True)
class CardPart:
    """What stands below one heading; ``topic`` is what it is about, "" where nobody can tell."""

    heading: str
    chinese_heading: str
    topic: str
    lines: tuple[CardLine, ...]


type _Piece = tuple[str, str]
type _Block = tuple[str, str, list[_Piece]]

# By the Chinese heading: the topics are those that somebody needs at a counter.
_TOPICS = (
    ("where", re.compile("哪里|哪儿|地点|地址|窗口在|怎么去|怎样去")),
    ("bring", re.compile("带什么|材料|要带|携带|证件")),
    ("steps", re.compile("怎么办|怎样办|步骤|流程|三步|几步|怎么报|怎样申请")),
    ("time", re.compile("多久|多少钱|费用|时限|收费|时间")),
    ("help", re.compile("电话|号码|求助|接通|联系")),
)


def card_parts(chinese: Any, foreign: Any | None) -> list[CardPart]:
    """The parts of a Chinese page beside those of its translation, block by block.

    Blocks belong together by their id, which translations keep; what only the translation has is
    left out. Without a translation the lines have Chinese only.
    """
    own = {ident: (kind, pieces) for ident, kind, pieces in _blocks(foreign)} if foreign else {}
    behind = _places_behind(foreign) if foreign else set()
    parts: list[CardPart] = []
    heading, chinese_heading = "", ""
    lines: list[CardLine] = []

    def close() -> None:
        if lines:
            parts.append(
                CardPart(heading, chinese_heading, topic_of(chinese_heading), tuple(lines))
            )
            lines.clear()

    for ident, kind, pieces in _blocks(chinese):
        other_kind, others = own.get(ident, ("", []))
        if other_kind != kind:
            others = []
        if kind == "heading":
            close()
            chinese_heading = pieces[0][1]
            heading = others[0][1] if others and ident not in behind else ""
            continue
        lines += _side_by_side(pieces, others, behind=ident in behind)
    close()
    return parts


def parts_of_html(chinese: str, foreign: str, *, behind: bool = False) -> list[CardPart]:
    """The one part of a text without headings: rich text beside its translation ("": none)."""
    pieces, others = lines_of_html(chinese), lines_of_html(foreign)
    lines = tuple(_side_by_side(pieces, others, behind=behind))
    return [CardPart("", "", "", lines)] if lines else []


def topic_of(heading: str) -> str:
    return next((topic for topic, words in _TOPICS if words.search(heading)), "")


def plain_text(page: Any) -> str:
    """All words of a page that a card may show, a line each."""
    return "\n".join(text for _, _, pieces in _blocks(page) for _, text in pieces)


def _side_by_side(
    pieces: list[_Piece], others: list[_Piece], *, behind: bool
) -> Iterator[CardLine]:
    if behind or not others:
        yield from (CardLine(kind, "", text, behind) for kind, text in pieces)
    elif len(pieces) == len(others):
        for (kind, text), (_, other) in zip(pieces, others, strict=True):
            yield CardLine(kind, other, text)
    else:  # the translator joined or parted sentences: all of both, once
        for piece, theirs in zip_longest(pieces, others):
            kind = (piece or theirs)[0]
            yield CardLine(kind, theirs[1] if theirs else "", piece[1] if piece else "")


def _places_behind(page: Any) -> set[str]:
    """The ids of blocks with a text whose Chinese changed since."""
    paths = LiveSegment.objects.filter(
        translation__target_id=page.pk, stale_since__isnull=False, path__startswith="body."
    ).values_list("path", flat=True)
    return {path.split(".")[1] for path in paths}


def _blocks(page: Any) -> Iterator[_Block]:
    for child in getattr(page, "body", None) or ():
        pieces = [(kind, text) for kind, text in _pieces(child.block_type, child.value) if text]
        if pieces:
            yield str(child.id), child.block_type, pieces


def _pieces(kind: str, value: Any) -> Iterator[_Piece]:
    if kind == "heading":
        yield "heading", value["text"]
    elif kind == "paragraph":
        yield from lines_of_html(value.source)
    elif kind == "notice":
        text = " ".join(text for _, text in lines_of_html(value["text"].source))
        yield "text", ": ".join(part for part in (value["title"], text) if part)
    elif kind == "steps":
        for item in value["items"]:
            text = " ".join(text for _, text in lines_of_html(item["text"].source))
            yield "step", ": ".join(part for part in (item["title"], text) if part)
    elif kind == "accordion":
        for item in value["items"]:
            text = " ".join(text for _, text in lines_of_html(item["answer"].source))
            yield "text", f"{item['question']} {text}"
    elif kind == "timeline":
        for item in value["items"]:
            yield "text", f"{item['when']} {item['title']}"


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Piece] = []
        self._kind = "text"
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"p", "li", "h3", "h4"}:
            self._end()
            self._kind = "item" if tag == "li" else "text"
        elif tag == "br":
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"p", "li", "h3", "h4"}:
            self._end()

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        text = " ".join("".join(self._words).split())
        self._words.clear()
        if text:
            self.found.append((self._kind, text))


def lines_of_html(html: str) -> list[_Piece]:
    """The paragraphs and list items of a text, as (kind, plain text)."""
    reader = _Lines()
    reader.feed(html)
    reader.close()
    return reader.found
