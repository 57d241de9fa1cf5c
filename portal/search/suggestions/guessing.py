"""What may have been meant: the cheapest way to read what was typed as words that there are.

What was typed is laid out in words in every way. A word that something public has costs little, one
of the dictionary more, a sign that belongs to no word a lot; a word put right costs what the slips
cost. Where a way with words put right is cheaper than the best one without, that was meant.
"""

import math
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import rjieba

from portal.text.lookalikes import lookalikes
from portal.text.script import has_han
from portal.text.sounds import spelt

from .likeness import slips
from .names import is_chinese, signs, stored_language
from .words import INITIALS, SOUND, WRITTEN, number, typed_marks

LONGEST = 30  # signs; what is longer is a sentence and found by its other words
_WORD = 8  # signs of a word that is put right
_WAYS = 6  # ways that are followed to each place
_ROWS = 4_000

# What a word costs where nothing is put right.
_KNOWN, _IN_DICTIONARY, _ALONE, _LETTERS = 1.0, 1.7, 3.5, 3.5
# The shorter a word, the more are like it.
_SHORT = {2: 0.8, 3: 0.3}
_MOST_SLIPS = {2: 1.5, 3: 2.3, 4: 3.0, 5: 3.0}
_MOST_SLIPS_OF_LONG = 3.6


@dataclass(frozen=True, slots=True)
class Guess:
    """``gain``: how much cheaper it is than what was typed. ``was_unknown``: each word that was put
    right held a sign that is in no word. ``shortest``: signs of the shortest of these words."""

    text: str
    gain: float
    was_unknown: bool
    shortest: int


@dataclass(frozen=True, slots=True)
class _Way:
    cost: float = 0.0
    text: str = ""
    put_right: tuple[tuple[int, int, int, int], ...] = ()  # (word, its length, begin, end)


@dataclass(frozen=True, slots=True)
class _Word:
    number: int
    word: str
    uses: int


@dataclass(slots=True)
class _Step:
    """A word that covers signs ``begin`` to ``end`` of what was typed."""

    end: int
    text: str
    cost: float
    word: _Word | None = None


def guesses(file: sqlite3.Connection, text: str, *, site: int | None, language: str) -> list[Guess]:
    """What may have been meant, the likeliest first; only words that something public has now."""
    stored = stored_language(language)
    parts = signs(text[: 4 * LONGEST], stored)
    if not 1 <= len(parts) <= LONGEST or not any(
        len(part) > 1 or has_han(part) for part, _b, _e in parts
    ):
        return []
    typed = [part for part, _begin, _end in parts]
    gaps = [text[left[2] : right[1]] for left, right in pairwise(parts)]
    if is_chinese(stored):
        steps = _Chinese(file, stored, typed).steps()
    else:
        steps = _letters(file, stored, typed)
    plain = _cheapest(
        typed, gaps, {at: [s for s in some if s.word is None] for at, some in steps.items()}
    )
    best = _cheapest(typed, gaps, steps)
    if not plain:
        return []
    as_typed = plain[0]
    alone = _signs_alone(typed, as_typed, steps)
    found = []
    for way in best:
        if not way.put_right or way.text == as_typed.text:
            continue
        if not all(_is_public(file, word, site) for word, *_rest in way.put_right):
            continue
        spans = [set(range(begin, end)) for _word, _length, begin, end in way.put_right]
        found.append(
            Guess(
                way.text,
                gain=as_typed.cost - way.cost,
                was_unknown=all(span & alone for span in spans),
                shortest=min(length for _word, length, _begin, _end in way.put_right),
            )
        )
    return found


def _cheapest(
    typed: Sequence[str], gaps: Sequence[str], steps: Mapping[int, Sequence[_Step]]
) -> list[_Way]:
    """The cheapest ways through, the cheapest first; spaces between words stay."""
    ways: list[list[_Way]] = [[] for _sign in range(len(typed) + 1)]
    ways[0] = [_Way()]
    for at in range(len(typed)):
        here = _kept(ways[at])
        for step in steps.get(at, ()):
            gap = gaps[at - 1] if at else ""
            for way in here:
                put_right = way.put_right
                if step.word is not None:
                    put_right = (*put_right, (step.word.number, len(step.text), at, step.end))
                ways[step.end].append(
                    _Way(way.cost + step.cost, way.text + gap + step.text, put_right)
                )
    return _kept(ways[-1])


