"""Asks a retriever test questions and reports what came out."""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any

from assistant.retrieval.contract import Decision, Query, Retriever

from .metrics import Outcome, metrics, metrics_by
from .questions import Question

# The words of the answers' closed list of statuses.
STATUSES = {
    Decision.ANSWER: "answered",
    Decision.ASK_BACK: "clarify",
    Decision.DECLINE: "declined_no_source",
}


def ask(retriever: Retriever, question: Question, top: int = 10) -> Outcome:
    """One question. Its latency is measured here, not believed."""
    started = perf_counter()
    found = retriever.retrieve(Query(question.text, question.language, top=top))
    took_ms = (perf_counter() - started) * 1000
    ranked = [(hit.entry, hit.score) for hit in found.ranked][:top]
    return Outcome(question, found.decision, ranked, found.confidence, took_ms)


def run(
    retriever: Retriever,
    questions: Sequence[Question],
    *,
    top: int = 10,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """All questions in order. ``on_progress`` is told how many of how many are done."""
    return list(_run(retriever, questions, top, on_progress))


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The report of ``portal evaluate`` as a JSON object: metrics, then each question."""
    return {
        "metrics": metrics(outcomes),
        "by_language": metrics_by(outcomes, lambda question: question.language),
        "by_kind": metrics_by(outcomes, lambda question: question.kind),
        "queries": [
            {
                "id": one.question.id,
                "status": STATUSES[one.decision],
                "ranked": [
                    {"entry": entry, "score": round(float(score), 6)} for entry, score in one.ranked
                ],
                "confidence": round(float(one.confidence), 4),
                "took_ms": round(one.took_ms, 3),
            }
            for one in outcomes
        ],
    }


def _run(
    retriever: Retriever,
    questions: Sequence[Question],
    top: int,
    on_progress: Callable[[int, int], None] | None,
) -> Iterator[Outcome]:
    for number, question in enumerate(questions, 1):
        yield ask(retriever, question, top)
        if on_progress is not None:
            on_progress(number, len(questions))
