"""One score for each entry from the scores of the retrievers. No index, no files.

Cosines are used as they are, since their spread is the same for every question; words are measured
against the best entry of the question. Where one entry stands far above all others by its words,
the margin is large by itself, in a long message as in a short question: weights by the length of
the question were tried and gained nothing (decision 19).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import analysis

type Scores = NDArray[np.float32]

# (closeness by e5 or by a service, closeness by USE, words)
_WEIGHTS = {"question": (4.0, 1.5, 0.75), "answer": (4.0, 0.6, 1.0)}
# What an answer weighs beside the question that it answers.
_ANSWER_BESIDE_QUESTION = 0.3
_MAIN = ("e5", "service")

# Letters of languages that USE has not learnt: Vietnamese, and scripts of other languages.
_NOT_USE = re.compile(
    r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
    r"\u0370-\u03ff\u0530-\u05ff\u0780-\u07bf\u0900-\u0dff\u0e80-\u109f\u1200-\u137f\u1780-\u17ff]",
    re.IGNORECASE,
)
_NO_USE_LANGUAGES = ("vi", "hi", "id", "ms", "bn", "ur", "fa", "km", "lo", "my", "el", "he", "uk")


def rank(
    fields: Mapping[str, Scores],
    text: str,
    *,
    language: str = "",
    same_language: NDArray[np.bool_] | None = None,
) -> Scores:
    """Fused scores of the candidates, comparable within one question only.

    ``fields``: arrays of one length with NaN where an entry has nothing of the kind, named
    ``bm25_…``, ``e5_…``, ``use_…``, ``service_…`` with ``question`` and ``answer``.
    ``same_language``: which candidates are written in the script of the question; the words of the
    others do not count. Without it, words count for questions in Chinese only.
    """
    count = len(next(iter(fields.values()))) if fields else 0
    total, weight = np.zeros(count, np.float32), np.zeros(count, np.float32)
    for part, share in (("question", 1.0), ("answer", _ANSWER_BESIDE_QUESTION)):
        score, there = _part(fields, part, text, language, same_language, count)
        total[there] += np.float32(share) * score[there]
        weight[there] += np.float32(share)
    return np.divide(total, weight, out=np.full(count, -np.inf, np.float32), where=weight > 0)


@dataclass(slots=True)
class Group:
    """Translations of one another: who stands for them, the best one's score, and all places."""

    place: int
    score: float
    places: list[int]


def collapse(
    fused: Scores, places: Iterable[int], groups: Sequence[Any], is_own: Sequence[bool], top: int
) -> list[Group]:
    """The first ``top`` groups of places in order of their score, at the best one's rank.

    ``groups`` and ``is_own`` (in the asker's language: that one stands for the others) are told
    place by place, in the order of ``places``.
    """
    found: dict[Any, Group] = {}
    settled: set[Any] = set()
    for place, name, own in zip(places, groups, is_own, strict=True):
        group = found.get(name)
        if group is None:
            if len(found) == top:
                continue
            group = found[name] = Group(place, float(fused[place]), [])
        elif own and name not in settled:
            group.place = place
        group.places.append(place)
        if own:
            settled.add(name)
    return list(found.values())


def united(
    fields: Mapping[str, Scores], fused: Scores, groups: Sequence[Group]
) -> tuple[Mapping[str, Scores], Scores]:
    """The same scores with each group as one entry, as good as its best in each field.

    The gates look at how far the first stands out: its own translations are no competitors.
    """
    several = [group for group in groups if len(group.places) > 1]
    if not several:
        return fields, fused
    one_by_one = {name: scores.copy() for name, scores in fields.items()}
    total = fused.copy()
    for group in several:
        for scores in one_by_one.values():
            best = np.fmax.reduce(scores[group.places])
            scores[group.places] = np.nan
            scores[group.place] = best
        total[group.places] = -np.inf
        total[group.place] = group.score
    return one_by_one, total


def use_reads(text: str, language: str = "") -> bool:
    """Whether USE has learnt the language that a question is written in."""
    return language.split("-")[0] not in _NO_USE_LANGUAGES and _NOT_USE.search(text) is None


def _part(
    fields: Mapping[str, Scores],
    part: str,
    text: str,
    language: str,
    same_language: NDArray[np.bool_] | None,
    count: int,
) -> tuple[Scores, NDArray[np.bool_]]:
    """The score of questions or of answers, and which candidates have one."""
    of_main, of_use, of_words = _WEIGHTS[part]
    score, there = np.zeros(count, np.float32), np.zeros(count, bool)
    weighted: list[tuple[float, Scores]] = [
        (of_main, scores) for name in _MAIN if (scores := fields.get(f"{name}_{part}")) is not None
    ]
    use = fields.get(f"use_{part}")
    if use is not None and use_reads(text, language):
        weighted.append((of_use, use))
    # Where several models are there they share what one would have.
    mains = max(1, sum(1 for share, _scores in weighted if share == of_main))
    for share, scores in weighted:
        known = np.isfinite(scores)
        there |= known
        if known.any():
            factor = share / mains if share == of_main else share
            score[known] += np.float32(factor) * (scores[known] - scores[known].mean())
    words = fields.get(f"bm25_{part}")
    if words is not None:
        known = np.isfinite(words)
        there |= known
        fits = _script_fits(text, same_language, count)
        counted = np.where(known & fits, words, 0)
        best = float(counted.max(initial=0))
        if best > 0:
            # Few entries in the question's language would win by their words over the right one in
            # another: common words of a question are rare among them.
            of_words *= float(fits.mean()) ** 0.5
            score += np.float32(of_words / best) * counted
    return score, there


def _script_fits(
    text: str, same_language: NDArray[np.bool_] | None, count: int
) -> NDArray[np.bool_]:
    if same_language is not None:
        return same_language
    return np.full(count, analysis.shape(text).chinese)
