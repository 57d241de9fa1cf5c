"""What an amount may be multiplied with, and shares that follow from others."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from .days import number_of
from .index import Figure
from .model import Range, Statement
from .sameness import ends, is_rounding

_HUNDRED = Decimal(100)
_YEAR = Decimal(12)
_MORE = re.compile("超|加|提高|增|涨|上浮|高出|more|increase|rise")
_LESS = re.compile("降|减|折|优惠|少|扣|下浮|less|reduc|discount")
_EACH = re.compile("每[^，。；;\\n\\d]{0,3}$")
# Levels, ages and places: nothing is multiplied with them.
FREE_UNITS = frozenset({"级", "星", "类", "档", "楼", "岁", "室", "号楼", "单元", "号窗口"})


def is_rounded_share(statement: Statement, one: Decimal, other: Decimal) -> bool:
    """占3.4% for 47 of 1386."""
    small, large = sorted((one, other))
    exact, found = small / large * _HUNDRED, number_of(statement)
    if statement.rounded is not None:
        return is_rounding(statement, exact)
    last_place = Decimal(1).scaleb(int(found.as_tuple().exponent))
    return abs(exact - found) * 2 <= last_place


def is_range_of(whole: Statement, part: Statement, figures: Sequence[Figure]) -> bool:
    """造价200万元的，罚10万元到20万元, where a clause has 5%以上10%以下."""
    if not isinstance(whole.value, Decimal) or not isinstance(part.value, Range):
        return False
    if (whole.kind, whole.unit) != (part.kind, part.unit):
        return False
    base, found = whole.value / _HUNDRED, part.value
    return any(
        (base * one.statement.value.low, base * one.statement.value.high) == found
        for one in figures
        if one.statement.kind == "percent" and isinstance(one.statement.value, Range)
    )


def is_single(statement: Statement) -> bool:
    return isinstance(statement.value, Decimal)


def factors_of(statement: Statement) -> Iterator[Decimal]:
    """What an amount may be multiplied with, because of this figure."""
    if not isinstance(statement.value, Decimal) or not statement.value:
        return
    number = statement.value
    if statement.kind == "percent":
        yield number / _HUNDRED
        yield (_HUNDRED - number) / _HUNDRED
    elif statement.kind == "duration":
        if statement.unit == "month":
            yield number
            yield number / _YEAR
        elif statement.unit == "minute":
            yield number / 60
            yield number / 1440
        else:
            yield number
    elif statement.kind == "count" and statement.unit not in FREE_UNITS:
        yield number


def shares_of(statement: Statement, sentence: str) -> Iterator[Decimal]:
    """What an amount becomes by a share: 超了20% is 1.2 of it."""
    share = number_of(statement) / _HUNDRED
    yield share
    if _MORE.search(sentence):
        yield 1 + share
    if _LESS.search(sentence):
        yield 1 - share


def values_of(figures: Sequence[Figure], statement: Statement) -> set[object]:
    """The values of a clause's figures of one kind and unit."""
    return {
        value
        for figure in figures
        if (figure.statement.kind, figure.statement.unit) == (statement.kind, statement.unit)
        for value in (figure.statement.value, *ends(figure.statement.value))
    }


def rates_of(figures: Sequence[Figure], statement: Statement) -> list[Decimal]:
    """For how much a clause gives an amount: any time, and what stands after 每."""
    alike = [
        one
        for one in figures
        if (one.statement.kind, one.statement.unit) == (statement.kind, statement.unit)
    ]
    if statement.kind == "count":
        alike = [one for one in alike if _EACH.search(one.clause.plain[: one.statement.span[0]])]
    elif statement.kind != "duration":
        return []
    return [one.statement.value for one in alike if isinstance(one.statement.value, Decimal)]


def is_raised(statement: Statement, beside: Sequence[Statement], figures: Sequence[Figure]) -> bool:
    """80% where the clause gives 75% and five percentage points more to some.

    One of the three, share, step and result, may be the text's own: 原来报75%，现在报55%.
    """
    if statement.unit != "%":
        return False
    ruled = [one.statement for one in figures if one.statement.unit == "%"]
    shares = {number_of(one) for one in ruled if one.kind == "percent" and is_single(one)}
    steps = {number_of(one) for one in ruled if one.kind == "points" and is_single(one)}
    told = {number_of(one) for one in beside if one.kind == "percent"}
    told_steps = {number_of(one) for one in beside if one.kind == "points"}
    found = number_of(statement)
    if statement.kind == "points":
        return any(found == abs(one - other) and one != other for one in told for other in shares)
    return any(
        found in (share + step, share - step)
        for some, ways in ((shares, steps), (shares, told_steps), (told, steps))
        for share in some
        for step in ways
    )
