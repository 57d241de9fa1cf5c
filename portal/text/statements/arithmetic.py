"""Figures that a text works out before its reader's eyes.

A figure that no clause prints may stand where a clause's figure and one that is printed beside it
give it: 市场租金1500元的房子，租金为900元, where the clause has 60%. Units keep the sums honest: an
amount is multiplied by shares and counts and added to amounts only. One operand must stand in the
text; two figures of a clause that happen to give a third excuse nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from portal.text.numerals import CHINESE, value

from .days import is_end, lies_between, number_of
from .index import Clause, Figure, Index, words_around
from .model import Range, Statement
from .sameness import ends
from .shares import (
    FREE_UNITS,
    factors_of,
    is_raised,
    is_range_of,
    is_rounded_share,
    is_single,
    rates_of,
    shares_of,
    values_of,
)

_STOP = re.compile(r"[。!！?？\n]|\.(?=\s)")
_ROUNDS = 3
# Clauses that a sentence is about; more give sums by chance.
_CLAUSES = 3
_NAMED = 2
_FEW = 2
_TENS = frozenset(map(Decimal, (0, 1, 10, 100, 1000, 10000)))
_HUNDRED = Decimal(100)
_YEAR = Decimal(12)
_ROUNDING = Decimal("0.01")
# 最多20万元，相当于招用100人
_ANNOUNCED = re.compile("相当于|等于|折合|就是|合[^，。；]{0,2}$")
_PART = re.compile("占[^，。；;]{0,6}$")
_NEAR = 8
# Periods that are multipliers without being printed as figures.
_PERIODS: Sequence[tuple[re.Pattern[str], Decimal]] = (
    (re.compile("季"), Decimal(3)),
    (re.compile("半年"), Decimal(6)),
    (re.compile("[一每全]年|年度|a year|annual", re.IGNORECASE), _YEAR),
    (re.compile("学年|学期"), Decimal(2)),
)
_PERSONS = re.compile(rf"({CHINESE})口")
_SCALED = frozenset({"money", "count", "duration"})
_TOTAL = re.compile("加上|加起来|合计|总共|一共|共计|total")
_SUMS = re.compile(
    "共|计|总|加|另|其余|其他|剩|还|再|比|差|多|少|提高|降|增|从|到|altogether|total|more|less"
)
_ADDS = ("加", "延长", "增加", "再延长")
_ROUGHLY = Decimal("0.9")
# 200年以上、不到500年的 are given, not worked out.
_THRESHOLDS = frozenset({"ge", "gt", "lt"})

type Refused = Callable[[Statement, Figure], bool]


class Arithmetic:
    """Which of the figures that no clause has are worked out in the text.

    ``matching`` are the figures of the clauses that bear a statement out; ``refused`` says whether
    a figure of a clause belongs to another case than the one that a statement names.
    """

    def __init__(
        self,
        plain: str,
        statements: Sequence[Statement],
        index: Index,
        matching: Mapping[Statement, Sequence[Figure]],
        refused: Refused,
    ) -> None:
        self._plain, self._statements, self._index = plain, statements, index
        self._matching, self._refused = matching, refused
        self._stops = [match.end() for match in _STOP.finditer(plain)]
        self.explained: set[Statement] = set()
        open_ones = [one for one in statements if not matching.get(one)]
        for _round in range(_ROUNDS):
            new = [
                one for one in open_ones if one not in self.explained and self._is_worked_out(one)
            ]
            self.explained.update(new)
            if not new:
                break

    def _sentence_of(self, statement: Statement) -> int:
        return bisect_right(self._stops, statement.span[0])

    def _beside(self, statement: Statement) -> list[Statement]:
        """The other figures of the sentence and of the ones next to it."""
        here = self._sentence_of(statement)
        return [
            one
            for one in self._statements
            if abs(self._sentence_of(one) - here) <= 1
            and one is not statement
            and isinstance(one.value, Decimal)
        ]

    def _clauses(self, statement: Statement, beside: Iterable[Statement]) -> list[Clause]:
        clauses = self._index.clauses
        if len(clauses) <= _CLAUSES:
            return clauses
        keys = {figure.clause.key for one in beside for figure in self._matching.get(one, ())}
        words = words_around(self._plain, statement.span)
        shared = sorted(
            ((len(words & clause.words), clause) for clause in clauses),
            key=lambda pair: -pair[0],
        )
        named = [clause for count, clause in shared[:_CLAUSES] if count >= _NAMED]
        return [clause for clause in clauses if clause.key in keys or clause in named]

    def _is_worked_out(self, statement: Statement) -> bool:
        beside = self._beside(statement)
        clauses = self._clauses(statement, beside)
        if statement.kind == "date":
            here = self._sentence_of(statement)
            dates = [
                one
                for one in self._statements
                if one.kind == "date"
                and one is not statement
                and self._sentence_of(one) == here
                and not self._matching.get(one)
            ]
            return is_end(statement, clauses, dates)
        figures = [figure for clause in clauses for figure in clause.figures]
        usable = [one for one in figures if not self._refused(statement, one)]
        here = self._sentence_of(statement)
        near = [one for one in self._statements if self._sentence_of(one) == here]
        if any(
            is_range_of(one, statement, usable) or is_range_of(statement, one, usable)
            for one in near
        ):
            return True
        if isinstance(statement.value, Range):
            return self._is_multiple(statement, beside, usable)
        if not isinstance(statement.value, Decimal):
            return False
        if statement.kind == "duration" and lies_between(statement, clauses):
            return True
        # What was made up for the example may be an operand of what follows from it.
        alike = [one for one in beside if (one.kind, one.unit) == (statement.kind, statement.unit)]
        return (
            self._is_share(statement, alike, usable)
            or self._is_multiple(statement, beside, usable)
            or self._is_sum(statement, alike, usable)
            or is_raised(statement, beside, usable)
            or self._is_ratio(statement, beside, usable)
            or self._is_input(statement, beside, usable)
        )

    def is_part(self, statement: Statement, clause: Clause) -> bool:
        """Whether a figure is the part of a clause's that comes in each of some years or rates, or
        an assumption from which another figure is worked out: 6000元的冰箱补1200元."""
        beside = self._beside(statement)
        usable = [one for one in clause.figures if not self._refused(statement, one)]
        own = [
            one
            for one in beside
            if (one.kind, one.unit) == (statement.kind, statement.unit)
            and not self._matching.get(one)
        ]
        return self._is_multiple(statement, beside, usable) or self._is_share(
            statement, own, usable
        )

    def _is_share(
        self, statement: Statement, alike: Sequence[Statement], figures: Sequence[Figure]
    ) -> bool:
        """1500元 … 900元 with 60% in the clause; 13.9万元 … 1000元 with 139个月."""
        if statement.kind not in _SCALED:
            return False
        found = number_of(statement)
        factors = {
            factor
            for figure in figures
            for factor in factors_of(figure.statement)
            if factor not in _TENS
        }
        for one in alike:
            other = number_of(one)
            if not other or other == found or not found:
                continue
            if other / found in factors or found / other in factors:
                return True
            if statement.rounded is not None and any(
                abs(other * factor - found) <= found * _ROUNDING for factor in factors
            ):
                return True  # 支出312.7亿元，近八成…，约245亿元
        return False

    def _is_multiple(
        self, statement: Statement, beside: Sequence[Statement], figures: Sequence[Figure]
    ) -> bool:
        """3200元 in the clause; 一家三口 … 9600元 in the text."""
        if statement.kind not in _SCALED or statement.unit in FREE_UNITS:
            return False
        known = values_of(figures, statement)
        found = statement.value
        told = {end for one in beside for end in ends(one.value)}
        for number in self._multipliers(statement, beside, figures):
            if number == 1:
                continue
            if isinstance(found, Range):
                if Range(found.low / number, found.high / number) in known or (
                    {found.low / number, found.high / number} <= known
                ):
                    return True
                continue
            assert isinstance(found, Decimal)
            # What a share is taken of has the result beside it.
            results = known & told if number < 1 else known
            if found / number in known or found * number in results:
                return True
        return False

    def _multipliers(
        self, statement: Statement, beside: Sequence[Statement], figures: Sequence[Figure]
    ) -> Iterator[Decimal]:
        """What a clause's figure may have been multiplied with, as the sentence prints it."""
        here, sentence = self._sentence_of(statement), self._words(statement)
        for one in beside:
            is_alike = (one.kind, one.unit) == (statement.kind, statement.unit)
            if self._sentence_of(one) != here or is_alike:
                continue
            if one.kind == "percent":
                yield from shares_of(one, sentence)
                continue
            # A ten that is nobody's figure is the text's own: 100亩可以得到30万元.
            is_few = one.kind == "count" and number_of(one) <= _FEW
            if is_few and (
                statement.kind == "duration" or (statement.kind == "count" and one.unit == "个")
            ):
                continue  # 两个零售点相隔 and 两次之间至少隔 are no sums
            if statement.kind == "duration" and one.kind == "count" and self._matching.get(one):
                continue  # 1年以上驾龄，近三个记分周期
            is_own = not self._matching.get(one)
            yield from (number for number in factors_of(one) if is_own or number not in _TENS)
            # 两个小时 where a clause has a price for half an hour, 3吨 for each 1000千克
            for rate in rates_of(figures, one):
                if rate and one.value != rate:
                    yield number_of(one) / rate
        for pattern, number in _PERIODS:
            if statement.kind == "money" and pattern.search(sentence):
                yield number
        for match in _PERSONS.finditer(sentence):
            persons = value(match[1])
            if persons and persons not in _TENS:
                yield persons

    def _is_input(
        self, statement: Statement, beside: Sequence[Statement], figures: Sequence[Figure]
    ) -> bool:
        """招5人补1万元, where the clause has 2000元: five is what the text assumes."""
        if statement.kind not in ("count", "duration") or statement.unit in FREE_UNITS:
            return False
        here = self._sentence_of(statement)
        numbers = [number for number in factors_of(statement) if number != 1]
        rates = rates_of(figures, statement)
        numbers += [
            number_of(statement) / rate for rate in rates if rate not in (0, statement.value)
        ]
        before = self._plain[max(0, statement.span[0] - _NEAR) : statement.span[0]]
        announced = _ANNOUNCED.search(before)
        for one in self._statements:
            if self._sentence_of(one) != here or one is statement:
                continue
            if (one.kind, one.unit) == (statement.kind, statement.unit):
                continue
            if one.unit in FREE_UNITS or (self._matching.get(one) and not announced):
                continue  # 2.5米，否则罚500元: what a clause prints is a result only if it says so
            known = values_of(figures, one)
            for result in ends(one.value):
                if any(number and result / number in known for number in numbers):
                    return True
        return False

    def _words(self, statement: Statement) -> str:
        here = self._sentence_of(statement)
        bounds = [0, *self._stops, len(self._plain)]
        start, end = bounds[here], bounds[here + 1]
        return self._plain[start:end]

    def _is_sum(
        self, statement: Statement, alike: Sequence[Statement], figures: Sequence[Figure]
    ) -> bool:
        """36.5亿元 in the clause; 8.2亿元，其余28.3亿元 in the text."""
        if statement.kind not in (*_SCALED, "points"):
            return False
        start = statement.span[0]
        total = _TOTAL.search(self._plain[max(0, start - 2 * _NEAR) : start])
        if statement.qualifier in _THRESHOLDS and not total:
            return False
        if statement.kind == "count" and not _SUMS.search(self._words(statement)):
            return False  # 3名教师和1名保育员, where a clause has 2名 and 1名
        found, here = number_of(statement), self._sentence_of(statement)
        near = [one for one in alike if self._sentence_of(one) == here]
        known = [
            number_of(figure.statement)
            for figure in figures
            if (figure.statement.kind, figure.statement.unit) == (statement.kind, statement.unit)
        ]
        if self._is_added(statement, near):
            return True
        for place, one in enumerate(near):
            if not self._matching.get(one) and one not in self.explained:
                continue
            number = number_of(one)
            # Twice the same is a sum only where a clause has it twice.
            others = list(known)
            if number in others:
                others.remove(number)
            others += [number_of(other) for other in near[place + 1 :]]
            if any(found in (number + other, abs(number - other)) for other in others):
                return True
            # 加上服务费也不到1元
            is_below = total and statement.qualifier in ("lt", "le")
            if is_below and any(_ROUGHLY * found <= number + other <= found for other in others):
                return True
        return False

    def _is_added(self, statement: Statement, near: Sequence[Statement]) -> bool:
        """四年制的最长19年, where a clause has 学制加15年; 75天 for 45天, 可以延长30天."""
        found, start = number_of(statement), statement.span[0]
        if self._plain[:start].endswith(_ADDS):
            return False
        own = [number_of(one) for one in near]
        for clause in self._index.clauses:
            numbers = clause.single.get((statement.kind, statement.unit), [])
            for figure in clause.figures:
                one = figure.statement
                if (one.kind, one.unit) != (statement.kind, statement.unit):
                    continue
                if not clause.plain[: one.span[0]].endswith(_ADDS):
                    continue
                number = number_of(one)
                rest = [other for other in numbers if other != number]
                if found - number in rest or any(abs(found - other) == number for other in own):
                    return True
        return False

    def _is_ratio(
        self, statement: Statement, beside: Sequence[Statement], figures: Sequence[Figure]
    ) -> bool:
        """三分之一 where 4000个 of the 12000个 of the text are; 两倍 for 3000元 and 1500元."""
        is_times = statement.unit == "倍"
        if statement.kind != "percent" and not is_times:
            return False
        found = number_of(statement) if is_times else number_of(statement) / _HUNDRED
        start = statement.span[0]
        is_part = _PART.search(self._plain[max(0, start - _NEAR) : start])
        printed = [one for one in beside if one.kind in ("money", "count")]
        ruled = [one.statement for one in figures if one.statement.kind in ("money", "count")]
        if is_times:
            shares = [one.statement for one in figures if one.statement.kind == "percent"]
            if any(found == 1 + number_of(one) / _HUNDRED for one in shares if is_single(one)):
                return True
            times = [one.statement for one in figures if one.statement.unit == "倍"]
            if any(found == 1 + number_of(one) for one in times):
                return True  # 加价1倍 is twice the price
        for one in ruled if is_times else printed:
            for other in ruled:
                same = (one.kind, one.unit) == (other.kind, other.unit)
                if not same or not is_single(one) or not is_single(other):
                    continue
                first, second = number_of(one), number_of(other)
                if (
                    first
                    and second
                    and first != second
                    and (
                        round(first / second, 4) == round(found, 4)
                        or round(second / first, 4) == round(found, 4)
                        or (is_part and is_rounded_share(statement, first, second))
                    )
                ):
                    return True
        return False
