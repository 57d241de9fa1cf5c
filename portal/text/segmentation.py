"""Cuts text into the words that a search engine stores and looks for.

Engines split on white space, so a whole Chinese sentence is one word to them. Everything here
returns clean words instead: letters and digits only, lower case, in compatibility-normalised form
(full-width and half-width are one). Both sides of a search must come through this module, or they
do not meet.

Hidden Markov guesses are off on both sides: they invent words, not the same in every context.
"""

import re
import unicodedata

import rjieba

MAX_TOKEN_LENGTH = 64
"""Longer runs (encoded data, long addresses) keep their first characters, on both sides."""

_HANZI = "\u3007\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"([{_HANZI}]+)|([^\W_{_HANZI}]+)")

# Scripts written without spaces, or searched by parts of words: Hanzi, kana, Hangul.
_DENSE = rf"{_HANZI}\u3041-\u30ff\u31f0-\u31ff\uac00-\ud7a3"
_DENSE_RUNS = re.compile(rf"([{_DENSE}]+)|([^\W_{_DENSE}]+)")


def normalise(text: str) -> str:
    """One written form for what readers take as the same: NFKC, lower case."""
    composed = unicodedata.normalize("NFKC", text)
    lowered = composed.lower()
    # Lower-casing can leave a sequence that composes again (capital letters with dots and accents).
    return composed if lowered == composed else unicodedata.normalize("NFKC", lowered)


def search_tokens(text: str) -> list[str]:
    """Words to store, with the words inside long ones (不动产 gives 不动, 动产, 不动产)."""
    tokens: list[str] = []
    for hanzi, word in _RUNS.findall(normalise(text)):
        if hanzi:
            tokens += rjieba.cut_for_search(hanzi, False)
        else:
            tokens.append(word[:MAX_TOKEN_LENGTH])
    return tokens


def query_tokens(text: str) -> list[str]:
    """Words to look for: each part of the text once, in its longest known word."""
    tokens: list[str] = []
    for hanzi, word in _RUNS.findall(normalise(text)):
        if hanzi:
            tokens += rjieba.cut(hanzi, False)
        else:
            tokens.append(word[:MAX_TOKEN_LENGTH])
    return tokens


def is_hanzi(token: str) -> bool:
    """Whether a token of this module is Chinese (a token never mixes scripts)."""
    found = _RUNS.match(token)
    return found is not None and found[1] is not None


def dense_runs(text: str) -> list[tuple[str, bool]]:
    """The text as runs of one kind, in order: (run, whether it is Hanzi, kana or Hangul).

    For matching parts of words, where dictionary words would be wrong: 不动 must find 不动产.
    """
    return [
        (dense, True) if dense else (word[:MAX_TOKEN_LENGTH], False)
        for dense, word in _DENSE_RUNS.findall(normalise(text))
    ]


def pairs(run: str) -> list[str]:
    """Overlapping pairs of characters; a single character stays single."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
