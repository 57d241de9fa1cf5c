"""Other words for what people type: of the portal, of Taiwan and Hong Kong, of a site's editors."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from portal.search.rules import Rules, Synonym
from portal.text.searching import Analyser, fold, regional_words
from portal.text.searching.cutting import Cutter

_HERE: Final = Path(__file__).parent
_LONGEST = 16  # signs of an everyday word; longer ones are sentences
_MOST_MEANINGS = 6
_CHINESE = "zh-hans"


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words that a document may have in place of what was typed; ``factor``: what they count."""

    words: tuple[str, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class Stops:
    """What is said around what is looked for; see ``stops.yaml``."""

    phrases: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()


class Vocabulary:
    """Everyday words → meanings, for one site and one dictionary."""

    def __init__(
        self, meanings: Mapping[str, tuple[Meaning, ...]], stops: Stops, cutter: Cutter | None
    ) -> None:
        self._meanings = meanings
        # Knows the everyday words: 高考|查分, where the dictionary alone has 高|考查|分.
        self.cutter = cutter
        self._longest = min(_LONGEST, max(map(len, meanings), default=0))
        self._starts = frozenset(word[0] for word in meanings)
        self.stops = stops

    def found(self, text: str, starts: set[int], ends: set[int]) -> Iterator[tuple[int, int]]:
        """Where everyday words stand in a folded text, the longest at each place.

        Short ones only between words (``starts``, ``ends``): 打针 is not in 打针灸.
        """
        at = 0
        while at < len(text):
            end = self._end(text, at, starts, ends) if text[at] in self._starts else at
            if end > at:
                yield at, end
            at = max(end, at + 1)

    def meanings(self, word: str) -> tuple[Meaning, ...]:
        return self._meanings.get(word, ())

    def _end(self, text: str, at: int, starts: set[int], ends: set[int]) -> int:
        for length in range(min(self._longest, len(text) - at), 0, -1):
            if text[at : at + length] in self._meanings and (
                (at in starts and at + length in ends) or (length > 2 and not text[at].isascii())
            ):
                return at + length
        return at


def vocabulary(rules: Rules, analyser: Analyser, language: str) -> Vocabulary:
    """The vocabulary of a site's rules, kept while neither they nor the dictionary change."""
    if rules.version:
        return _kept(rules.version, rules.synonyms, rules.stop_phrases, rules.weights.synonym,
                     analyser, language)  # fmt: skip
    return _made(rules.synonyms, rules.stop_phrases, rules.weights.synonym, analyser, language)


@lru_cache(maxsize=128)
def _kept(
    version: str,
    synonyms: tuple[Synonym, ...],
    stop_phrases: tuple[str, ...],
    factor: float,
    analyser: Analyser,
    language: str,
) -> Vocabulary:
    return _made(synonyms, stop_phrases, factor, analyser, language)


@lru_cache(maxsize=64)
def _made(
    synonyms: tuple[Synonym, ...],
    stop_phrases: tuple[str, ...],
    factor: float,
    analyser: Analyser,
    language: str,
) -> Vocabulary:
    table: dict[str, dict[tuple[str, ...], float]] = {}

    def add(words: Iterable[str], meanings: Iterable[str], counts: float) -> None:
        cut = [tuple(analyser.query_words(fold(one, language), language)) for one in meanings]
        for word in words:
            folded = fold(word, language).strip()
            if not folded:
                continue
            kept = table.setdefault(folded, {})
            for meaning in cut:
                if meaning:
                    kept[meaning] = max(counts, kept.get(meaning, 0.0))

    # What editors decided first: of many meanings the first count.
    for synonym in synonyms:
        add(synonym.words, synonym.meanings, factor)
        if synonym.both_ways:
            add(synonym.meanings, synonym.words, factor)
    if language.startswith("zh"):
        for word, regional in regional_words().items():
            add([word], regional, 1.0)
        for words, meanings in _everyday():
            add(words, meanings, factor)
    return Vocabulary(
        {
            word: tuple(Meaning(words, counts) for words, counts in kept.items())[:_MOST_MEANINGS]
            for word, kept in table.items()
        },
        _stops(language, stop_phrases),
        _query_cutter(analyser) if language.startswith("zh") else None,
    )


@lru_cache(maxsize=2)
def _query_cutter(analyser: Analyser) -> Cutter:
    """One for all sites: a dictionary takes 20 MB."""
    everyday = {word for words, _ in _everyday() for word in words}
    return analyser.with_words(everyday | set(regional_words()))


@cache
def _everyday() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    table = _read("everyday.yaml")
    pairs = [((str(word),), tuple(str(to).split("|"))) for word, to in table["directed"].items()]
    for one, other in table["same"]:
        pairs += [((one,), (other,)), ((other,), (one,))]
    return tuple(pairs)


def _stops(language: str, own: tuple[str, ...]) -> Stops:
    base = _read("stops.yaml").get(language.split("-", maxsplit=1)[0], {})
    phrases = {fold(phrase, language).strip() for phrase in (*base.get("phrases", ()), *own)}
    return Stops(
        tuple(sorted(phrases - {""}, key=lambda phrase: (-len(phrase), phrase))),
        frozenset(fold(word, language) for word in base.get("words", ())),
        frozenset(fold(word, language) for word in base.get("weak", ())),
    )


@cache
def _read(name: str) -> Any:
    return yaml.safe_load((_HERE / name).read_text("utf-8"))
