"""Test questions: JSON lines of ``{id, text, language, relevant: [entry ids], kind?}``.

``relevant`` empty means that nothing in the knowledge base answers the question: it ought to be
declined. ``kind`` is a free word by which results are shown apart (``letter``, ``chit-chat``,
``other domain``, ``no entry`` …).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str
    language: str
    relevant: tuple[str, ...]
    kind: str = ""

    @property
    def in_scope(self) -> bool:
        return bool(self.relevant)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is no question: where, and why in plain English."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


def read_questions(path: Path) -> tuple[list[Question], list[Refusal]]:
    """The questions of a file in order, and the lines that were refused.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        return parse_questions(lines, path.name)


def parse_questions(
    lines: Iterable[str], file: str = "questions"
) -> tuple[list[Question], list[Refusal]]:
    questions: list[Question] = []
    refused: list[Refusal] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line))
        except ValueError as error:
            refused.append(Refusal(file, number, _reason(error)))
            continue
        if question.id in seen:
            refused.append(Refusal(file, number, f"the id {question.id} is there twice"))
            continue
        seen.add(question.id)
        questions.append(question)
    return questions, refused


def _question(row: Any) -> Question:
    if not isinstance(row, dict):
        raise ValueError("a line must be one JSON object")
    for name in ("id", "text"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise ValueError(f"{name} must be a text that is not empty")
    relevant = row.get("relevant")
    if not isinstance(relevant, list) or not all(isinstance(one, str) for one in relevant):
        raise ValueError("relevant must be a list of entry ids, empty for what is to be declined")
    for name in ("language", "lang", "kind"):
        if not isinstance(row.get(name) or "", str):
            raise ValueError(f"{name} must be a text")
    return Question(
        row["id"],
        row["text"],
        (row.get("language") or row.get("lang") or "").lower(),
        tuple(relevant),
        row.get("kind") or "",
    )


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON: {error.msg} at character {error.pos + 1}"
    return str(error)
