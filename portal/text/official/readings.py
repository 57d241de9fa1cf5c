"""Readings in brackets that a web page put after characters: 導(dǎo) is 導.

A bracket is taken out only where it holds a reading of the very character before it. Everything
else in brackets stays.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, pinyin

from .script import matchable

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_PLAIN = str.maketrans(_TONED, "aaaaeeeeiiiioooouuuuüüüünnnm")
_READING = re.compile(rf"(?P<before>.)\((?P<reading>[a-zü{_TONED}]{{1,7}})\)")
# One such bracket alone may tell how a rare name is read; a damaged page has them everywhere.
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class WithoutReadings:
    """``taken``: what each text lost, brackets included; ``doubtful``: text and what stayed."""

    texts: list[str]
    taken: list[list[str]]
    doubtful: list[tuple[int, str]]


def without_readings(texts: Sequence[str]) -> WithoutReadings:
    """Each text without the readings in half-width brackets after its characters."""
    found = [list(_READING.finditer(text)) if "(" in text else [] for text in texts]
    certain = [[match for match in matches if _is_reading(match)] for matches in found]
    damaged = sum(map(len, certain)) >= _FEWEST
    result = WithoutReadings([], [], [])
    for at, text in enumerate(texts):
        taken = certain[at] if damaged else []
        result.texts.append(_without(text, taken))
        result.taken.append([_bracket(match) for match in taken])
        places = {match.start() for match in taken}
        result.doubtful.extend(
            (at, match.group())
            for match in found[at]
            if match.start() not in places and any(sign in _TONED for sign in match["reading"])
        )
    return result


def _bracket(match: re.Match[str]) -> str:
    return match.group()[1:]


def _without(text: str, matches: list[re.Match[str]]) -> str:
    pieces, start = [], 0
    for match in matches:
        pieces.append(text[start : match.start() + 1])
        start = match.end()
    pieces.append(text[start:])
    return "".join(pieces)


def _is_reading(match: re.Match[str]) -> bool:
    before = match["before"]
    if not "\u3400" <= before <= "\u9fff":
        return False
    toned, plain = _readings(before)
    reading = match["reading"]
    if reading in toned:
        return True
    # A dictionary may lack a tone; a syllable with a tone mark after its character is no accident.
    return any(sign in _TONED for sign in reading) and reading.translate(_PLAIN) in plain


@lru_cache(maxsize=8192)
def _readings(character: str) -> tuple[frozenset[str], frozenset[str]]:
    toned = {
        reading
        for form in {character, matchable(character)}
        for readings in pinyin(form, style=Style.TONE, heteronym=True)
        for reading in readings
    }
    return frozenset(toned), frozenset(reading.translate(_PLAIN) for reading in toned)
