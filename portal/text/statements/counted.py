"""Counts that no clause has and that may stand all the same: places, papers, levels, ratios."""

import re
from decimal import Decimal

from .model import Range, Statement
from .qualifiers import negated
from .reading import Reading
from .units import ARTICLES, LEVELS, SUMMARIES
from .working import Sentence

_RATIO = re.compile(r"(?<!\d)1:(\d{1,4})(?!\d)")
_TERMS = frozenset({"学期", "学年"})
_PLACES = frozenset({"楼", "室", "号窗口", "号楼", "单元"})
_CLASSES = LEVELS | {"类"}
# What to bring: so many papers and photographs.
_PAPERS = frozenset({"张", "份"})


def is_own_count(reading: Reading, statement: Statement) -> bool:
    """Whether a count is the text's own, or is known from a clause without being printed there."""
    if statement.unit in _CLASSES and negated(reading.plain, *statement.span):
        return True  # 三级、四级不在补贴范围内
    return (
        _is_of_ratio(reading, statement)
        or _is_between_levels(reading, statement)
        or _is_summary(reading, statement)
        or _is_place(reading, statement)
    )


def _is_of_ratio(reading: Reading, statement: Statement) -> bool:
    """一名护理员照料3位, 30名学生要有3位老师: where a clause has 1:3, 1:10."""
    ratios = {Decimal(number) for number in _RATIO.findall(reading.index.text)}
    if not ratios or not isinstance(statement.value, Decimal):
        return False
    if statement.value in ratios:
        return True
    sentence = Sentence(reading.plain, statement, reading.statements)
    counts = sentence.others("count", Decimal)
    return any(
        large / small in ratios
        for other in counts
        for small, large in [sorted((other, statement.value))]
        if small
    )


def _is_between_levels(reading: Reading, statement: Statement) -> bool:
    """三星, where a clause names 一至五星."""
    if statement.unit not in LEVELS or statement.qualifier:
        return False  # 三星以上 is a rule
    if not isinstance(statement.value, Decimal):
        return False
    ranges = [figure.statement.value for figure in reading.index.of_unit("count", statement.unit)]
    return any(one.low <= statement.value <= one.high for one in ranges if isinstance(one, Range))


def _is_place(reading: Reading, statement: Statement) -> bool:
    """Windows, floors and rooms of an office that the clauses do not describe."""
    if statement.printed.endswith("楼"):  # 一楼 is a place, 四层 is how high a house is
        return not any(
            figure.statement.printed.endswith("楼") for figure in reading.index.of_kind("count")
        )
    return statement.unit in _PLACES and ("count", statement.unit) not in reading.index.units


def _is_summary(reading: Reading, statement: Statement) -> bool:
    """Small counts of kinds and points, where the clauses count nothing of the sort."""
    found = statement.value
    if not isinstance(found, Decimal) or found > 10:
        return False
    in_words = not statement.printed[:1].isdecimal() and found <= 3
    if found == 1 and statement.unit in _TERMS and not statement.qualifier:
        return True  # 一学年就是四次
    if ("count", statement.unit) in reading.index.units:
        return statement.unit == "个" and in_words
    if statement.unit in _PAPERS:
        return True
    return statement.unit in SUMMARIES or (statement.unit in ARTICLES and in_words)
