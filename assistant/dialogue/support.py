"""Whether a sentence that a model wrote is borne out by the passages that it cites.

Not understanding, but a strict reading: what is not surely supported is dropped. A sentence stands
only if it cites a passage, its words are those of that passage for the most part, each of its
figures is there, and it neither adds nor loses a "not".
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .cleaning import clean

# Share of a sentence's words (pairs of Chinese characters) that its passages must have.
LEAST_SHARED = 0.7
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?(?:\s*[\[【]\d{1,2}[\]】])*")
_CITATION = re.compile(r"[\[【](\d{1,2})[\]】]")
_FIGURE = re.compile(
    r"\d+(?:[.,:]\d+)*%?|[〇零一二三四五六七八九十百千万亿两]{1,9}(?=[个日天年月元人次岁%级份平小周倍])"
)
_DENIAL = re.compile(r"不|无|未|免|禁|勿|除外|\bnot?\b|\bnever\b|\bwithout\b|n't", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Supported:
    """A sentence without its marks, and the numbers (from 1) of the passages that bear it out."""

    text: str
    cites: tuple[int, ...]


def supported_sentences(written: str, passages: Sequence[str]) -> list[Supported]:
    """What of a model's text may be shown: sentences in their order, each with its passages."""
    found = []
    for match in _SENTENCE.finditer(clean(written)):
        cites = tuple(dict.fromkeys(int(number) for number in _CITATION.findall(match[0])))
        text = _CITATION.sub("", match[0]).strip()
        if not text or not cites or any(not 1 <= number <= len(passages) for number in cites):
            continue
        if is_supported(text, [passages[number - 1] for number in cites]):
            found.append(Supported(text, cites))
    return found


def is_supported(sentence: str, passages: Sequence[str]) -> bool:
    """Whether the passages together say what a sentence says, as far as words can tell."""
    said = _folded(sentence)
    basis = _folded("\n".join(passages))
    words = _words(said)
    if not words or len(words & _words(basis)) < LEAST_SHARED * len(words):
        return False
    if not set(_FIGURE.findall(said)) <= set(_FIGURE.findall(basis)):
        return False
    nearest = max(
        (part for part in re.split(r"[。！？!?；;\n]", basis) if part.strip()),
        key=lambda part: len(words & _words(part)),
        default="",
    )
    return sorted(_DENIAL.findall(said)) == sorted(_DENIAL.findall(_close(nearest, words)))


def _close(sentence: str, words: set[str]) -> str:
    """The clauses of a sentence that share words with what was said of it."""
    parts = [part for part in re.split(r"[,，:：]", sentence) if words & _words(part)]
    return ",".join(parts)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> set[str]:
    latin = set(re.findall(r"[a-z0-9à-öø-ÿ]+", text))
    runs = re.findall(r"[\u3400-\u9fff]+", text)
    return latin | {run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1))}
