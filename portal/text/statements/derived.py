"""Figures that no clause prints but that follow from those it does.

A year's total of a monthly amount, the difference between two amounts ("提高了10万元"), the sum of
amounts ("合计"), and how long a span of years is.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from .model import CalendarDate

_YEARLY = re.compile(r"全年|一年|每年|年均|1年|\ba year\b|annual|per year", re.IGNORECASE)
_MONTHLY = re.compile(r"每月|月均|每人每月|按月|/月")
_A_MONTH = re.compile(r"每个?月|月均|a month|per month|monthly", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"(?:提高|增加|上调|降低|减少|下调|上升|下降|缩短|延长|压缩|节省|相差|差额为?|贵|便宜|(?<![最至不])[多少高低])[了出]?(?:约)?$"
    r"|\b(?:by|an increase of|a reduction of|a rise of) $",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"(?:合计|总计|共计|累计|总共|一共|共)(?:为|可|可以|达|领|能领|领取|约)*$"
    r"|从[^，。；;\n]{1,8}到[^，。；;\n]{1,8}，?(?:最多|至多|一共|全程|最快|不超过)?$"
    r"|\btotal(?:ling| of)? $"
)
_MOST = 12  # figures of one unit in a clause: more make no sum that anybody writes down
_BEFORE = 12


def is_total_of_a_year(
    found: Decimal, text: str, start: int, clause: str, values: Iterable[Decimal]
) -> bool:
    """Whether a figure at ``start`` of ``text`` is twelve times a monthly one, or its twelfth."""
    around, known = text[max(0, start - _BEFORE) : start], set(values)
    if _YEARLY.search(around) and _MONTHLY.search(clause):
        return found / 12 in known
    return bool(_A_MONTH.search(around) and _YEARLY.search(clause)) and found * 12 in known


def is_difference(found: Decimal, text: str, start: int, values: Sequence[Decimal]) -> bool:
    if not _DIFFERENCE.search(text[max(0, start - _BEFORE) : start]):
        return False
    neighbours = pairwise(values)
    return any(abs(one - other) == found for one, other in neighbours)


def is_sum(found: Decimal, text: str, start: int, values: Sequence[Decimal]) -> bool:
    if not _SUM.search(text[max(0, start - 2 * _BEFORE) : start]) or len(values) > _MOST:
        return False
    return sum(values) == found or any(a + b == found for a, b in combinations(values, 2))


_PRODUCT = re.compile(
    r"(?:最多|最高|至多|合计|总计|共计|累计|总共|一共|共|up to)[^，。；;\n]{0,6}$", re.IGNORECASE
)


def is_product(
    found: Decimal, text: str, start: int, values: Sequence[Decimal], times: Sequence[Decimal]
) -> bool:
    """3000元 for each of at most 20亩 are 60000元.

    Powers of ten do not count: a figure that is ten times too much is a slip.
    """
    if not _PRODUCT.search(text[max(0, start - _BEFORE) : start]):
        return False
    if len(values) > _MOST or len(times) > _MOST:
        return False
    many = [number for number in times if number not in (1, 10, 100, 1000, 10000)]
    return any(value * number == found for value in values for number in many)


def is_span(years: Decimal, known: Iterable[int]) -> bool:
    """Whether so many years lie between two of those that are named: 2026—2028 are three."""
    ordered = sorted(set(known))
    return any(later - earlier in (years, years - 1) for earlier, later in pairwise(ordered))


_LASTING = re.compile(r"(?:为期|历时|持续|长达|前后)(?:约|近)?$")


def is_time_between(months: Decimal, text: str, start: int, dates: Sequence[CalendarDate]) -> bool:
    """Whether so many months lie between two dates of the clauses, the last one included."""
    if not _LASTING.search(text[max(0, start - _BEFORE) : start]):
        return False
    known = [date.month + 12 * (date.year or 0) for date in dates if date.month is not None]
    return any(abs(b - a) in (months, months - 1) for a, b in pairwise(known))
