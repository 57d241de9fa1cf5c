"""Figures that no clause has and that may stand all the same."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from .arithmetic import Arithmetic
from .counted import is_own_count
from .derived import (
    is_difference,
    is_product,
    is_span,
    is_sum,
    is_time_between,
    is_total_of_a_year,
)
from .frames import in_contact, in_example, in_passing, is_news
from .history import is_compared, is_former
from .index import Clause
from .model import CalendarDate, Range, Statement
from .rates import of_one_rate
from .reading import Reading
from .sameness import closeness, has_ends
from .shared import EMERGENCIES, SHORT
from .working import Sentence, is_half, is_input, is_rate_of_example, is_step, is_worked_out

# One year, month, week, day: what rates are given for.
_ONE = {
    "month": (Decimal(12), Decimal(1), Decimal(3)),
    "minute": (Decimal(1440), Decimal(1440 * 7)),
}
_A_DAY = Decimal(1440)
# Thousand, 万, million, 亿: powers that are printed in words.
_POWERS = (3, 4, 6, 8, 9)
_FREE = re.compile("免|不收|不得收|不向|无需|不需要|不承担")
_AFTER_A_DAY = re.compile("[(]?含?[)]?(?:当天)?(?:及|或)?(?:以后|之后|后|起|以前|之前)")
_FROM_A_DAY = re.compile(r"\b(?:from|after|since|before|until) $", re.IGNORECASE)
_DEADLINE = re.compile("之?前|以前|截止|为止")
_OF_A_DAY = re.compile("上午|下午|晚上|早上|中午|每天|每日|全天|一天|共|持续")
# 最长一年, 满了一年; 长护险一年120元 is no bound.
_BOUNDED = re.compile("[满长过足期续达到近前后隔][为是达到了约有]{0,2}$")
_LIKE = 0.5


class Excuses:
    """Of one text. ``arithmetic`` knows what it works out before its reader's eyes."""

    def __init__(self, reading: Reading, arithmetic: Arithmetic) -> None:
        self.reading = reading
        self.plain, self.own, self.index = reading.plain, reading.own, reading.index
        self.language, self.statements = reading.language, reading.statements
        self._arithmetic = arithmetic

    def excuse(self, statement: Statement) -> bool:
        return (
            statement in self._arithmetic.explained
            or is_former(self.plain, statement, self.statements, self.index)
            or self._is_same_rate(statement)
            or is_compared(self.plain, statement, self.index)
            or self._has_both_ends(statement)
            or self._is_excused(statement)
        )

    def _is_excused(self, statement: Statement) -> bool:
        """Whether a figure that no clause has may stand all the same."""
        found = statement.value
        if in_passing(self.plain, *statement.span):
            return True
        match statement.kind:
            case "number":
                return isinstance(found, Decimal) and (
                    self._is_number(found) or is_news(self.plain, statement.span[0])
                )
            case "phone":
                return found in EMERGENCIES or self._is_other_phone(str(found))
            case "time" if _DEADLINE.match(self.plain, statement.span[1]):
                return False
            case "address" | "mail" | "web" | "weekday" | "time":
                return self._is_addition(statement)
            case "provision" | "ordinal":
                return (statement.kind, statement.unit) not in self.index.units
            case "date":
                return (
                    (isinstance(found, CalendarDate) and self._is_known_year(found))
                    or self._is_example(statement)
                    or self._is_neighbour(statement)
                    or is_news(self.plain, statement.span[1])
                )
            case "duration":
                return (
                    self._is_example(statement)
                    or self._is_known_duration(statement)
                    or self._is_between(statement)
                    or self._follows(statement)
                )
            case "percent":
                half = statement.printed in ("一半", "半数") and not self.index.of_kind("percent")
                return half or self._follows(statement)
            case "count":
                small = is_own_count(self.reading, statement) or self._is_example(statement)
                return small or self._follows(statement)
            case _:
                return self._follows(statement)

    def _has_both_ends(self, statement: Statement) -> bool:
        if not isinstance(statement.value, Range):
            return False
        key = (statement.kind, statement.unit)
        return any(
            has_ends(statement.value, clause.single.get(key, ())) for clause in self.index.clauses
        )

    def _is_same_rate(self, statement: Statement) -> bool:
        """每斤1.27元 for 每50公斤127元, unless the words name another amount."""
        if statement.kind != "money":
            return False
        return any(
            not self._is_of_another(statement, figure.clause, figure.statement.value)
            for clause in self.index.clauses
            for figure in of_one_rate(self.plain, statement, clause)
        )

    def _is_example(self, statement: Statement) -> bool:
        return in_example(self.plain, statement.span[0])

    def _is_addition(self, statement: Statement) -> bool:
        """Where to go and when: no difference unless a clause says it of the same thing."""
        figures = self.index.of_kind(statement.kind)
        if not figures:
            return True
        return in_contact(self.plain, *statement.span) and not any(
            in_contact(figure.clause.plain, *figure.statement.span) for figure in figures
        )

    def _is_other_phone(self, found: str) -> bool:
        """A telephone is an addition; where clauses name some, only public lines are."""
        known = [str(figure.statement.value) for figure in self.index.of_kind("phone")]
        if not known:
            return True
        return len(found) < SHORT and all(len(number) > SHORT for number in known)

    def _is_neighbour(self, statement: Statement) -> bool:
        """The other side of a day, or a month of a half-year, that a clause names.

        2020年9月1日以后出生的 are not 2020年8月31日以前出生的; 下半年 is from July to December.
        """
        date = statement.value
        if not isinstance(date, CalendarDate) or date.month is None:
            return False
        if date.day is None:
            half = ("上半年", (1, 6)) if date.month < 7 else ("下半年", (7, 12))
            return half[0] in self.index.text and date.month in half[1]
        start, end = statement.span
        if not (
            _AFTER_A_DAY.match(self.plain, end)
            or _FROM_A_DAY.search(self.plain[max(0, start - 12) : start])
        ):
            return False
        for known in self.index.dates:
            if None in (known.month, known.day) or (date.year and known.year != date.year):
                continue
            day = datetime.date(known.year or 2000, known.month or 1, 1)
            day += datetime.timedelta(days=(known.day or 1) - 1)
            for way in (-1, 1):
                near = day + datetime.timedelta(days=way)
                if (near.month, near.day) == (date.month, date.day):
                    return True
        return False

    def _is_between(self, statement: Statement) -> bool:
        """How long it is between two dates or times that the text or a clause prints."""
        found, start = statement.value, statement.span[0]
        if not isinstance(found, Decimal):
            return False
        around = Sentence(self.plain, statement, self.statements)
        dates = around.others("date", CalendarDate)
        if statement.unit == "minute" and any(
            _days_between(one, other) in (found / _A_DAY, found / _A_DAY - 1)
            for one, other in pairwise(dates)
        ):
            return True
        if statement.unit == "minute":
            if not _OF_A_DAY.search(self.plain[max(0, start - 6) : start]):
                return False
            for clause in self.index.clauses:
                times = clause.single.get(("time", ""), [])
                if any(abs(one - other) == found for one, other in pairwise(times)):
                    return True
            return False
        months = [date.month + 12 * (date.year or 0) for date in dates if date.month]
        return statement.unit == "month" and any(
            {abs(b - a), (b - a) % 12} & {found, found - 1} for a, b in pairwise(months)
        )

    def _is_number(self, number: Decimal) -> bool:
        numbers = self.index.numbers
        if number in numbers:
            return True
        # Other languages print their powers in words that are not read here.
        read = self.language in ("zh", "en")
        return not read and any(number * 10**power in numbers for power in _POWERS)

    def _is_known_year(self, date: CalendarDate) -> bool:
        if date.month is not None or date.day is not None:
            return False
        # Where the clauses name no year, a year is the text's own.
        return date.year in self.index.years or not self.index.years

    def _is_known_duration(self, statement: Statement) -> bool:
        found, (start, end) = statement.value, statement.span
        if not isinstance(found, Decimal):
            return False
        if (
            statement.unit == "month"
            and found
            and found % 12 == 0
            and found / 12 * 365 * _A_DAY in self._days()
        ):
            return True  # 一年 for 365天
        is_about = statement.unit == "month" and statement.rounded is not None
        if is_about and found * 30 * _A_DAY in self._days():
            return True  # 半年左右 for 180天
        dates = self.index.dates
        if statement.unit == "minute" and found % _A_DAY == 0:
            day = found / _A_DAY
            if any(date.day == day for date in dates):  # 15日 may be a day of the month
                return True
        if (
            statement.unit == "month"
            and found * 30 * _A_DAY in self._days()
            and any(
                one.value == found * 30 * _A_DAY
                for one in Sentence(self.plain, statement, self.statements).later
            )
        ):
            return True  # 两个月内，也就是60天
        if found in _ONE.get(statement.unit, ()) and not statement.qualifier:
            # 一年最多300万元 is a rate; 满一年, 一年内 are not
            if found == 3:  # 一个季度
                return "季度" in self.index.text and "季度" in statement.printed
            if "小时" in statement.printed or "hour" in statement.printed:
                return False  # 一天 is a rate, 24小时 is not
            before, after = self.plain[max(0, start - 3) : start], self.plain[end : end + 1]
            bounded = _BOUNDED.search(before) or after in tuple("内后前以之期")
            if not bounded:
                return True
        if statement.unit != "month":
            return False
        return is_time_between(found, self.plain, start, dates) or (
            found % 12 == 0 and is_span(found / 12, self.index.years)
        )

    def _days(self) -> set[object]:
        return {
            figure.statement.value
            for figure in self.index.of_kind("duration")
            if figure.statement.unit == "minute"
        }

    def _follows(self, statement: Statement) -> bool:
        """Whether a figure follows from others of one clause."""
        found, start = statement.value, statement.span[0]
        if not isinstance(found, Decimal):
            return False
        kind = statement.kind
        if kind == "points" and (kind, statement.unit) not in self.index.units:
            kind = "percent"
        if is_news(self.plain, start) and not any(
            closeness(found, figure.statement.value) > _LIKE
            for figure in self.index.of_kind(statement.kind)
            if figure.statement.unit == statement.unit
        ):
            return True
        sentence = Sentence(self.plain, statement, self.statements)
        own = [
            one.value
            for one in sentence.earlier
            if one.kind == "percent" and isinstance(one.value, Decimal)
        ]
        for clause in self.index.clauses:
            values = clause.single.get((kind, statement.unit), [])
            every = [number for numbers in clause.single.values() for number in numbers]
            if is_input(statement, sentence, every) or is_step(found, sentence, values):
                return True
            if kind == "percent" and is_rate_of_example(found, sentence):
                return True
            if kind == "money" and is_half(found, values, clause.plain):
                return True
            if kind == "money" and not found and _FREE.search(clause.plain):
                return True  # 个人负担0元
            times = [] if kind == "duration" else clause.times()  # 2人 make no two months
            percents = [*clause.single.get(("percent", "%"), []), *own]
            if not values:
                if percents and is_worked_out(statement, sentence, values, percents, []):
                    return True
                continue
            if kind == "money" and self._is_named_share(statement, clause):
                return True
            if (
                is_difference(found, self.plain, start, values)
                or is_sum(found, self.plain, start, values)
                or (
                    is_total_of_a_year(found, self.plain, start, clause.plain, values)
                    and not self._is_of_another(statement, clause, found / 12)
                )
                or (
                    is_worked_out(statement, sentence, values, percents, times)
                    and not self._is_of_another(statement, clause, found / 12)
                )
                or (kind == "percent" and _is_rest(found, self.plain, start, values))
                or (
                    kind == "money" and is_product(found, self.plain, start, values, clause.times())
                )
            ):
                return True
        return False

    def _is_named_share(self, statement: Statement, clause: Clause) -> bool:
        """刷卡1.8元, where a clause has 2元 and 刷卡九折: the words name the share."""
        if self.own is None:
            return False
        values = clause.single.get((statement.kind, statement.unit), [])
        return any(
            self.own.share(statement, clause.roles, figure.statement)
            and any(value * share / 100 == statement.value for value in values)
            for figure in clause.figures
            if figure.statement.kind == "percent"
            and isinstance(share := figure.statement.value, Decimal)
            and share != 100
        )

    def _is_of_another(self, statement: Statement, clause: Clause, amount: object) -> bool:
        """Whether what follows from an amount is that of another one than the words name."""
        if self.own is None or not isinstance(amount, Decimal):
            return False
        base = replace(statement, value=amount)
        return clause.roles.named_instead(self.own.role(statement), base) is not None


def _days_between(one: CalendarDate, other: CalendarDate) -> int | None:
    """How many days lie between two dates that name month and day."""
    if None in (one.month, one.day, other.month, other.day):
        return None
    year = one.year or other.year or 2000
    first, last = (
        datetime.date(date.year or year, date.month or 1, 1)
        + datetime.timedelta(days=(date.day or 1) - 1)
        for date in (one, other)
    )
    return abs((last - first).days)


def _is_rest(found: Decimal, plain: str, start: int, values: Sequence[Decimal]) -> bool:
    """自己要付四成 where the clause pays 60%."""
    before = re.split("[，。；;\n]", plain[max(0, start - 20) : start])[-1]
    return bool(re.search("自己|自付|个人|其余|剩", before)) and 100 - found in values