def _kept(ways: list[_Way]) -> list[_Way]:
    chosen: dict[str, _Way] = {}
    for way in sorted(ways, key=lambda way: way.cost):
        chosen.setdefault(way.text, way)
        if len(chosen) == _WAYS:
            break
    return list(chosen.values())


def _signs_alone(typed: Sequence[str], way: _Way, steps: Mapping[int, Sequence[_Step]]) -> set[int]:
    """Which signs are in no word, in the best way to read what was typed as it is."""
    best: list[tuple[float, frozenset[int]]] = [(math.inf, frozenset())] * (len(typed) + 1)
    best[0] = (0.0, frozenset())
    for at in range(len(typed)):
        cost, alone = best[at]
        for step in steps.get(at, ()):
            if step.word is None and cost + step.cost < best[step.end][0]:
                is_alone = step.cost >= _ALONE
                best[step.end] = (cost + step.cost, alone | {at} if is_alone else alone)
    return set(best[-1][1])


def _is_public(file: sqlite3.Connection, word: int, site: int | None) -> bool:
    """Whether something public has a word at this moment (at this site)."""
    of_site = "" if site is None else f" AND document.site IN (0, {int(site)})"
    row = file.execute(
        "SELECT 1 FROM (SELECT document FROM use WHERE word = :word LIMIT 200) AS some"  # noqa: S608
        " JOIN document ON document.id = some.document"
        " WHERE (public_from IS NULL OR public_from <= :now)"
        f" AND (public_until IS NULL OR public_until > :now){of_site} LIMIT 1",
        {"word": word, "now": time.time()},
    )
    return row.fetchone() is not None


