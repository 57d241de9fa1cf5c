"""How many seeded errors the watch finds, and how often it raises a false alarm.

A figure that differs from a clause is a mismatch; one of which no cited clause speaks is a notice.
An error counts as found where it is marked either way, an alarm is a mismatch in a correct sentence;
how many errors are noticed only, and how many correct sentences get a notice, is held to figures of
its own, so that nothing can be made to look better by calling it a notice.

Twelve sets, each written as data before the engine was run on it; what each gave at first sight is in
docs/decisions/0021. ``cases.yaml`` was written before the engine; a quarter of it was held out. The
fourth and fifth are the hardest: nearly every sentence has a twist of its own. The seventh to twelfth
are what offices write: interpretations, answers, notices, lines of pictures, translations.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.text.statements import Mismatch, check

HERE = Path(__file__).parent
SETS = {
    # missed altogether, noticed only, false alarms, notices: at most
    "cases.yaml": (0, 1, 0, 0),
    "cases_second.yaml": (0, 1, 0, 0),
    "cases_third.yaml": (0, 2, 0, 1),
    "cases_fourth.yaml": (2, 0, 1, 2),
    "cases_fifth.yaml": (1, 0, 2, 2),
    "cases_sixth.yaml": (0, 0, 0, 0),
    "cases_seventh.yaml": (0, 1, 0, 10),
    "cases_eighth.yaml": (2, 0, 2, 13),
    "cases_ninth.yaml": (1, 1, 1, 19),
    "cases_tenth.yaml": (5, 0, 0, 16),
    "cases_eleventh.yaml": (3, 1, 0, 9),
    "cases_twelfth.yaml": (1, 0, 3, 7),
}


@dataclass
class Result:
    errors: int = 0
    correct: int = 0
    missed: list[str] = field(default_factory=list)
    noticed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """The figures, and by name what was missed and what was reported wrongly."""
        found = self.errors - len(self.missed)
        lines = [
            f"{found} of {self.errors} errors found, {len(self.noticed)} of them as notices;"
            f" {len(self.alarms)} false alarms and {len(self.notices)} notices"
            f" in {self.correct} correct sentences"
        ]
        for word in ("missed", "noticed", "alarms", "notices"):
            lines += [f"  {word}: {case}" for case in getattr(self, word)]
        return "\n".join(lines)


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def mismatches(case: dict[str, Any], clauses: dict[str, str]) -> list[Mismatch]:
    cited = [(key, clauses[key]) for key in case["cites"]]
    return check(case["text"], cited, case.get("language", "zh-hans"))


@cache
def measured(name: str, *, held_out: bool | None = None) -> Result:
    data, result = load(name), Result()
    for group in ("errors", "correct"):
        for case in data[group]:
            if held_out is not None and case.get("held_out", False) != held_out:
                continue
            found = mismatches(case, data["clauses"])
            if group == "errors":
                result.errors += 1
                start = case["text"].index(case["wrong"])
                end = start + len(case["wrong"])
                kinds = {m.kind for m in found if m.span[0] < end and m.span[1] > start}
                if not kinds:
                    result.missed.append(f"{case['text']} [{case['wrong']}]")
                elif "different" not in kinds:
                    result.noticed.append(f"{case['text']} [{case['wrong']}]")
            else:
                result.correct += 1
                printed = ", ".join(m.statement.printed for m in found)
                if any(m.kind == "different" for m in found):
                    result.alarms.append(f"{case['text']} [{printed}]")
                elif found:
                    result.notices.append(f"{case['text']} [{printed}]")
    print(name, result)
    return result


@pytest.mark.parametrize("name", SETS)
def test_a_set(name: str) -> None:
    result = measured(name)
    found = (result.missed, result.noticed, result.alarms, result.notices)
    for cases, most in zip(found, SETS[name], strict=True):
        assert len(cases) <= most, cases


def test_all_sets_together() -> None:
    """The bar of the watch, and beside it what is kept out of it by being a notice."""
    results = [measured(name) for name in SETS]
    errors = sum(result.errors for result in results)
    correct = sum(result.correct for result in results)
    assert errors >= 750
    assert correct >= 1000
    missed = sum(len(result.missed) for result in results)
    noticed = sum(len(result.noticed) for result in results)
    assert missed <= errors * 2 / 100
    assert missed + noticed <= errors * 3 / 100
    assert sum(len(result.alarms) for result in results) <= correct * 2 / 100
    assert sum(len(result.notices) for result in results) <= correct * 7.5 / 100


def test_the_part_that_was_held_out() -> None:
    # 38 and 36 sentences are too few for two in a hundred: one or two of them are allowed.
    result = measured("cases.yaml", held_out=True)
    assert (result.errors, result.correct) == (38, 36)
    assert len(result.missed + result.noticed) <= 1
    assert len(result.alarms + result.notices) <= 2


def test_what_clauses_say_nothing_of_may_come_from_other_sources() -> None:
    clauses = [("a", "补贴每人每月130元，应当在10个工作日内审核。")]
    text = "补贴每月130元，审核需15个工作日，入住后24小时内登记，每份材料200字。"
    printed = [m.statement.printed for m in check(text, clauses, "zh-hans")]
    assert "15个工作日" in printed
    assert "24小时" in printed
    found = check(text, clauses, "zh-hans", rests_on_more=True)
    assert [m.statement.printed for m in found] == ["15个工作日"]


def test_the_figure_that_was_meant_is_named() -> None:
    data = load("cases.yaml")
    clauses, named, errors = data["clauses"], 0, 0
    for case in data["errors"]:
        found = mismatches(case, clauses)
        nearest = [m.nearest for m in found if m.nearest]
        errors += case["why"] != "invented"
        for one in nearest:
            text = clauses[one.clause]
            assert text[one.span[0] : one.span[1]] == one.printed
        named += bool(nearest) and case["why"] != "invented"
    assert named >= errors * 0.9
