"""Answer, ask back or decline: two gates.

The first looks at raw closeness alone and stops what is not about the matters of the knowledge
base: what is closer to a sample of small talk and foreign matters than to any entry, and what is
close to nothing. The second is a logistic model of how likely it is that the first entry answers
the question; it stops questions of our field that nobody has answered. Each stops what the other
lets through. Coefficients are in ``gates.json``, with the models that they were fitted for;
``python -m assistant.evaluation.calibrate`` fits them anew. With other models, or none, decisions
are made by words alone, and conservatively: mostly by asking back.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import analysis, projection
from .contract import Decision

type Scores = NDArray[np.float32]

MOST_CLOSE = 3
FEATURES = (
    "question",  # closeness of the first entry's question, by e5
    "answer",  # … of its answer
    "use",  # … of its question, by USE
    "use_answer",
    "no_question",  # 1 where it has none
    "highest",  # the highest closeness of any candidate
    "crowd",  # … less the mean of the ten next ones
    "lead",  # how far the first is above the second, fused
    "lead_of_many",  # … above the mean of the next ten
    "words_question",
    "words_answer",
    "words_lead",  # what share of the best one's words the next best has
    "length",
    "foreign",
    "agreement",  # for what share of the fields the first entry is the best one
    "standing_out",  # the highest closeness, in standard deviations above the mean
    "use_crowd",
)
_NO_QUESTION, _HIGHEST = FEATURES.index("no_question"), FEATURES.index("highest")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``confidence``: 0 to 1. ``close``: how many of the first entries are to be offered."""

    decision: Decision
    confidence: float
    close: int


