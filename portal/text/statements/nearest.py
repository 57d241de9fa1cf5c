"""Which figure of the clauses was probably meant by one that none of them bears out."""

import re
from decimal import Decimal

from portal.text.numerals import CHINESE, value

from .index import Figure, words_around
from .model import CalendarDate, Range, Statement
from .reading import Reading
from .roles import telling_words
from .sameness import closeness, ends, is_slip, like_units, same
from .working import Sentence

_HOURS = re.compile("时|钟|分|秒|hour|minute", re.IGNORECASE)
# A slip changes digits or moves the point; it does not make 15 of 1.6 million.
_SCALE = 0.02
# 其中卫生系统24人: a part that the clause need not know.
_PART_OF = re.compile("其中[^，。；;!?！？\\n]*(?:、[^，。；;!?！？\\n]*)*$")
_MINUTES = {"month": Decimal(30 * 1440), "workday": Decimal(1440)}
_MOST = 100
_MANY = 8
_RELATED = 0.3
_FAR = 30


def nearest(reading: Reading, statement: Statement) -> Figure | None:
    """What was probably meant: the same unit, alike words around it, a like value."""
    chosen = _comparable(reading, statement)
    if not chosen:
        return None
    if isinstance(statement.value, Range):
        ranges = [figure for figure in chosen if isinstance(figure.statement.value, Range)]
        chosen = ranges or chosen
    words = words_around(reading.plain, statement.span)

    def likeness(figure: Figure) -> tuple[int, float]:
        alike = closeness(statement.value, figure.statement.value)
        return len(words & figure.words), alike

    best = max(chosen[:_MOST], key=likeness)
    if not _is_near(statement, best):
        near = [figure for figure in chosen[:_MOST] if _is_near(statement, figure)]
        if near:
            best = max(near, key=likeness)
        elif not reading.is_named(statement, best):
            return None  # 睡够8小时 is not two weeks
    shared, alike_value = likeness(best)
    # Neither about the same nor nearly the same: the text has made it up.
    unrelated = reading.language == "zh" and not shared and alike_value < _RELATED
    if unrelated:
        return None
    is_vague = "个" in {best.statement.unit, statement.unit} and (
        best.statement.unit != statement.unit
    )
    is_other_form = isinstance(statement.value, Range) != isinstance(best.statement.value, Range)
    if (is_vague or is_other_form) and not reading.is_named(statement, best):
        return None
    if is_vague and not _is_near(statement, best):
        return None  # 58个 are no two doses
    if statement.rounded == 0 and not reading.is_named(statement, best):
        return None  # 大约要50分钟: nobody's rule
    if _is_of_other_things(reading, statement, best):
        return None
    start = statement.span[0]
    if _PART_OF.search(reading.plain[max(0, start - _FAR) : start]) and not reading.is_named(
        statement, best
    ):
        return None
    if not _is_told(reading, statement, best):
        return best
    # The sentence has that one right: it is another that was meant, or none.
    left = [
        figure
        for figure in chosen[:_MOST]
        if not _is_told(reading, statement, figure)
        and (statement.kind == "time" or reading.is_named(statement, figure))
        and _is_near(statement, figure)
    ]
    return max(left, key=likeness, default=None)


def _is_of_other_things(reading: Reading, statement: Statement, figure: Figure) -> bool:
    """Whether a sentence of many words has none of the clause's: 举报属实的奖励200元."""
    if reading.language != "zh":
        return False
    words = telling_words(Sentence(reading.plain, statement, reading.statements).words)
    return len(words) >= _MANY and not words & telling_words(figure.clause.plain)


def _is_near(statement: Statement, figure: Figure) -> bool:
    """Whether a number is not far from another one, or has its digits: 3万元 is not 2160元."""
    one, other = statement.value, figure.statement.value
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return True
    if _same_number(statement, figure.statement) or is_slip(one, other):
        return True
    return closeness(_size(statement.unit, one), _size(figure.statement.unit, other)) > _RELATED


def _size(unit: str, number: Decimal) -> Decimal:
    """A number that may be compared: months and working days in minutes."""
    return number * _MINUTES.get(unit, Decimal(1))


def _comparable(reading: Reading, statement: Statement) -> list[Figure]:
    """The figures of clauses that a figure may have been meant to be: its own sort, or it
    itself in another unit (15日 for 15个工作日, percent for percentage points)."""
    kinds = ("percent", "points") if statement.unit == "%" else (statement.kind,)
    alike = [figure for kind in kinds for figure in reading.index.of_kind(kind)]
    unit = [
        figure
        for figure in alike
        if (figure.statement.kind, figure.statement.unit) == (statement.kind, statement.unit)
    ]
    if unit:
        unit = [figure for figure in unit if _of_like_size(statement, figure.statement)]
        if not unit:
            return []
    if isinstance(statement.value, CalendarDate) and statement.value.month is not None:
        # 3月20日申请的 is a day of somebody's, where a clause rules 每月10日前.
        return [
            one
            for one in alike
            if isinstance(one.statement.value, CalendarDate)
            and (one.statement.value.month is not None or one.statement.value.day is None)
        ]
    if statement.kind == "duration":
        like = [one for one in unit or alike if _of_like_length(statement, one.statement)]
        return like if unit else [one for one in like if _of_days(statement, one.statement)]
    if unit or statement.kind not in ("count", "percent", "points"):
        return unit or alike
    return [
        figure
        for figure in alike
        if figure.statement.value == statement.value
        or like_units(figure.statement.unit, statement.unit)
    ]


def _is_told(reading: Reading, statement: Statement, figure: Figure) -> bool:
    """Whether the same sentence states a clause's figure rightly beside this one.

    达到43.5%，现在是41.2%: the second is something else.
    """
    if statement.kind == "ordinal":  # 第一批已经结束。第二批下月开始。
        beside = [one for one in reading.statements if one is not statement]
    else:
        sentence = Sentence(reading.plain, statement, reading.statements)
        beside = [*sentence.earlier, *sentence.later]
    telling = [
        one for one in beside if one.kind == figure.statement.kind and same(one, figure.statement)
    ]
    if not telling:
        return False
    # 20个工作日内答复，再延长20个工作日: one of two is still to be told.
    ruled = reading.index.of_unit(figure.statement.kind, figure.statement.unit)
    alike = [one for one in ruled if one.statement.value == figure.statement.value]
    return len(telling) >= len(alike)


def _of_like_length(one: Statement, other: Statement) -> bool:
    """Hours are not meant for days: a hearing of two hours and five days to ask for one."""
    if one.unit != "minute" or other.unit != "minute":
        return True
    hours = [bool(_HOURS.search(statement.printed)) for statement in (one, other)]
    return hours[0] == hours[1] or _same_number(one, other)


def _of_like_size(statement: Statement, other: Statement) -> bool:
    pairs = [(one, two) for one in ends(statement.value) for two in ends(other.value)]
    return not pairs or any(
        not one or not two or closeness(one, two) > _SCALE or is_slip(one, two)
        for one, two in pairs
    )


def _of_days(one: Statement, other: Statement) -> bool:
    """Days for working days, or the same number of anything: 15日 for 15个工作日."""
    units = {statement.unit for statement in (one, other)}
    if "minute" in units:
        return not any(_HOURS.search(statement.printed) for statement in (one, other))
    return _same_number(one, other)


def _same_number(one: Statement, other: Statement) -> bool:
    numbers = [re.match(CHINESE, statement.printed) for statement in (one, other)]
    printed = [value(number[0]) for number in numbers if number]
    return len(printed) == len(numbers) and printed[0] == printed[1]
