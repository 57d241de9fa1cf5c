"""Ranking and decision, as the pipeline asks for them."""

import numpy as np

from .contract import Decision
from .index import Snapshot
from .signals import Ranking, Scores, Signals

_WEIGHTS = {
    "bm25_question": 1.0,
    "bm25_answer": 0.7,
    "e5_question": 1.0,
    "e5_answer": 0.7,
    "use_question": 0.7,
    "use_answer": 0.3,
    "service_question": 1.0,
    "service_answer": 0.7,
}


def rank(signals: Signals, index: Snapshot) -> Scores:
    """The weighted mean of how far each score stands out (z-scores)."""
    total = np.zeros(len(signals.candidates), np.float32)
    weights = np.zeros(len(signals.candidates), np.float32)
    for name, scores in signals.fields.items():
        there = np.isfinite(scores)
        if not there.any():
            continue
        known = scores[there]
        total[there] += _WEIGHTS[name] * (known - known.mean()) / (known.std() + 1e-6)
        weights[there] += _WEIGHTS[name]
    fused = (total / np.where(weights > 0, weights, 1)).astype(np.float32)
    fused[signals.known] += 100
    return fused


def judge(signals: Signals, ranking: Ranking) -> tuple[Decision, float, int]:
    if ranking.places[0] in signals.known:
        return Decision.ANSWER, 1.0, 0
    close = max(
        (float(scores[ranking.places[0]]) for name, scores in signals.fields.items()
         if name.startswith(("e5", "service")) and np.isfinite(scores[ranking.places[0]])),
        default=0.0,
    )  # fmt: skip
    if close >= 0.9:
        return Decision.ANSWER, close, 0
    if close >= 0.86:
        return Decision.ASK_BACK, close, min(3, len(ranking.entries))
    return Decision.DECLINE, max(0.0, close), 0
