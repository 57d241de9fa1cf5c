"""The rule of coverage against counts made by hand."""

import datetime

import pytest

from portal.policy_interpretation.clauses import ClauseData, parents_of
from portal.policy_interpretation.coverage import coverage_of_text

DAY = datetime.date(2026, 6, 1)


def text(*lines: str) -> list[ClauseData]:
    """Clauses from "id level", in order; each has a text."""
    pairs = [line.split() for line in lines]
    parents = parents_of([level for _id, level in pairs])
    return [
        ClauseData(key, level, "", f"文{key}", "" if parent is None else pairs[parent][0])
        for (key, level), parent in zip(pairs, parents, strict=True)
    ]


ACT = text(
    "t preamble",
    "I chapter", "1 article", "2 article", "2a item", "2b item", "2c item",
    "II chapter", "s section", "3 article", "3p paragraph", "4 article",
    "end signature",
)  # fmt: skip
NOTICE = text(
    "p paragraph",
    "A heading1", "A1 heading2", "A1a paragraph", "A2 heading2",
    "B heading1", "B1 paragraph",
    "end signature",
)  # fmt: skip


@pytest.mark.parametrize(
    ("clauses", "explained", "total", "uncovered"),
    [
        # Four articles; an item alone covers nothing, all three of them do.
        (ACT, set(), 4, "1 2 3 4"),
        (ACT, {"1"}, 4, "2 3 4"),
        (ACT, {"2a"}, 4, "1 2 3 4"),
        (ACT, {"2a", "2b", "2c"}, 4, "1 3 4"),
        (ACT, {"3p"}, 4, "1 2 4"),
        # A chapter or section covers what is in it.
        (ACT, {"I"}, 4, "3 4"),
        (ACT, {"s"}, 4, "1 2"),
        (ACT, {"I", "II"}, 4, ""),
        # The preamble and the signature are nothing to explain; ids of other texts mean nothing.
        (ACT, {"t", "end", "elsewhere"}, 4, "1 2 3 4"),
        # Without articles: the paragraph that stands alone, A1, A2, and B (no heading below it).
        (NOTICE, set(), 4, "p A1 A2 B"),
        (NOTICE, {"A"}, 4, "p B"),
        (NOTICE, {"A1a", "B1"}, 4, "p A2"),
        (NOTICE, {"p", "A1", "A2", "B"}, 4, ""),
        (text("c chapter", "s section"), set(), 0, ""),
        ([], set(), 0, ""),
    ],
)
def test_by_hand(
    clauses: list[ClauseData], explained: set[str], total: int, uncovered: str
) -> None:
    found = coverage_of_text(clauses, explained)
    assert (found.total, list(found.uncovered)) == (total, uncovered.split())
    assert found.covered == total - len(found.uncovered)


def test_what_is_no_longer_in_force_does_not_count() -> None:
    ended = ClauseData("2", "article", "第二条", "废", invalid_from=DAY)
    below = ClauseData("2a", "item", "（一）", "项", parent="2")
    clauses = [ClauseData("1", "article", "第一条", "存"), ended, below]
    assert coverage_of_text(clauses, (), DAY - datetime.timedelta(days=1)).total == 2
    assert coverage_of_text(clauses, (), DAY).uncovered == ("1",)
    # The item that ended is not asked of its article.
    items = [
        ClauseData("1", "article", "第一条", "下列情形："),
        ClauseData("a", "item", "（一）", "甲", parent="1"),
        ClauseData("b", "item", "（二）", "乙", parent="1", invalid_from=DAY),
    ]
    assert coverage_of_text(items, {"a"}, DAY).uncovered == ()


@pytest.mark.parametrize(
    ("explained", "percent"), [(set(), 0), ({"1"}, 33), ({"1", "2"}, 66), ({"1", "2", "3"}, 100)]
)
def test_percent_is_rounded_down(explained: set[str], percent: int) -> None:
    found = coverage_of_text(text("1 article", "2 article", "3 article"), explained)
    assert found.percent == percent


def test_nothing_to_explain_has_no_percent() -> None:
    assert coverage_of_text([], ()).percent is None
