"""Figures that no clause prints but that follow from those it does.

A year's total of a monthly amount, the difference between two amounts ("提高了10万元"), the sum of
amounts ("合计"), and how long a span of years is.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations

_YEARLY = re.compile(r"全年|一年|每年|年均|1年|\ba year\b|annual|per year", re.IGNORECASE)
_MONTHLY = re.compile(r"每月|月均|每人每月|按月|/月")
_DIFFERENCE = re.compile(
    r"(?:提高|增加|上调|降低|减少|下调|上升|下降|缩短|延长|压缩|节省|多|少|高|低)[了出]?(?:约)?$"
    r"|\b(?:by|an increase of|a reduction of|a rise of) $",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"(?:合计|总计|共计|累计|总共|一共|共)(?:为|可|可以|达|领|能领|领取|约)*$|\btotal(?:ling| of)? $"
)
_MOST = 12  # figures of one unit in a clause: more make no sum that anybody writes down
_BEFORE = 12


def is_total_of_a_year(
    found: Decimal, text: str, start: int, clause: str, values: Iterable[Decimal]
) -> bool:
    """Whether a figure at ``start`` of ``text`` is twelve times a monthly one of the clause."""
    around = text[max(0, start - _BEFORE) : start]
    return bool(_YEARLY.search(around) and _MONTHLY.search(clause)) and found / 12 in set(values)


def is_difference(found: Decimal, text: str, start: int, values: Sequence[Decimal]) -> bool:
    if not _DIFFERENCE.search(text[max(0, start - _BEFORE) : start]):
        return False
    neighbours = zip(values, values[1:], strict=False)
    return any(abs(one - other) == found for one, other in neighbours)


def is_sum(found: Decimal, text: str, start: int, values: Sequence[Decimal]) -> bool:
    if not _SUM.search(text[max(0, start - _BEFORE) : start]) or len(values) > _MOST:
        return False
    return sum(values) == found or any(a + b == found for a, b in combinations(values, 2))


_PRODUCT = re.compile(
    r"(?:最多|最高|至多|合计|总计|共计|累计|总共|一共|共|up to)[^，。；;\n]{0,6}$", re.IGNORECASE
)


def is_product(
    found: Decimal, text: str, start: int, values: Sequence[Decimal], times: Sequence[Decimal]
) -> bool:
    """3000元 for each of at most 20亩 are 60000元. Powers of ten are no reason: 3000 is 300 too much."""
    if not _PRODUCT.search(text[max(0, start - _BEFORE) : start]):
        return False
    if len(values) > _MOST or len(times) > _MOST:
        return False
    many = [number for number in times if number not in (1, 10, 100, 1000, 10000)]
    return any(value * number == found for value in values for number in many)


def is_span(years: Decimal, known: Iterable[int]) -> bool:
    """Whether so many years lie between two of those that are named: 2026—2028 are three."""
    ordered = sorted(set(known))
    return any(
        later - earlier in (years, years - 1)
        for earlier, later in zip(ordered, ordered[1:], strict=False)
    )