@dataclass(frozen=True, slots=True)
class Logistic:
    """``answer`` and ``ask``: from which confidence on to answer, and to ask back. ``floor``: the
    lowest closeness of any candidate with which it is about our matters at all."""

    weights: tuple[float, ...]
    centres: tuple[float, ...]
    scales: tuple[float, ...]
    bias: float
    floor: float
    answer: float
    ask: float

    def confidence(self, features: Sequence[float]) -> float:
        total = self.bias + sum(
            weight * (value - centre) / scale
            for weight, value, centre, scale in zip(
                self.weights, features, self.centres, self.scales, strict=True
            )
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Gates:
    """One model for first entries with a question, one for those with an answer alone: closeness of
    question to question and of question to answer are not to be compared. ``models``: names of the
    sentence models that both were calibrated for."""

    models: frozenset[str]
    with_question: Logistic
    answer_only: Logistic

    def of(self, features: Sequence[float]) -> Logistic:
        return self.answer_only if features[_NO_QUESTION] else self.with_question


def judge(
    fields: Mapping[str, Scores],
    fused: Scores,
    order: NDArray[np.int64],
    text: str,
    *,
    known: bool = False,
    mode: str = "full",
    elsewhere: float = 0.0,
) -> Verdict:
    """What to do with a ranking.

    ``fields`` and ``fused``: scores of all candidates; ``order``: the places of the ranked ones,
    the best first (of translations of one another only one). ``known``: the first has this question
    word for word. ``mode``: "full", or decisions by words alone. ``elsewhere`` as of the function
    of that name.
    """
    if known and len(order):
        return Verdict(Decision.ANSWER, 1.0, 0)
    if not len(order) or not analysis.same_question(text):
        return Verdict(Decision.DECLINE, 0.0, 0)
    if mode != "full" or not any(f"e5_{part}" in fields for part in ("question", "answer")):
        return _by_words(fields, order, text)
    found = features(fields, fused, order, text)
    return decide(gates(), found, _offered(fused, order), elsewhere)


def decide(gates: Gates, found: Sequence[float], offered: int, elsewhere: float = 0.0) -> Verdict:
    """Both gates, of the features of a ranking. ``offered``: how many entries to ask back with."""
    model = gates.of(found)
    confidence = model.confidence(found)
    # Closeness to an answer is lower than to a question, and not to be compared with a sample's.
    is_elsewhere = model is gates.with_question and found[_HIGHEST] < elsewhere
    if is_elsewhere or found[_HIGHEST] < model.floor:
        # What is reported agrees with the decision: less than any that is offered.
        return Verdict(Decision.DECLINE, min(confidence, model.ask / 2), 0)
    if confidence >= model.answer:
        return Verdict(Decision.ANSWER, confidence, 0)
    if confidence >= model.ask and offered > 1:
        return Verdict(Decision.ASK_BACK, confidence, offered)
    return Verdict(Decision.DECLINE, confidence, 0)


def elsewhere(space: str, vector: Scores) -> float:
    """How close a question is to the nearest of a sample of small talk and foreign matters.

    ``vector``: as the model of that space made it. 0 where there is no sample in that space.
    """
    sample = _sample().get(space)
    if sample is None:
        return 0.0
    return float((sample @ projection.question(space, "question", vector)).max())


def calibrated_for(models: Iterable[str]) -> bool:
    """Whether decisions by closeness can be made: the index has vectors of the models (names) that
    the gates were calibrated for."""
    return gates().models <= set(models)


def features(
    fields: Mapping[str, Scores], fused: Scores, order: NDArray[np.int64], text: str
) -> list[float]:
    """What the second gate looks at, in the order of ``FEATURES``."""
    first = int(order[0])
    shape = analysis.shape(text)
    main_question, main_answer = fields.get("e5_question"), fields.get("e5_answer")
    question, answer = _of(main_question, first), _of(main_answer, first)
    closeness = [part for part in (main_question, main_answer) if part is not None]
    nearest = np.fmax.reduce(closeness) if closeness else np.zeros(0, np.float32)
    best = _highest(nearest, 11)
    use = fields["use_question"] if "use_question" in fields else fields.get("use_answer")
    next_fused = fused[order[1:11]]
    words = [fields[name] for name in ("bm25_question", "bm25_answer") if name in fields]
    total = np.add.reduce([np.nan_to_num(part) for part in words]) if words else np.zeros(1)
    best_words = _highest(total, 2)
    return [
        question,
        answer,
        _of(fields.get("use_question"), first),
        _of(fields.get("use_answer"), first),
        float(main_question is None or not np.isfinite(main_question[first])),
        best[0],
        best[0] - float(np.mean(best[1:] or best[:1])),
        float(fused[first] - next_fused[0]) if len(next_fused) else 1.0,
        float(fused[first] - next_fused.mean()) if len(next_fused) else 1.0,
        math.log1p(_of(fields.get("bm25_question"), first)),
        math.log1p(_of(fields.get("bm25_answer"), first)),
        best_words[1] / best_words[0] if len(best_words) > 1 and best_words[0] > 0 else 0.0,
        math.log1p(shape.length),
        float(not shape.chinese),
        _agreement(fields, first),
        _standing_out(nearest),
        _crowd(use),
    ]


@cache
def _sample() -> dict[str, Scores]:
    """Space → moved vectors of the sample, (n, d)."""
    with (
        resources.files(__package__).joinpath("gates.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return {
            space: projection.document(space, "question", arrays[space].astype(np.float32))
            for space in arrays.files
        }


@cache
def gates() -> Gates:
    return parse_gates(
        resources.files(__package__).joinpath("gates.json").read_text(encoding="utf-8")
    )


def parse_gates(text: str) -> Gates:
    """Gates from the text of their file.

    Raises:
        ValueError: the file was made for other features, or is none.
    """
    told: dict[str, Any] = json.loads(text)
    if tuple(told["features"]) != FEATURES:
        raise ValueError("the gates were calibrated for other features: calibrate them anew")
    return Gates(
        frozenset(told["models"]), _logistic(told["with_question"]), _logistic(told["answer_only"])
    )


def _logistic(told: dict[str, Any]) -> Logistic:
    weights, centres, scales = (
        tuple(map(float, told[name])) for name in ("weights", "centres", "scales")
    )
    if {len(weights), len(centres), len(scales)} != {len(FEATURES)}:
        raise ValueError("there must be one weight, centre and scale for each feature")
    bias, floor, answer, ask = (float(told[name]) for name in ("bias", "floor", "answer", "ask"))
    return Logistic(weights, centres, scales, bias, floor, answer, ask)


# By words alone: the scores from which an entry is offered and is the answer, and what share of the
# best score the second may have beside an answer.
_WORDS_ASK, _WORDS_ANSWER, _WORDS_LEAD = 4.0, 14.0, 0.6


def _by_words(fields: Mapping[str, Scores], order: NDArray[np.int64], text: str) -> Verdict:
    length = max(1, analysis.shape(text).length)
    words = fields.get("bm25_question")
    if words is None or not np.isfinite(words[order]).any():
        words = fields.get("bm25_answer")
    if words is None:
        return Verdict(Decision.DECLINE, 0.0, 0)
    found = np.nan_to_num(words[order])
    best = float(found[0])
    second = float(found[1:].max(initial=0))
    # A score grows with the length of the question; a short one cannot reach the full threshold.
    needed = min(1.0, length / 8)
    confidence = min(0.9, best / (2 * _WORDS_ANSWER * needed))
    if best >= _WORDS_ANSWER * needed and second <= _WORDS_LEAD * best:
        return Verdict(Decision.ANSWER, max(confidence, 0.5), 0)
    if best >= _WORDS_ASK * needed and len(order) > 1:
        return Verdict(Decision.ASK_BACK, min(confidence, 0.5), min(MOST_CLOSE, len(order)))
    return Verdict(Decision.DECLINE, min(confidence, 0.3), 0)


def _offered(fused: Scores, order: NDArray[np.int64]) -> int:
    """Two or three: the third where it is not far behind the second."""
    if len(order) < MOST_CLOSE:
        return len(order)
    first, second, third = (float(fused[place]) for place in order[:3])
    return 3 if second - third <= first - second + 0.2 else 2


def _of(scores: Scores | None, place: int) -> float:
    if scores is None or not np.isfinite(scores[place]):
        return 0.0
    return float(scores[place])


def _highest(scores: NDArray[Any], count: int) -> list[float]:
    """The highest scores, the highest first; at least one."""
    known = scores[np.isfinite(scores)]
    if not len(known):
        return [0.0]
    count = min(count, len(known))
    return sorted(np.partition(known, -count)[-count:].tolist(), reverse=True)


def _agreement(fields: Mapping[str, Scores], first: int) -> float:
    said = [scores for scores in fields.values() if np.isfinite(scores).any()]
    return sum(float(scores[first] >= np.nanmax(scores)) for scores in said) / max(1, len(said))


def _standing_out(scores: NDArray[Any]) -> float:
    known = scores[np.isfinite(scores)]
    if len(known) < 2:
        return 0.0
    return float((known.max() - known.mean()) / (known.std() + 1e-6))


def _crowd(scores: Scores | None) -> float:
    best = _highest(scores, 11) if scores is not None else [0.0]
    return best[0] - float(np.mean(best[1:] or best[:1]))
