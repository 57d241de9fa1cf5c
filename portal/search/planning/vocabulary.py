"""Other words for what people type: of the portal, of Taiwan and Hong Kong, of a site's editors."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from portal.search.rules import Rules
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


type Table = Mapping[str, tuple[Meaning, ...]]
type Pair = tuple[Iterable[str], Iterable[str], float]  # words, meanings, what those count


@dataclass(frozen=True, slots=True)
class Stops:
    """What is said around what is looked for; see ``stops.yaml``."""

    phrases: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()


class Vocabulary:
    """Everyday words → meanings, for one site and one dictionary.

    What a site's editors decided comes before what all sites have; that is kept once for all.
    """

    def __init__(self, own: Table, shared: Table, stops: Stops, cutter: Cutter | None) -> None:
        self._own, self._shared = own, shared
        self._longest = min(_LONGEST, max(map(len, (*own, *shared)), default=0))
        self._starts = frozenset(word[0] for word in (*own, *shared))
        self.stops = stops
        # Knows the everyday words: 高考|查分, where the dictionary alone has 高|考查|分.
        self.cutter = cutter

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
        found = {
            meaning.words: meaning
            for meaning in (*self._shared.get(word, ()), *self._own.get(word, ()))
        }
        own = [meaning.words for meaning in self._own.get(word, ())]
        ordered = dict.fromkeys((*own, *found))
        return tuple(found[words] for words in ordered)[:_MOST_MEANINGS]

    def _end(self, text: str, at: int, starts: set[int], ends: set[int]) -> int:
        for length in range(min(self._longest, len(text) - at), 0, -1):
            word = text[at : at + length]
            if (word in self._own or word in self._shared) and (
                (at in starts and at + length in ends) or (length > 2 and not word[0].isascii())
            ):
                return at + length
        return at


_lock = threading.Lock()
_kept: dict[tuple[str, float, str, str], Vocabulary] = {}
_MOST_KEPT = 512


def vocabulary(rules: Rules, analyser: Analyser, language: str) -> Vocabulary:
    """The vocabulary of a site's rules, kept while neither they nor the dictionary change."""
    # The factor by itself: editors try weights before they are in force.
    key = (rules.version, rules.weights.synonym, analyser.version, language)
    found = _kept.get(key) if rules.version else None
    if found is None:
        found = _made(rules, analyser, language)
        if rules.version:
            with _lock:
                if len(_kept) >= _MOST_KEPT:
                    _kept.clear()
                _kept[key] = found
    return found


def _made(rules: Rules, analyser: Analyser, language: str) -> Vocabulary:
    factor = rules.weights.synonym
    pairs: list[Pair] = []
    for synonym in rules.synonyms:
        pairs.append((synonym.words, synonym.meanings, factor))
        if synonym.both_ways:
            pairs.append((synonym.meanings, synonym.words, factor))
    is_chinese = language.startswith("zh")
    return Vocabulary(
        _table(pairs, analyser, language),
        _built_in(analyser, language, factor) if is_chinese else {},
        _stops(language, rules.stop_phrases),
        _query_cutter(analyser) if is_chinese else None,
    )


@lru_cache(maxsize=8)
def _built_in(analyser: Analyser, language: str, factor: float) -> Table:
    # In Taiwan they are the words for it: they count as much as the mainland's.
    pairs: list[Pair] = [((word,), to, 1.0) for word, to in regional_words().items()]
    pairs += [(words, meanings, factor) for words, meanings in _everyday()]
    return _table(pairs, analyser, language)


def _table(pairs: Iterable[Pair], analyser: Analyser, language: str) -> Table:
    table: dict[str, dict[tuple[str, ...], float]] = {}
    for words, meanings, counts in pairs:
        cut = [tuple(analyser.query_words(fold(one, language), language)) for one in meanings]
        for word in words:
            folded = fold(word, language).strip()
            own = tuple(analyser.query_words(folded, language))
            if not own:
                continue
            kept = table.setdefault(folded, {})
            for meaning in cut:
                if meaning and meaning != own:
                    kept[meaning] = max(counts, kept.get(meaning, 0.0))
    return {
        word: tuple(Meaning(words, counts) for words, counts in kept.items())[:_MOST_MEANINGS]
        for word, kept in table.items()
        if kept
    }


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


@lru_cache(maxsize=128)
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