# --- Chinese --------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Chinese:
    file: sqlite3.Connection
    language: str
    typed: list[str]
    _found: dict[str, list[_Word]] = field(default_factory=dict)

    def steps(self) -> dict[int, list[_Step]]:
        """All words that may begin at each sign."""
        pieces = list(self._pieces())
        self._look_up(pieces)
        steps: dict[int, list[_Step]] = {at: [self._alone(at)] for at in range(len(self.typed))}
        for begin, end, text, spellings, marks in pieces:
            steps[begin] += self._steps_of(begin, end, text, spellings, marks)
        return steps

    def _pieces(self) -> Iterator[tuple[int, int, str, list[str], list[str]]]:
        """(begin, end, text, its spellings, marks to look up) of what may be a word."""
        for first, last in _runs(self.typed):
            run = "".join(self.typed[first:last])
            if not has_han(run):
                yield first, last, run, [], [WRITTEN + run, SOUND + run, INITIALS + run]
                continue
            read = [spelling for _sign, spelling in spelt(run)]
            for begin in range(len(run)):
                ends = set(range(begin + 2, min(begin + _WORD, len(run)) + 1))
                if begin == 0 and len(run) >= 2:
                    ends.add(len(run))
                for end in sorted(ends):
                    text, spellings = run[begin:end], read[begin:end]
                    marks = list(dict.fromkeys(typed_marks(text, spellings)))
                    if len(text) == 2:
                        marks = [mark for mark in marks if not mark.startswith("-")]
                        marks += [WRITTEN + variant for variant in _variants(text)]
                    yield first + begin, first + end, text, spellings, marks

    def _look_up(self, pieces: Iterable[tuple[int, int, str, list[str], list[str]]]) -> None:
        wanted = {number(mark): mark for *_rest, marks in pieces for mark in marks}
        places = ",".join("?" * len(wanted))
        rows = self.file.execute(
            # CROSS: first the marks. SQLite would rather go through all words of the language.
            "SELECT mark.mark, word.id, word.word, word.uses FROM mark"  # noqa: S608
            " CROSS JOIN word ON word.id = mark.word"
            f" WHERE mark.mark IN ({places}) AND word.language = ? LIMIT {_ROWS}",
            [*wanted, self.language],
        )
        for mark, word_number, word, uses in rows:
            self._found.setdefault(wanted[mark], []).append(_Word(word_number, word, uses))

    def _alone(self, at: int) -> _Step:
        sign = self.typed[at]
        is_letters = not has_han(sign)
        cost = _LETTERS if is_letters and not sign.isdecimal() else _ALONE
        return _Step(at + 1, sign, 0.5 if sign.isdecimal() else cost)

    def _steps_of(
        self, begin: int, end: int, text: str, spellings: list[str], marks: list[str]
    ) -> Iterator[_Step]:
        known = next(
            (word for word in self._found.get(WRITTEN + text, ()) if word.word == text), None
        )
        if known is not None:
            yield _Step(end, text, _KNOWN - _often(known))
        elif has_han(text) and len(text) <= 6 and rjieba.cut(text, False) == [text]:
            yield _Step(end, text, _IN_DICTIONARY)
        if not has_han(text):
            yield from self._of_letters(end, text)
            return
        most = _MOST_SLIPS.get(len(text), _MOST_SLIPS_OF_LONG)
        seen = {text}
        for mark in marks:
            for word in self._found.get(mark, ()):
                if word.word in seen:
                    continue
                seen.add(word.word)
                cost = slips(text, word.word, spellings)
                if cost <= most:
                    short = _SHORT.get(min(len(text), len(word.word)), 0.0)
                    yield _Step(end, word.word, _KNOWN - _often(word) + cost + short, word)

    def _of_letters(self, end: int, text: str) -> Iterator[_Step]:
        """Pinyin, or initials, in place of characters."""
        for mark, cost in ((SOUND, 0.3), (INITIALS, 1.2)):
            for word in self._found.get(mark + text, ()):
                if has_han(word.word):
                    yield _Step(end, word.word, _KNOWN - _often(word) + cost, word)


def _often(word: _Word) -> float:
    return min(0.15 * math.log10(max(word.uses, 1)), 0.4)


def _variants(text: str) -> Iterator[str]:
    table = lookalikes()
    for place, sign in enumerate(text):
        for other in table.get(sign, ()):
            yield text[:place] + other + text[place + 1 :]


def _runs(typed: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where runs of characters, and words in letters, begin and end."""
    first = 0
    for at in range(1, len(typed) + 1):
        joined = at < len(typed) and has_han(typed[at]) and has_han(typed[at - 1])
        if not joined:
            yield first, at
            first = at


# --- other languages ------------------------------------------------------------------------------
_LEAST = 4  # letters of a word that is put right


def _letters(
    file: sqlite3.Connection, language: str, typed: Sequence[str]
) -> dict[int, list[_Step]]:
    """Each word as it is, and what it may be a slip of."""
    steps: dict[int, list[_Step]] = {}
    for at, word in enumerate(typed):
        steps[at] = []
        marks = list(dict.fromkeys(typed_marks(word, [])))
        places = ",".join("?" * len(marks))
        rows = [
            _Word(*row)
            for row in file.execute(
                "SELECT DISTINCT word.id, word.word, word.uses FROM mark"  # noqa: S608
                " CROSS JOIN word ON word.id = mark.word"
                f" WHERE mark.mark IN ({places}) AND word.language = ? LIMIT {_ROWS}",
                [*map(number, marks), language],
            )
        ]
        is_known = any(row.word == word for row in rows)
        is_short = len(word) < _LEAST or re.fullmatch(r"\d+", word) is not None
        steps[at].append(_Step(at + 1, word, _KNOWN if is_known or is_short else _ALONE))
        if is_short:
            continue
        for row in rows:
            cost = slips(word, row.word)
            if row.word != word and 0 < cost <= 2.3:
                steps[at].append(_Step(at + 1, row.word, _KNOWN - _often(row) + cost / 2, row))
    return steps
