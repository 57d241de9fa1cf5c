"""How many seeded errors the watch finds, and how often it raises a false alarm.

Six sets. ``cases.yaml`` was written before the engine; a quarter of it was held out. The two
others were written later and show how it does on what it was not made for. When they were run for
the first time, before anything was put right, the second gave 65 of 66 errors and 11 false alarms
in 71 correct sentences, the third (whole paragraphs with much that is not in the clauses) 35 of 38
and 13 in 38.

The fourth (what a hotline or an assistant answers, with contacts and sums worked out) gave 34 of 40
and 66 false alarms in 100 at first sight; the fifth (notices and posts, written after the fourth had
been put right) 16 of 20 and 19 in 40. Almost every sentence of these two has a twist of its own. The sixth (paragraphs
as most texts have them, one or two figures restated plainly) gave 12 of 14 and 4 in 30.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.text.statements import Mismatch, check

HERE = Path(__file__).parent


@dataclass
class Result:
    errors: int = 0
    correct: int = 0
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def mismatches(case: dict[str, Any], clauses: dict[str, str]) -> list[Mismatch]:
    cited = [(key, clauses[key]) for key in case["cites"]]
    return check(case["text"], cited, case.get("language", "zh-hans"))


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
                if not any(m.span[0] < end and m.span[1] > start for m in found):
                    result.missed.append(f"{case['text']} [{case['wrong']}]")
            else:
                result.correct += 1
                if found:
                    printed = ", ".join(m.statement.printed for m in found)
                    result.alarms.append(f"{case['text']} [{printed}]")
    print(f"{name} held_out={held_out}: {result}")
    return result


@pytest.mark.parametrize("held_out", [None, False])
def test_the_set_that_was_written_first(held_out: bool | None) -> None:
    result = measured("cases.yaml", held_out=held_out)
    assert result.errors >= 100
    assert result.correct >= 100
    assert len(result.missed) <= result.errors * 2 / 100, result.missed
    assert len(result.alarms) <= result.correct * 2 / 100, result.alarms


def test_the_part_that_was_held_out() -> None:
    # 38 and 36 sentences are too few for two in a hundred: one or two of them are allowed.
    result = measured("cases.yaml", held_out=True)
    assert (result.errors, result.correct) == (38, 36)
    assert len(result.missed) <= 1, result.missed
    assert len(result.alarms) <= 2, result.alarms


@pytest.mark.parametrize("name", ["cases_second.yaml", "cases_third.yaml"])
def test_the_sets_that_were_written_later(name: str) -> None:
    result = measured(name)
    assert len(result.missed) <= 1, result.missed
    assert len(result.alarms) <= 2, result.alarms


@pytest.mark.parametrize(
    ("name", "missed", "alarms"),
    [("cases_fourth.yaml", 5, 3), ("cases_fifth.yaml", 1, 7), ("cases_sixth.yaml", 0, 0)],
)
def test_the_sets_of_answers_and_notices(name: str, missed: int, alarms: int) -> None:
    result = measured(name)
    assert len(result.missed) <= missed, result.missed
    assert len(result.alarms) <= alarms, result.alarms


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
