"""What became of a file, as the report of the command and the screens of the admin show it."""

from collections.abc import Iterable
from typing import Any

from assistant.evaluation.moves import Stand
from assistant.portal_plugin.services.golden_moves import Preview

from .comparing import Status, Step
from .rows import Problem
from .storing import Outcome


def report(outcome: Outcome, *, file: str, dry_run: bool) -> dict[str, Any]:
    """``{"file", "dry_run", "counts": {status: n}, "notes": [..], "rows": [{"line", "id",
    "status", "problems": [{"column", "message"}], "warnings": [..]}], "moves": [..]}``; unchanged
    rows without anything to say are counted only.

    ``moves``: the golden questions that it would answer otherwise, each ``{"id", "question",
    "direction", "before": {"status", "shown": [titles], "rank"}, "after": {..}}``; None where that
    is not known."""
    return {
        "file": file,
        "dry_run": dry_run,
        "counts": counts(outcome),
        "notes": list(outcome.notes),
        "rows": [
            _row(step)
            for step in outcome.steps
            if step.status is not Status.UNCHANGED or step.warnings
        ],
        "moves": moves_of(outcome.preview),
    }


def moves_of(preview: Preview | None) -> list[dict[str, Any]] | None:
    if preview is None or not preview.is_known:
        return None
    return [
        {
            "id": one.question.key,
            "question": one.question.question,
            "direction": one.move.direction.value,
            "before": _stand(one.move.before, one.before),
            "after": _stand(one.move.after, one.after),
        }
        for one in preview.moves
    ]


def _stand(stand: Stand, titles: Iterable[str]) -> dict[str, Any]:
    return {"status": stand.status, "shown": list(titles), "rank": stand.rank}


def counts(outcome: Outcome) -> dict[str, int]:
    return {status.value: outcome.count(status) for status in Status}


def _row(step: Step) -> dict[str, Any]:
    return {
        "line": step.line,
        "id": step.key,
        "status": step.status.value,
        "problems": _problems(step.problems),
        "warnings": _problems(step.warnings),
    }


def _problems(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [{"column": problem.column, "message": str(problem.message)} for problem in problems]
