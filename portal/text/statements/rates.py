"""Prices for so much of something: 每斤1.27元 where a clause has 每50公斤127元."""

import re
from collections.abc import Iterator
from decimal import Decimal

from portal.text.numerals import CHINESE, value

from .index import Clause, Figure
from .model import Statement
from .units import COUNT, DURATION, Unit

# Measures, of which there may be any part; persons and things come one by one.
_MEASURES: dict[str, Unit] = {
    word: unit
    for word, unit in (COUNT | DURATION).items()
    if unit.name in ("公斤", "升", "米", "平方米", "立方米", "千瓦时", "minute")
} | {"方": COUNT["立方米"], "度": COUNT["度电"]}
_WORDS = "|".join(sorted(map(re.escape, _MEASURES), key=len, reverse=True))
_PER = re.compile(rf"每(?P<number>{CHINESE}|半)?个?(?P<unit>{_WORDS})[^，。；;\n\d每]{{0,6}}$")
_AFTER = re.compile(rf"[/每](?P<number>{CHINESE}|半)?个?(?P<unit>{_WORDS})|一(?P<one>{_WORDS})")
_FAR = 16


def rate(plain: str, statement: Statement) -> tuple[str, Decimal] | None:
    """For how much of what an amount is given, in the unit that its measure has here."""
    start, end = statement.span
    match = _PER.search(plain[max(0, start - _FAR) : start]) or _AFTER.match(plain, end)
    if match is None:
        return None
    found = match.groupdict()
    unit = _MEASURES[found["unit"] or found["one"]]
    if found["number"] == "半":
        return unit.name, unit.factor / 2
    number = value(found["number"] or "1")
    return (unit.name, unit.factor * number) if number else None


def of_one_rate(plain: str, statement: Statement, clause: Clause) -> Iterator[Figure]:
    """The amounts of a clause that come to the same as one of a text, for another quantity."""
    told = rate(plain, statement)
    if told is None or not isinstance(statement.value, Decimal):
        return
    for figure in clause.figures:
        other = figure.statement
        if (other.kind, other.unit) != (statement.kind, statement.unit):
            continue
        # 早籼稻每50公斤127元，粳稻131元: what the first says is said of all.
        ruled = rate(clause.plain, other) or _of_list(clause, figure, told[0])
        if ruled is None or ruled[0] != told[0] or not isinstance(other.value, Decimal):
            continue
        if statement.value * ruled[1] == other.value * told[1]:
            yield figure


def _of_list(clause: Clause, figure: Figure, unit: str) -> tuple[str, Decimal] | None:
    earlier = [
        found
        for one in clause.figures
        if one.statement.span[0] < figure.statement.span[0]
        and one.statement.kind == figure.statement.kind
        and (found := rate(clause.plain, one.statement)) is not None
    ]
    return earlier[-1] if earlier and earlier[-1][0] == unit else None
