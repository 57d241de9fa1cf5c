"""Figures about a run. Shares are 0 to 1; None where there is nothing to take a share of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.retrieval.contract import Decision

from .questions import Question

type Metrics = dict[str, float | int | None]

CUTS = (1, 3, 5)
MRR_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a retriever made of a question. ``ranked``: (entry, score), the best first."""

    question: Question
    decision: Decision
    ranked: Sequence[tuple[str, float]]
    confidence: float
    took_ms: float

    @property
    def rank(self) -> int | None:
        """The place of the first entry that answers the question, from 1."""
        relevant = set(self.question.relevant)
        places = (
            place for place, (entry, _score) in enumerate(self.ranked, 1) if entry in relevant
        )
        return next(places, None)


def metrics(outcomes: Sequence[Outcome]) -> Metrics:
    """All figures of a run.

    ``…_in_scope`` and ``…_out_of_scope`` are shares of the questions that have an answer in the
    knowledge base, and of those that have none. ``answered_right``: of the answered ones in scope,
    how many with a right entry. ``clarified_right``: of those asked back, how many had a right
    entry among the first three.
    """
    inside = [one for one in outcomes if one.question.in_scope]
    outside = [one for one in outcomes if not one.question.in_scope]
    answered = [one for one in inside if one.decision is Decision.ANSWER]
    clarified = [one for one in inside if one.decision is Decision.ASK_BACK]
    figures: Metrics = {"questions": len(outcomes), "in_scope": len(inside)}
    for cut in CUTS:
        figures[f"recall@{cut}"] = _share(inside, lambda one, cut=cut: _within(one, cut))  # type: ignore[misc]
    figures[f"mrr@{MRR_DEPTH}"] = _mean(
        1 / one.rank if one.rank is not None and one.rank <= MRR_DEPTH else 0.0 for one in inside
    )
    for name, some in (("in_scope", inside), ("out_of_scope", outside)):
        for verb, decision in _VERBS.items():
            figures[f"{verb}_{name}"] = _share(
                some,
                lambda one, decision=decision: one.decision is decision,  # type: ignore[misc]
            )
    figures["answered_right"] = _share(answered, lambda one: _within(one, 1))
    figures["clarified_right"] = _share(clarified, lambda one: _within(one, 3))
    took = [one.took_ms for one in outcomes]
    for percentile in (50, 95):
        figures[f"latency_ms_p{percentile}"] = (
            round(float(np.percentile(took, percentile)), 3) if took else None
        )
    return figures


def metrics_by(
    outcomes: Iterable[Outcome], key: Callable[[Question], str]
) -> Mapping[str, Metrics]:
    """The same figures for each group of questions (by language, by kind), in order of name."""
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault(key(one.question), []).append(one)
    return {name: metrics(groups[name]) for name in sorted(groups)}


def out_of_scope_at_coverage(
    inside: Sequence[float], outside: Sequence[float], coverage: float
) -> tuple[float, float]:
    """The threshold of confidence at which ``coverage`` of the questions in scope are answered, and
    the share of those out of scope that are answered with it.

    Raises:
        ValueError: one of the two is empty.
    """
    if not len(inside) or not len(outside):
        raise ValueError("confidences of questions on both sides are needed")
    threshold = float(np.quantile(np.asarray(inside), 1 - coverage))
    return threshold, float(np.mean(np.asarray(outside) >= threshold))


_VERBS = {
    "answered": Decision.ANSWER,
    "clarified": Decision.ASK_BACK,
    "declined": Decision.DECLINE,
}


def _within(outcome: Outcome, cut: int) -> bool:
    return outcome.rank is not None and outcome.rank <= cut


def _share(some: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> float | None:
    return _mean(float(holds(one)) for one in some)


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return round(sum(listed) / len(listed), 4) if listed else None
