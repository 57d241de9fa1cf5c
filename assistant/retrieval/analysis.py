"""Texts as the index reads them: written form, lexical tokens, the terms of a question.

Both sides of the index come through here; the index, the queries and the tests share it.
Measured in decision 19: single characters and pairs of characters together are better than either
alone and than dictionary words; polite and interrogative phrases say nothing about the matter;
answers in the other Chinese script are found when both are read in one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import opencc

from portal.text.segmentation import dense_runs, normalise, pairs

VERSION = "2"
"""Changes with every change of tokens or written form: an index read otherwise is made anew."""

PHRASE_WEIGHT = 0.3
SYNONYM_WEIGHT = 0.4
LONGEST = 4_000
"""Characters of a text that are read; what comes after is not about another matter."""

_HANZI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u30ff\u31f0-\u31ff]")


def written(text: str) -> str:
    """The form in which sentence models read a text: Chinese in simplified characters.

    Japanese stays as it is written: its characters are no misprints of Chinese ones.
    """
    return _simplified(text) if _HANZI.search(text) and not _KANA.search(text) else text


def tokens(text: str) -> list[str]:
    """Tokens of a text, with repetition: characters and pairs of Chinese, Japanese and Korean runs,
    whole words of other scripts. Simplified, lower case, compatibility forms folded."""
    found: list[str] = []
    for run, dense in dense_runs(_folded(text[:LONGEST])):
        if not dense:
            found.append(run)
            continue
        found += run
        if len(run) > 1:
            found += pairs(run)
    return found


def query_terms(text: str) -> dict[str, float]:
    """What a question looks for: token → weight (1 for each time that it is said).

    Polite and interrogative phrases weigh less, and everyday words bring the official ones along.
    """
    folded = _folded(text[:LONGEST])
    terms: dict[str, float] = {}
    rest: dict[str, float] = {}
    for piece, is_phrase in _pieces(folded):
        for token in tokens(piece):
            if is_phrase:
                rest[token] = rest.get(token, 0.0) + PHRASE_WEIGHT
            else:
                terms[token] = terms.get(token, 0.0) + 1.0
    for token, weight in rest.items():
        terms[token] = terms.get(token, 0.0) + weight
    for word in _official_words(folded):
        for token in tokens(word):
            if token not in terms and (len(token) > 1 or len(word) == 1):
                terms[token] = SYNONYM_WEIGHT
    return terms


@lru_cache(maxsize=20_000)
def same_question(text: str) -> str:
    """The form in which two questions are equal: letters and digits, in one script and case."""
    return "".join(run for run, _dense in dense_runs(_folded(text[:LONGEST])))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a question looks like. ``chinese``: it has Chinese characters and no kana. ``length``:
    characters of dense scripts plus words of others."""

    chinese: bool
    length: int


def shape(text: str) -> Shape:
    chinese = _HANZI.search(text) is not None and _KANA.search(text) is None
    length = sum(len(run) if dense else 1 for run, dense in dense_runs(text[:LONGEST]))
    return Shape(chinese, length)


def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Everyday word → official words, as shipped in ``synonyms.txt``."""
    return _synonyms()[0]


def _folded(text: str) -> str:
    return _simplified(normalise(text))


def _pieces(text: str) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in _phrases().finditer(text):
        pieces += [(text[end : found.start()], False), (found.group(), True)]
        end = found.end()
    pieces.append((text[end:], False))
    return [(piece, is_phrase) for piece, is_phrase in pieces if piece]


def _official_words(text: str) -> list[str]:
    listed, anywhere = _synonyms()
    said = dict.fromkeys(found.group() for found in anywhere.finditer(text))
    return [word for everyday in said for word in listed[everyday] if word not in text]


@cache
def _phrases() -> re.Pattern[str]:
    return _any_of(word for line in _lines("phrases.txt") for word in line.split())


@cache
def _synonyms() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    listed: dict[str, tuple[str, ...]] = {}
    for line in _lines("synonyms.txt"):
        if "=" in line:
            words = line.split("=")
            for word in words:
                others = tuple(other for other in words if other != word)
                listed[word] = listed.get(word, ()) + others
        else:
            everyday, official = line.split("\t")
            for word in everyday.split():
                listed[word] = listed.get(word, ()) + tuple(official.split())
    return listed, _any_of(listed)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the words, of two at one place the longer."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def _lines(name: str) -> Iterator[str]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplified(text: str) -> str:
    return str(_converter().convert(text)) if _HANZI.search(text) else text
