"""From a reading of a query to what an engine is asked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import ceil, log

from portal.search.engine.contract import (
    AllOf,
    AnyOf,
    BestOf,
    Boosted,
    Constant,
    Everything,
    Field,
    Node,
    Phrase,
    Prefix,
    Term,
)
from portal.search.rules import Weights
from portal.text.searching import Analyser
from portal.text.searching.cutting import is_hanzi
from portal.text.searching.facts import dates, number_keys, telephones

from .reading import Reading, Unit

# Relative to a word in the body.
LITERAL = 0.35  # for each pair, where the whole query stands in a text as it was typed
WITHIN = 0.9  # the parts of a long word, apart
TIE = 0.5  # of a word's score in the fields that are not its best
ENOUGH = (0.5, 0.25)  # so much of what a query says is told by these words: first, and at last
PAIRS = 0.6
PINYIN = 4.0  # names that begin with what was typed, which letters in a text may be by chance
_LONGEST_LITERAL = 60  # pairs
_MOST_COMBINED = 8  # words of which all combinations are looked at
_MOST_COMBINATIONS = 24
_PINNED = 100.0
_LETTERS = re.compile(r"\s*[a-z][a-z' ]*")
_SHORTEST_PINYIN, _SHORTEST_INITIALS, _LONGEST_INITIALS = 4, 2, 12
_DENSE = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes nodes for one search: with these weights, in these fields."""

    analyser: Analyser
    weights: Weights
    in_title: bool = False

    # --- exactly what was typed -------------------------------------------------------------------
    def exact(self, reading: Reading) -> Node:
        """Documents whose whole title or number was typed."""
        key = self.analyser.key(reading.folded, reading.language)
        parts: list[Node] = [Term(Field.TITLE_KEY, key)] if key else []
        numbers = number_keys(reading.folded)
        parts += [Term(Field.NUMBER_KEY, number) for number in numbers]
        if not parts:
            return AnyOf(())
        return Constant(BestOf(tuple(parts)), _PINNED)

    # --- all of it --------------------------------------------------------------------------------
    def everything(self, reading: Reading) -> Node:
        """All quoted parts and all words; or the whole query as it was typed."""
        quotes = [self.together(quote, reading.language) for quote in reading.quotes]
        needed = [self.unit(unit, reading) for unit in reading.units if not unit.is_loose]
        loose = [self.unit(unit, reading) for unit in reading.units if unit.is_loose]
        words = _with(loose, quotes + needed)
        if quotes:
            return words
        either: list[Node] = [words]
        if reading.language.startswith("zh") and _LETTERS.fullmatch(reading.folded):
            either += self._as_pinyin(reading.folded)
        elif not self.in_title and (literal := self.literal(reading)) is not None:
            either.append(Boosted(literal, LITERAL))
        fact = self.fact(reading)
        if fact is not None:
            either.append(fact)
        return either[0] if len(either) == 1 else AnyOf(tuple(either))

    def _as_pinyin(self, letters: str) -> list[Node]:
        """Titles and other names that begin so, in full pinyin or by their initials."""
        joined = "".join(letter for letter in letters if letter.isalpha())
        ways: list[Node] = []
        if len(joined) >= _SHORTEST_PINYIN:
            ways.append(Boosted(Prefix(Field.PINYIN, joined), PINYIN))
        if _SHORTEST_INITIALS <= len(joined) <= _LONGEST_INITIALS:
            ways.append(Boosted(Prefix(Field.INITIALS, joined), PINYIN))
        return ways

    def literal(self, reading: Reading) -> Node | None:
        """The whole query, run by run, as it stands in a text."""
        if not _has_pairs(reading.language):
            return None
        runs = self.analyser.pairs(reading.folded)
        if not runs or sum(map(len, runs)) > _LONGEST_LITERAL:
            return None
        return self._runs(runs)

    def together(self, quote: str, language: str) -> Node:
        """Text in quotation marks: its words in this order, nothing between them."""
        if _has_pairs(language):
            node = self._runs(self.analyser.pairs(quote))
            if not self.in_title:
                return node
            words = self.analyser.query_words(quote, language)
            return AllOf((node, *(self._word(word) for word in words)))
        words = self.analyser.query_words(quote, language)
        return BestOf(
            tuple(Boosted(Phrase(field, tuple(words)), weight) for field, weight in self._fields())
        )

    def fact(self, reading: Reading) -> Node | None:
        """A day or a telephone number, however it is written."""
        words = dates(reading.folded) + telephones(reading.folded)
        if self.in_title or not words:
            return None
        return AnyOf(tuple(Boosted(Term(Field.BODY, word), 3.0) for word in dict.fromkeys(words)))

    # --- less of it -------------------------------------------------------------------------------
    def fewer(
        self, reading: Reading, known: Mapping[str, int], size: int, *, enough: float
    ) -> Node | None:
        """The words that together tell enough, the others as far as they are there.

        ``known``: in how many documents each of ``counted_words`` and ``counted_pairs`` occurs.
        None: there is nothing to leave out.
        """
        if reading.quotes or len(reading.units) < 2:
            return None
        told = [
            (self._tells(unit, known, size), position)
            for position, unit in enumerate(reading.units)
        ]
        nodes = [self.unit(unit, reading) for unit in reading.units]
        telling = sorted((t for t in told if t[0] > 0), reverse=True)[:_MOST_COMBINED]
        if not telling:
            return None
        ways = [
            AllOf(tuple(nodes[position] for position in way)) for way in _enough(telling, enough)
        ]
        needed = ways[0] if len(ways) == 1 else AnyOf(tuple(ways))
        return AllOf((Constant(needed, 0.0), AnyOf(tuple(nodes))))

    def knows_all(self, reading: Reading, known: Mapping[str, int]) -> bool:
        """Whether documents have every word that was typed, each for itself."""
        return all(self._count(unit, known) for unit in reading.units if not unit.is_loose)

    def _tells(self, unit: Unit, known: Mapping[str, int], size: int) -> float:
        """How much a word says of what is looked for: rare words more, unknown ones nothing."""
        count = self._count(unit, known)
        if not count:
            return 0.0
        tells = log(1 + size / (1 + count))
        return tells / 3 if unit.is_loose else tells

    def _count(self, unit: Unit, known: Mapping[str, int]) -> int:
        """In how many documents a word may be, at most."""
        if unit.is_run:
            pairs = [known.get(pair, 0) for run in self.analyser.pairs(unit.text) for pair in run]
            return min(pairs, default=0)
        ways = [unit.words, *(meaning.words for meaning in unit.meanings)]
        return max(min(known.get(word, 0) for word in words) for words in ways)

    def pieces(self, reading: Reading) -> Node | None:
        """Most of the pairs of characters of the query."""
        if not _has_pairs(reading.language) or self.in_title:
            return None
        pairs = list(
            dict.fromkeys(
                pair
                for unit in reading.units
                for run in self.analyser.pairs(unit.text)
                for pair in run
                if len(pair) > 1
            )
        )[:24]
        if len(pairs) < 2:
            return None
        return AnyOf(
            tuple(Term(Field.BIGRAM, pair) for pair in pairs), least=ceil(PAIRS * len(pairs))
        )

    # --- words ------------------------------------------------------------------------------------
    def unit(self, unit: Unit, reading: Reading) -> Node:
        if unit.is_run:
            return self._unknown(unit)
        ways: list[Node] = [self.words(unit.words)]
        for meaning in unit.meanings:
            node = self.words(meaning.words)
            ways.append(node if meaning.factor == 1 else Boosted(node, meaning.factor))
        if len(reading.units) == 1 and len(unit.text) == 1 and is_hanzi(unit.text):
            # A character alone may be a part of any word.
            ways.append(Boosted(Prefix(Field.BIGRAM, unit.text), 0.3))
        return ways[0] if len(ways) == 1 else BestOf(tuple(ways))

    def words(self, words: Sequence[str]) -> Node:
        nodes = [self._long_word(word) for word in dict.fromkeys(words)]
        return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))

    def _long_word(self, word: str) -> Node:
        parts = self.analyser.within(word) if len(word) > 3 else ()
        if len(parts) < 2:
            return self._word(word)
        apart = AllOf(tuple(self._word(part) for part in parts))
        return BestOf((self._word(word), Boosted(apart, WITHIN)))

    def _word(self, word: str) -> Node:
        fields = self._fields()
        nodes = (
            node if weight == 1 else Boosted(node, weight)
            for node, weight in ((_in_field(field, word), weight) for field, weight in fields)
        )
        return BestOf(tuple(nodes), TIE)

    def _unknown(self, unit: Unit) -> Node:
        """Characters that are in no dictionary together: where they stand together."""
        ways: list[Node] = [
            Boosted(Phrase(field, unit.words), weight)
            for field, weight in self._fields()
            if field is not Field.BODY
        ]
        if not self.in_title:
            ways += [self._run(run) for run in self.analyser.pairs(unit.text)]
        return BestOf(tuple(ways), TIE)

    def _runs(self, runs: Sequence[tuple[str, ...]]) -> Node:
        """Runs that follow each other, with signs between: of a text one ends where a sign is."""
        nodes = [
            Term(Field.BIGRAM, run[0]) if len(run) == 1 and run is not runs[-1] else self._run(run)
            for run in runs
        ]
        return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))

    def _run(self, pairs: tuple[str, ...]) -> Node:
        if len(pairs) > 1:
            return Phrase(Field.BIGRAM, pairs)
        return Term(Field.BIGRAM, pairs[0]) if len(pairs[0]) > 1 else Prefix(Field.BIGRAM, pairs[0])

    def _fields(self) -> list[tuple[Field, float]]:
        fields = [(Field.TITLE, self.weights.title), (Field.ALIAS, self.weights.alias)]
        return fields if self.in_title else [*fields, (Field.BODY, self.weights.body)]


