"""What became of a file, as the report of the command and the screens of the admin show it."""

from collections.abc import Iterable
from typing import Any

from .comparing import Status, Step
from .rows import Problem
from .storing import Outcome


def report(outcome: Outcome, *, file: str, dry_run: bool) -> dict[str, Any]:
    """``{"file", "dry_run", "counts": {status: n}, "notes": [..], "rows": [{"line", "id",
    "status", "problems": [{"column", "message"}], "warnings": [..]}]}``; unchanged rows without
    anything to say are counted only."""
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
    }


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
