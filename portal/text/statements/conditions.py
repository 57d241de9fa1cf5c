"""What a figure depends on: 缴费500元的，补贴60元 gives 60元 on the condition of 500元.

A clause that rules several cases gives each its condition and its figure; a text that names the
condition of one case and the figure of another is wrong, though both figures are in the clause.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from .model import Range, Statement
from .qualifiers import conflict

_KINDS = frozenset({"count", "duration", "money"})
_LONGEST = 18
_STOP = re.compile(r"[。；;!?！？\n]")
# 500元的，…; 55周岁退休的为…; 80周岁至89周岁每人每月…
_MARKED = re.compile(r"[^，。；;\n]{0,8}[的者]|[^，。；;\n]{0,4}(?:档|至|到|岁|户)")


type Cases = Mapping[Statement, Sequence[Statement]]


def conditions(text: str, statements: Sequence[Statement], *, marked: bool = True) -> Cases:
    """For each figure of a folded text those that say in which case it holds, the nearest first.

    ``marked``: only where words say so (以上的, 至). What a clause rules must be certain; a text
    may put it loosely, since it is held against such a case only.
    """
    return {
        figure: list(_before(text, statements[:place], figure, marked))
        for place, figure in enumerate(statements)
        if figure.kind in (*_KINDS, "percent")
    }


def _before(
    text: str, before: Sequence[Statement], figure: Statement, only_marked: bool
) -> Iterator[Statement]:
    following = figure
    for one in reversed(before):
        between = text[one.span[1] : following.span[0]]
        if len(between) > _LONGEST or _STOP.search(between) or "分别" in between:
            return
        is_alike = (one.kind, one.unit) == (figure.kind, figure.unit)
        marked = bool(not only_marked or one.qualifier or _MARKED.match(between))
        if one.kind in _KINDS and (
            # 500元的，补贴60元 is a case; 本科不超过2万元，硕士不超过3万元 is none.
            "，" in between and bool(_MARKED.match(between) or (one.qualifier and not only_marked))
            if is_alike
            else (marked or isinstance(one.value, Range))
        ):
            yield one
        if is_alike:
            return
        following = one


def same_case(told: Statement, ruled: Statement) -> bool:
    """Whether a text's condition is one of the clause's: 85岁 is in 80周岁至89周岁."""
    if (told.kind, told.unit) != (ruled.kind, ruled.unit):
        return False
    if isinstance(ruled.value, Range):
        if isinstance(told.value, Range):
            return told.value == ruled.value
        if not isinstance(told.value, Decimal):
            return False
        # 300立方米以上 is not in 181至300立方米
        above = told.qualifier in ("ge", "gt") and told.value == ruled.value.high
        below = told.qualifier in ("le", "lt") and told.value == ruled.value.low
        return ruled.value.low <= told.value <= ruled.value.high and not above and not below
    return told.value == ruled.value and not conflict(told.qualifier, ruled.qualifier)


def is_between(told: Statement, ruled: Statement) -> bool:
    """Whether an amount of the text is one of those of a case: 30马力 of 20至50马力."""
    return isinstance(ruled.value, Range) and told.value != ruled.value and same_case(told, ruled)


def nearest_bounds(told: Statement, ruled: Sequence[Statement]) -> list[Statement]:
    """The bounds that an amount keeps, of each way the nearest: 7年 is 满5年, not 满1年.

    Of one that is bounded itself nobody can say, and one bound makes no scale: 3年内 is a term.
    """
    found = told.value
    is_scale = len({(one.value, one.qualifier) for one in ruled}) > 1
    if told.qualifier or not is_scale or not isinstance(found, Decimal):
        return []
    nearest: list[Statement] = []
    for ways, is_below in ((("ge", "gt"), True), (("le", "lt"), False)):
        kept = [
            one
            for one in ruled
            if isinstance(one.value, Decimal)
            and one.qualifier in ways
            and one.value != found
            and (one.value < found) == is_below
        ]
        bounds = [one.value for one in kept]
        bound = (max if is_below else min)(bounds, default=None)
        nearest += [one for one in kept if one.value == bound]
    return nearest
