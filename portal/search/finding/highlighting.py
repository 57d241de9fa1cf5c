"""Title and excerpt of a result with what was looked for marked. Escaped first, always."""

import re
from collections.abc import Collection, Iterable, Sequence
from html import escape

from portal.search.planning.reading import Reading
from portal.text.searching import Analyser
from portal.text.searching.marking import Mark, Marker

EXCERPT = 120  # signs
LONGEST_BODY = 20_000
"""So much of a text is looked into for an excerpt."""
_LONG = 2_000
_BEFORE = 20  # signs before the first mark of an excerpt
_PHRASE, _WORD, _MEANING, _LOOSE, _PART = 6.0, 2.0, 1.0, 0.5, 0.4
_ENDS = frozenset("。！？；\n!?;")
_BETWEEN = tuple(" \n、，；：。·")
_WHOLE = re.compile("[^\\W\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]")


def marker_of(readings: Iterable[Reading], analyser: Analyser, language: str) -> Marker:
    """Knows the words of a query, those that mean the same, and the query as a whole."""
    words: dict[str, float] = {}

    def add(word: str, counts: float) -> None:
        words[word] = max(counts, words.get(word, 0.0))

    for reading in readings:
        for quote in reading.quotes:
            add(quote.strip(), _PHRASE)
        # As it was typed, but not a whole sentence, which no text repeats.
        whole = reading.folded.strip()
        if 1 < len(whole) <= 30:
            add(whole, _PHRASE)
        for unit in reading.units:
            counts = _LOOSE if unit.is_loose else _WORD
            # Characters that are a word only together would be marked all over a text.
            if len(unit.text) > 1 or len(reading.units) == 1:
                add(unit.text, counts)
            for word in unit.words if not unit.is_run else ():
                if len(word) > 1:
                    add(word, counts)
                    for part in analyser.within(word) if len(word) > 3 else ():
                        add(part, _PART)
            for meaning in unit.meanings:
                add("".join(meaning.words), _WORD if language.startswith("zh") else _MEANING)
                for word in meaning.words:
                    if len(word) > 1:
                        add(word, _MEANING)
    return Marker(words, language)


def marked(text: str, marker: Marker) -> str:
    """All of a text as HTML."""
    return _html(text, marker.marks(text))


def excerpt(body: str, summary: str, marker: Marker) -> str:
    """The part of a text that says most of what was looked for, as HTML; else its beginning."""
    text = body[:LONGEST_BODY]
    marks = (marker.likely(text) if len(text) > _LONG else []) or marker.marks(text)
    if not marks and summary:
        text, marks = summary, marker.marks(summary)
    start = _best_start(text, marks)
    begins = {mark.start for mark in marks}
    end = start + EXCERPT
    start, end = _next_word(text, start, begins), _word_before(text, end, start)
    while start and text[start : start + 1] in _BETWEEN:
        start += 1
    shown = text[start:end]
    html = _html(shown, marker.marks(shown))
    return ("…" if start else "") + html + ("…" if end < len(text) else "")


def _next_word(text: str, start: int, begins: Collection[int]) -> int:
    """Not in the middle of a word or a number; what was looked for stays in."""
    if not _is_inside(text, start):
        return start
    for at in range(start, min(start + _BEFORE, len(text))):
        if at in begins or not _is_inside(text, at):
            return at
    return start


def _word_before(text: str, end: int, start: int) -> int:
    for at in range(end, max(start, end - _BEFORE), -1):
        if not _is_inside(text, at):
            return at
    return end


def _is_inside(text: str, at: int) -> bool:
    """Whether a cut here would divide what is written in one piece. Hanzi and kana stand alone."""
    return 0 < at < len(text) and all(_WHOLE.match(sign) for sign in text[at - 1 : at + 1])


def _best_start(text: str, marks: Sequence[Mark]) -> int:
    """Where the window begins that holds the most different words."""
    best, best_start = -1.0, 0
    for first, mark in enumerate(marks[:400]):
        seen: dict[str, float] = {}
        for other in marks[first:]:
            if other.end > mark.start + EXCERPT - _BEFORE:
                break
            seen[other.word] = seen.get(other.word, 0.0) + (
                other.counts if other.word not in seen else other.counts * 0.1
            )
        tells = sum(seen.values())
        if tells > best + 1e-9:
            best, best_start = tells, mark.start
    if not marks or best_start < _BEFORE:
        return 0
    # From the beginning of the sentence where it is near.
    for at in range(best_start - 1, max(-1, best_start - 2 * _BEFORE), -1):
        if text[at] in _ENDS:
            return at + 1
    return best_start - _BEFORE


def _html(text: str, marks: Sequence[Mark]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in _joined(marks):
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return "".join(parts).replace("\n", " ")


def _joined(marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """Words that follow each other as one: 信息|公开."""
    spans: list[tuple[int, int]] = []
    for mark in marks:
        if spans and spans[-1][1] == mark.start:
            spans[-1] = (spans[-1][0], mark.end)
        else:
            spans.append((mark.start, mark.end))
    return spans
