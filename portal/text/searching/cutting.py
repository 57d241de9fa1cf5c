"""Folded text into words, by language.

Chinese by a dictionary. Japanese and Korean by pairs of characters: what is looked for is a part
of a longer run (particles, endings), and one character is the beginning of a pair. Others at
spaces, each word by its stem.
"""

import re
import threading
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from operator import add
from typing import Any

import rjieba
import snowballstemmer

from portal.text.segmentation import MAX_TOKEN_LENGTH

_HANZI = "\u3007\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA_HANGUL = "\u3041-\u30ff\u31f0-\u31ff\uac00-\ud7a3"
_CHINESE_RUNS = re.compile(rf"([{_HANZI}]+)|([{_KANA_HANGUL}]+)|([^\W_{_HANZI}{_KANA_HANGUL}]+)")
_DENSE_RUNS = re.compile(rf"([{_HANZI}{_KANA_HANGUL}]+)|([^\W_{_HANZI}{_KANA_HANGUL}]+)")
# Pairs go on across spaces and line ends, which fall anywhere in texts taken from files.
_ANY_RUN = re.compile(r"[^\W_]+(?:(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])[^\W_]+)*")
_SPACE = re.compile(r"\s+")

_STEMMERS = {"en": "english", "fr": "french", "ru": "russian", "ar": "arabic"}
DENSE_LANGUAGES = ("ja", "ko")


class Cutter:
    """Cuts Chinese with the dictionary and words of its own.

    A dictionary of one's own takes 20 MB, so there is none without words. After its words are in
    nothing changes any more: it may be used from several threads.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._jieba: Any = rjieba
        own = sorted({word for word in words if len(word) > 1 and is_hanzi(word)})
        if own:
            self._jieba = rjieba.Jieba()
            for word in own:
                self._jieba.add_word(word, None, None)

    def to_store(self, folded: str, language: str) -> list[str]:
        """Words of a document, with the words inside long ones."""
        return _cut(folded, language, self._jieba.cut_for_search)

    def to_find(self, folded: str, language: str) -> list[str]:
        """Words of a query: each part once, in its longest known word."""
        return _cut(folded, language, self._jieba.cut)

    def located(self, folded: str, language: str) -> list[tuple[str, int, int]]:
        """Words of a query with where each begins and ends in the folded text.

        Runs of Japanese and Korean stay whole here.
        """
        found: list[tuple[str, int, int]] = []
        stem = stemmer_of(language)
        for run in _CHINESE_RUNS.finditer(folded):
            if run[1]:
                at = run.start()
                for word in self._jieba.cut(run[1], False):
                    found.append((word, at, at + len(word)))
                    at += len(word)
            else:
                word = run[0][:MAX_TOKEN_LENGTH]
                stemmed = stem(word) if stem is not None and run[3] else word
                found.append((stemmed, run.start(), run.end()))
        return found

    def within(self, word: str) -> tuple[str, ...]:
        """The words inside a long Chinese word that together make it up; none if there are not."""
        parts = [part for part in self._jieba.cut_for_search(word, False) if part != word]
        if not parts or not is_hanzi(word):
            return ()
        covered = [False] * len(word)
        for part in parts:
            at = word.find(part)
            covered[at : at + len(part)] = [True] * len(part)
        return tuple(dict.fromkeys(parts)) if all(covered) else ()


def is_hanzi(word: str) -> bool:
    return re.fullmatch(rf"[{_HANZI}]+", word) is not None


def _cut(folded: str, language: str, cut: Callable[[str, bool], list[str]]) -> list[str]:
    tokens: list[str] = []
    if language in DENSE_LANGUAGES:
        for dense, word in _DENSE_RUNS.findall(folded):
            tokens += starts(dense) if dense else [word[:MAX_TOKEN_LENGTH]]
        return tokens
    stem = stemmer_of(language)
    for hanzi, dense, word in _CHINESE_RUNS.findall(folded):
        if hanzi:
            tokens += cut(hanzi, False)
        elif dense:
            tokens += starts(dense)
        else:
            word = word[:MAX_TOKEN_LENGTH]
            tokens.append(stem(word) if stem is not None else word)
    return tokens


def starts(run: str) -> list[str]:
    """Overlapping pairs, and the last character alone: each character begins one of them."""
    return [*map(add, run, run[1:]), run[-1:]]


def runs(folded: str) -> list[str]:
    """What stands together, without signs between; Chinese also across spaces."""
    return [_SPACE.sub("", run) for run in _ANY_RUN.findall(folded)]


def pairs(folded: str) -> list[str]:
    """For an index of pairs: of each run its pairs, and its last character."""
    made: list[str] = []
    for run in runs(folded):
        made += starts(run) if len(run) <= _LONGEST_RUN or is_hanzi(run[:1]) else [run[:64]]
    return made


_LONGEST_RUN = 64  # encoded data: nobody looks for a part of it


# --- stems ----------------------------------------------------------------------------------------
_lock = threading.Lock()  # a stemmer keeps the word that it works on


@cache
def stemmer_of(language: str) -> Callable[[str], str] | None:
    """Gives the stem of a folded word; None for languages whose words are found as they are."""
    name = _STEMMERS.get(language)
    if name is None:
        return None
    stemmer = snowballstemmer.stemmer(name)

    @lru_cache(maxsize=100_000)
    def stem(word: str) -> str:
        if word.isdigit():
            return word
        with _lock:
            return str(stemmer.stemWord(word)) or word

    return stem