def _in_field(field: Field, word: str) -> Node:
    if _DENSE.search(word) is None:
        return Term(field, word)
    # Japanese and Korean are stored in pairs of characters.
    pairs = tuple(one + other for one, other in pairwise(word))
    return Phrase(field, pairs) if pairs else Prefix(field, word)


def counted_words(reading: Reading) -> list[str]:
    """The words whose rareness ``Maker.fewer`` wants to know."""
    return list(
        dict.fromkeys(
            word
            for unit in reading.units
            for words in (unit.words, *(meaning.words for meaning in unit.meanings))
            for word in words
        )
    )


def counted_pairs(reading: Reading, analyser: Analyser) -> list[str]:
    """Likewise, in the index of pairs."""
    runs = [unit.text for unit in reading.units if unit.is_run]
    return list(
        dict.fromkeys(pair for text in runs for run in analyser.pairs(text) for pair in run)
    )


def any_reading(nodes: Iterable[Node | None]) -> Node | None:
    """A document need only match one of the readings of a query."""
    made = [node for node in nodes if node is not None]
    if not made:
        return None
    return made[0] if len(made) == 1 else BestOf(tuple(made))


def _with(loose: list[Node], needed: list[Node]) -> Node:
    if not loose:
        return needed[0] if len(needed) == 1 else AllOf(tuple(needed))
    # What matches nothing of it scores nothing more, and is found all the same.
    extra = AnyOf((Constant(Everything(), 0.0), *loose))
    return AllOf((*needed, extra))


def _enough(telling: list[tuple[float, int]], enough: float) -> list[tuple[int, ...]]:
    """The smallest sets of words that tell enough, those with the fewest words first."""
    whole = sum(tells for tells, _ in telling) * enough
    ways: list[tuple[int, ...]] = []
    for length in range(1, len(telling) + 1):
        for way in combinations(telling, length):
            positions = tuple(position for _, position in way)
            if sum(tells for tells, _ in way) >= whole and not any(
                set(smaller) <= set(positions) for smaller in ways
            ):
                ways.append(positions)
                if len(ways) == _MOST_COMBINATIONS:
                    return ways
    return ways


def _has_pairs(language: str) -> bool:
    return language.startswith("zh") or language in ("ja", "ko")
