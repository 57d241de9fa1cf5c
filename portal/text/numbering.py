"""Headings by their look: 一、 → 2, （一） → 3, 1. → 4; the number stays as it was printed.

A numbered line is a heading when it is short, ends no sentence, and text follows it. Lines that
follow each other without anything between are a list somebody numbered by hand.
"""

import re
from dataclasses import replace

from .document import Block, Document, Heading, Line, Paragraph, text_of

_NUMERAL = "一二三四五六七八九十百"
_PATTERNS = (
    (2, re.compile(rf"[{_NUMERAL}]{{1,4}}[、．.]\s*\S|第[{_NUMERAL}\d]{{1,4}}[编章部]分?[\s\u3000]*\S")),
    (3, re.compile(rf"[（(][{_NUMERAL}]{{1,4}}[)）]\s*\S|第[{_NUMERAL}\d]{{1,4}}节[\s\u3000]*\S")),
    (4, re.compile(r"\d{1,2}[.．、](?!\d)\s*\S")),
)  # fmt: skip
_LONGEST = 40
_LONGEST_DEEP = 30
_SENTENCE = re.compile(r"[。；;，,？?！!]|[：:]|[、…—]\Z|[.](?=\Z)")


def level_of(text: str) -> int | None:
    """The level that the number at the beginning of a line stands for."""
    text = text.strip()
    for level, pattern in _PATTERNS:
        if pattern.match(text):
            return level
    return None


def heading_level(text: str) -> int | None:
    """The level of a line that could be a heading: numbered, short, no sentence."""
    level = level_of(text)
    if level is None or "\n" in text:
        return None
    text = text.strip()
    longest = _LONGEST_DEEP if level == 4 else _LONGEST
    number = re.match(r"[（(]?[^、．.)）\s]{1,4}[、．.)）]?", text)
    rest = text[number.end() :] if number else text
    if len(text) > longest or _SENTENCE.search(rest):
        return None
    return level


def with_headings(document: Document) -> Document:
    """Numbered lines that are headings become headings; numbered headings get their level.

    For each level, within the section above it: headings if text follows most of them.
    """
    candidates = [_candidate(block) for block in document]
    result = list(document)
    for level in (2, 3, 4):
        for section in _sections(candidates, level):
            own = [position for position in section if candidates[position] == level]
            followed = [p for p in own if _is_followed(p, candidates, document)]
            if not own or len(followed) * 2 < len(own):
                # A list by hand: such lines open no section either.
                for position in own:
                    if isinstance(document[position], Paragraph):
                        candidates[position] = None
                continue
            for position in own:
                result[position] = Heading(level, _line(document[position]))
    for position, block in enumerate(result):
        if isinstance(block, Heading) and not 2 <= block.level <= 4:
            result[position] = replace(block, level=min(max(block.level, 2), 4))
    return tuple(result)


def _candidate(block: Block) -> int | None:
    if isinstance(block, Heading):
        return heading_level(text_of(block.line)) or min(max(block.level, 2), 4)
    if isinstance(block, Paragraph) and block.place != "right":
        return heading_level(text_of(block.line))
    return None


def _line(block: Block) -> Line:
    assert isinstance(block, Heading | Paragraph)
    return block.line


def _sections(candidates: list[int | None], level: int) -> list[range]:
    """The stretches between headings above a level."""
    edges = [p for p, found in enumerate(candidates) if found is not None and found < level]
    starts = [-1, *edges]
    ends = [*edges, len(candidates)]
    return [range(start + 1, end) for start, end in zip(starts, ends, strict=True)]


def _is_followed(position: int, candidates: list[int | None], document: Document) -> bool:
    """Whether text, or a heading below, comes before the next of its kind."""
    own, following = candidates[position], position + 1
    if following >= len(document):
        return False
    if isinstance(document[following], Paragraph) and _is_right(document[following]):
        return False
    after = candidates[following]
    return after is None or (own is not None and after > own)


def _is_right(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.place == "right"
