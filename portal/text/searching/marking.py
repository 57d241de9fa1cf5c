"""Where words of a query stand in a text as it is shown, whatever script and form it is in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from portal.text.official.script import matchable

from .cutting import is_hanzi, stemmer_of
from .folding import fold, without_accents

# Between the characters of a word: a space of a PDF file, a reading that a page put in.
_GAP = r"(?:\s|\([a-zü\u00e0-\u01dc\u1e3f]{1,7}[1-5]?\)){0,2}"
_HAN = re.compile("[\u3400-\u9fff]")
_READ = re.compile(
    r"[\u3400-\u9fff]\([a-zü\u00e0-\u01dc\u1e3f]{1,7}[1-5]?\)|[\u3400-\u9fff]\s[\u3400-\u9fff]"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A word from ``start`` to ``end`` of the text, and what it counts."""

    start: int
    end: int
    word: str
    counts: float


class Marker:
    """Finds words in texts of one language.

    ``words``: words or whole phrases → what each counts. Of those that overlap the longest holds.
    """

    def __init__(self, words: Mapping[str, float], language: str) -> None:
        self._language = language
        self._stem = stemmer_of(language)
        self._counts = {word: counts for word, counts in words.items() if word}

    def marks(self, text: str) -> list[Mark]:
        """Every word, in whatever script and form."""
        if not self._counts or not text:
            return []
        comparable = same_length(text, self._language)
        return self._found(comparable, _GAP if _READ.search(comparable) else "")

    def likely(self, text: str) -> list[Mark]:
        """What is written as the words are: at a fifth of the cost, for long texts."""
        lowered = text.lower()
        if not self._counts or len(lowered) != len(text):
            return []
        return self._found(lowered, "")

    def _found(self, comparable: str, gap: str) -> list[Mark]:
        found: list[Mark] = []
        for match in _any_of(self._counts, self._stem is not None, gap).finditer(comparable):
            word = self._word(match)
            if word is not None:
                found.append(Mark(match.start(), match.end(), word, self._counts[word]))
        return found

    def _word(self, match: re.Match[str]) -> str | None:
        text = match[0]
        if text in self._counts:
            return text
        if self._stem is not None and not _HAN.search(text):
            stem = self._stem(fold(text, self._language))
            return stem if stem in self._counts else None
        bare = re.sub(r"\s|\([^)]*\)", "", text)
        return bare if bare in self._counts else None


def same_length(text: str, language: str) -> str:
    """The text folded sign by sign: its positions are those of the text."""
    if text.isascii():
        return text.lower()
    folded = matchable(text) if language.startswith("zh") else text
    lowered = folded.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := sign.lower()) == 1 else sign for sign in folded)
    if language.startswith("zh") or language in ("ja", "ko"):
        return lowered
    plain = without_accents(lowered)
    return plain if len(plain) == len(text) else lowered


def _any_of(words: Iterable[str], stemmed: bool, gap: str) -> re.Pattern[str]:
    longest = sorted(words, key=lambda word: (-len(word), word))
    return _compiled(tuple(longest), stemmed, gap)


@lru_cache(maxsize=256)
def _compiled(words: tuple[str, ...], stemmed: bool, gap: str) -> re.Pattern[str]:
    parts = []
    for word in words:
        if is_hanzi(word):
            parts.append(gap.join(map(re.escape, word)))
        elif stemmed and not _HAN.search(word):
            # A stem may end otherwise than the word: polici, policy.
            start = word[:-1] if len(word) > 4 else word
            parts.append(rf"\b{re.escape(start)}\w*")
        else:
            parts.append(
                rf"(?<![a-z0-9]){re.escape(word)}" if word[0].isascii() else re.escape(word)
            )
    return re.compile("|".join(parts) or r"(?!)")
