"""Precision and recall over labelled lines.

Of numbers every one counts; hidden and betting texts count by the line, as an editor would see them:
one mark in a line of spam is enough, one in a clean line is too many. Notes do not count: they
refuse nothing and ask for nothing.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import yaml

from portal.text.detectors import Detectors, Finding, Grade, Register

HERE = Path(__file__).parent
BY_ITEM = frozenset({"identity_number", "bank_card", "mobile"})
SAME = {"hidden_comment": "hidden"}


@cache
def detectors() -> Detectors:
    stored = yaml.safe_load((HERE / "register.yaml").read_text(encoding="utf-8"))
    leaders = {name: tuple(titles) for name, titles in stored["leaders"].items()}
    return Detectors(register=Register(frozenset(stored["units"]), leaders))


def rows(name: str) -> list[dict[str, Any]]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def scan(row: dict[str, Any]) -> list[Finding]:
    found = (
        detectors().scan_html(row["html"]) if "html" in row else detectors().scan_text(row["text"])
    )
    return [finding for finding in found.findings if finding.grade is not Grade.NOTE]


@dataclass
class Counts:
    right: int = 0
    wrong: int = 0
    missed: int = 0
    wrong_rows: list[Any] = field(default_factory=list)
    missed_rows: list[Any] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def measure(name: str) -> dict[str, Counts]:
    result: dict[str, Counts] = defaultdict(Counts)
    for row in rows(name):
        found = scan(row)
        wanted: dict[str, list[str]] = defaultdict(list)
        for kind, words in row["find"]:
            wanted[SAME.get(kind, kind)].append(_letters(words))
        for kind in {*wanted, *(finding.kind.value for finding in found)}:
            texts = [_letters(finding.text) for finding in found if finding.kind == kind]
            if kind in BY_ITEM:
                _by_item(result[kind], row, wanted.get(kind, []), texts)
            else:
                _by_line(result[kind], row, wanted.get(kind, []), texts)
    return dict(result)


def _letters(words: str) -> str:
    words = re.sub(r"<[^>]*>", "", words)  # one number in two elements
    return "".join(sign for sign in unescape(words) if sign.isalnum()).lower()


def _by_item(counts: Counts, row: Any, wanted: list[str], texts: list[str]) -> None:
    left = list(texts)
    for words in wanted:
        hit = next((text for text in left if text in words or words in text), None)
        if hit is None:
            counts.missed += 1
            counts.missed_rows.append(row)
        else:
            counts.right += 1
            left.remove(hit)
    counts.wrong += len(left)
    counts.wrong_rows += [row] * len(left)


def _by_line(counts: Counts, row: Any, wanted: list[str], texts: list[str]) -> None:
    if wanted and texts:
        counts.right += 1
    elif wanted:
        counts.missed += 1
        counts.missed_rows.append(row)
    else:
        counts.wrong += 1
        counts.wrong_rows.append(row)


def table(counts: dict[str, Counts]) -> str:
    lines = [f"{'kind':18}{'right':>7}{'wrong':>7}{'missed':>7}{'precision':>11}{'recall':>8}"]
    lines += [
        f"{kind:18}{one.right:7}{one.wrong:7}{one.missed:7}{one.precision:11.3f}{one.recall:8.3f}"
        for kind, one in sorted(counts.items())
    ]
    return "\n".join(lines)
