"""Which figures of the clauses bear a statement out."""

import re
from dataclasses import replace
from decimal import Decimal

from .index import Figure, Index
from .model import Range, Statement, Value
from .reading import Reading
from .sameness import same
from .units import OFTEN

# These are the same in more ways than by their value; there are few of them.
_COMPARED = ("date", "address", "document", "phone", "weekday")
_A_DAY = Decimal(1440)
_A_TON = Decimal(1000)
_BARE_HOUR = re.compile("(?:1[0-2]|[1-9]|十[一二]?|[一二两三四五六七八九])点")
_IN_DAYS = {"month": Decimal(30), "minute": 1 / _A_DAY}
_EVERY = re.compile(r"(?:每|间隔|\bevery |\bonce (?:in )?)$", re.IGNORECASE)
_NEAR = 10
_MIDNIGHT = (Decimal(0), _A_DAY)


def as_ruled(statement: Statement, index: Index) -> Statement:
    """三个月查一次 as three months, where no clause says how often; a ton of water in m³."""
    found = statement.value
    if statement.unit == "公斤" and statement.printed.endswith("吨"):
        is_volume = "水" in index.text and ("count", "立方米") in index.units
        if not is_volume or ("count", "公斤") in index.units:
            return statement
        return replace(statement, value=_scaled(found, 1 / _A_TON), unit="立方米")
    if (
        statement.unit != OFTEN
        or ("duration", OFTEN) in index.units
        or not isinstance(found, Decimal)
    ):
        return statement
    if found % 15 == 0:
        return replace(statement, value=found / 30, unit="month")
    return replace(statement, value=found * _A_DAY, unit="minute")


def _scaled(found: Value, factor: Decimal) -> Value:
    if isinstance(found, Range):
        return Range(found.low * factor, found.high * factor)
    return found * factor if isinstance(found, Decimal) else found


def bearing_out(reading: Reading, statement: Statement) -> list[Figure]:
    """The figures of the clauses that say the same as one of the text."""
    exact = reading.index.of_value(statement.kind, statement.value)
    if statement.kind == "time" and not exact and _BARE_HOUR.match(statement.printed):
        # 下午5点关门，4点半以后不再进馆
        assert isinstance(statement.value, Decimal)
        return reading.index.of_value("time", statement.value + _A_DAY / 2)
    if statement.kind == "time" and statement.value in _MIDNIGHT:
        return [one for at in _MIDNIGHT for one in reading.index.of_value("time", at)]
    if statement.kind not in _COMPARED and (statement.rounded is None or exact):
        candidates = exact
    else:
        candidates = reading.index.of_kind(statement.kind)
    found = [
        figure
        for figure in candidates
        if same(statement, figure.statement) and not (statement.qualifier and figure.is_rate)
    ]
    if not found and statement.printed.startswith("半天"):
        return reading.index.of_value("duration", Decimal("0.5"))  # 0.5个工作日
    return found or _as_often(reading, statement) or _as_age(reading, statement)


def _as_age(reading: Reading, statement: Statement) -> list[Figure]:
    """The ages of a clause that are translated as years: children under six years."""
    found = statement.value
    is_years = statement.kind == "duration" and statement.unit == "month"
    if reading.language == "zh" or not is_years or not isinstance(found, Decimal):
        return []
    return [
        one for one in reading.index.of_unit("count", "岁") if one.statement.value == found / 12
    ]


def _as_often(reading: Reading, statement: Statement) -> list[Figure]:
    """What is due as often, where a text names the time between: every three months."""
    found, days = statement.value, _IN_DAYS.get(statement.unit)
    if statement.kind != "duration" or not isinstance(found, Decimal) or days is None:
        return []
    if not _EVERY.search(reading.plain[max(0, statement.span[0] - _NEAR) : statement.span[0]]):
        return []
    return [
        figure
        for figure in reading.index.of_unit("duration", OFTEN)
        if figure.statement.value == found * days
    ]
