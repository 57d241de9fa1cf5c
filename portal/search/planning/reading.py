"""What somebody typed, taken apart: quoted parts, words, everyday words with their meanings.

Nothing typed is an error. Signs that are operators elsewhere part words here: titles that people
paste hold dashes, brackets and colons far more often than anybody means to exclude a word.
"""

import re
from dataclasses import dataclass, replace

from portal.text.searching import Analyser, in_mainland_words
from portal.text.searching.cutting import is_hanzi
from portal.text.searching.folding import seen

from .vocabulary import Meaning, Vocabulary

MOST_SIGNS = 500
MOST_WORDS = 24
_MOST_QUOTES = 4
_QUOTED = re.compile('"([^"]+)"|“([^“”]+)”|„([^„“”]+)[“”]|「([^「」]+)」|『([^『』]+)』|«([^«»]+)»')
_KOREAN_PARTICLE = re.compile(
    "(?<=..)(?:에서|으로|에게|까지|부터|을|를|이|가|은|는|의|에|로|과|와|도|만)$"
)
_JAPANESE_PART = re.compile(
    "[\u3005\u3400-\u9fff]+|[\u30a0-\u30ff\u31f0-\u31ff]+|[\u3041-\u309f]+|[^\\W_]+"
)
_KANA_ONLY = re.compile("[\u3041-\u309f]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A word of the query, or several that an everyday word is made of.

    ``text`` as typed, folded. ``is_loose``: nothing has to have it, but it counts. ``is_run``:
    characters that are no known word; they must stand together.
    """

    text: str
    words: tuple[str, ...]
    meanings: tuple[Meaning, ...] = ()
    is_loose: bool = False
    is_run: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """``folded`` is all of the text, ``quotes`` what stood in quotes, ``units`` the rest."""

    folded: str
    language: str
    quotes: tuple[str, ...]
    units: tuple[Unit, ...]

    @property
    def is_empty(self) -> bool:
        return not self.quotes and not self.units


def readings(
    text: str, *, language: str, analyser: Analyser, vocabulary: Vocabulary
) -> tuple[Reading, ...]:
    """How a text can be read: as typed, and with the words of the mainland for those of Taiwan."""
    text = seen(text[: 4 * MOST_SIGNS])[:MOST_SIGNS]
    first = _read(text, language, analyser, vocabulary)
    if not language.startswith("zh"):
        return (first,)
    other = in_mainland_words(text)
    second = _read(other, language, analyser, vocabulary)
    return (first,) if second.folded == first.folded else (first, second)


def _read(text: str, language: str, analyser: Analyser, vocabulary: Vocabulary) -> Reading:
    quotes: list[str] = []

    def take(found: re.Match[str]) -> str:
        inner = analyser.fold(next(part for part in found.groups() if part), language)
        # One character, or nothing that could be found: no quotation.
        if len(analyser.key(inner, language)) > 1 and len(quotes) < _MOST_QUOTES:
            quotes.append(inner)
            return " "
        return found[0]

    rest = analyser.fold(_QUOTED.sub(take, text), language)
    units = _units(rest, language, analyser, vocabulary)
    return Reading(analyser.fold(text, language), language, tuple(quotes), tuple(units))


def _units(text: str, language: str, analyser: Analyser, vocabulary: Vocabulary) -> list[Unit]:
    spoken = text
    for phrase in vocabulary.stops.phrases:
        if phrase in spoken:
            spoken = spoken.replace(phrase, " ")
    units = _cut(spoken, language, analyser, vocabulary)
    if not units and spoken != text:
        units = _cut(text, language, analyser, vocabulary)
    return units


def _cut(text: str, language: str, analyser: Analyser, vocabulary: Vocabulary) -> list[Unit]:
    if language == "ja":
        return _japanese(text, vocabulary)
    if language == "ko":
        text = " ".join(_KOREAN_PARTICLE.sub("", word) for word in text.split())
    placed = _placed(text, language, analyser, vocabulary)
    return _chosen(placed, vocabulary)


def _placed(text: str, language: str, analyser: Analyser, vocabulary: Vocabulary) -> list[Unit]:
    """Units in their order: everyday words as one, other words each for itself."""
    words = (vocabulary.cutter or analyser).located(text, language)
    starts = {start for _, start, _ in words}
    ends = {end for _, _, end in words}
    spans = list(vocabulary.found(text, starts, ends))
    units: list[Unit] = []
    taken = 0
    for start, end in spans:
        inside = [word for word in words if word[1] < end and word[2] > start]
        if not inside or inside[0][1] < taken:
            continue
        units += [Unit(w, (w,)) for w, s, e in words if s >= taken and e <= inside[0][1]]
        first, last = inside[0][1], inside[-1][2]
        # As documents are cut: the everyday word itself is hardly a word of theirs.
        known = tuple(analyser.query_words(text[first:last], language))
        units.append(Unit(text[start:end], known, vocabulary.meanings(text[start:end])))
        taken = last
    units += [Unit(word, (word,)) for word, start, _ in words if start >= taken]
    return units


def _chosen(units: list[Unit], vocabulary: Vocabulary) -> list[Unit]:
    """Without what only surrounds; single characters that stand together as one."""
    stops = vocabulary.stops
    kept: list[Unit] = []
    singles: list[str] = []

    def finish() -> None:
        if len(singles) > 1:
            kept.append(Unit("".join(singles), tuple(singles), is_run=True))
        elif singles:
            kept.append(Unit(singles[0], (singles[0],), is_loose=True))
        singles.clear()

    for unit in units:
        stops_here = not unit.meanings and unit.text in stops.words
        if not unit.meanings and len(unit.text) == 1 and is_hanzi(unit.text) and not stops_here:
            singles.append(unit.text)
            continue
        finish()
        if not stops_here:
            kept.append(replace(unit, is_loose=unit.text in stops.weak))
    finish()
    if not kept:
        kept = list(units)
    kept = list({unit.text: unit for unit in kept}.values())[:MOST_WORDS]
    if all(unit.is_loose for unit in kept):
        kept = [replace(unit, is_loose=False) for unit in kept]
    return kept


def _japanese(text: str, vocabulary: Vocabulary) -> list[Unit]:
    parts = list(dict.fromkeys(_JAPANESE_PART.findall(text)))
    telling = [part for part in parts if not _KANA_ONLY.fullmatch(part)]
    words = telling or [part for part in parts if part not in vocabulary.stops.words] or parts
    return [Unit(word, (word,)) for word in words[:MOST_WORDS]]
