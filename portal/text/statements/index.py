"""The figures of the cited clauses, ready to be looked up."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from portal.text.numerals import CHINESE, value

from .conditions import Cases, conditions
from .extraction import extract
from .folding import folded
from .model import CalendarDate, DocumentNumber, Range, Span, Statement
from .roles import Roles

# Figures of one value (or kind) that are looked at; a hundred say no more than fifty.
_MOST = 50
_NEAR = 24
# 二套房, 三级, 18岁 name things; nothing is paid for each of so many of them.
_NAMES = frozenset({"套", "级", "星", "类", "档", "岁", "楼", "孩", "度"})


@dataclass(frozen=True)
class Figure:
    """A figure of a clause, with the place where it stands."""

    statement: Statement
    clause: "Clause"
    part: bool = False  # an end of a range

    @property
    def is_rate(self) -> bool:
        """Whether it is what something is reckoned by: 每半小时2元 rules no half hour."""
        return self.clause.plain[: self.statement.span[0]].endswith("每")

    @property
    def case(self) -> Statement | None:
        """The figure of the clause on whose condition this one stands."""
        return next(iter(self.clause.cases.get(self.statement, ())), None)

    @cached_property
    def words(self) -> set[str]:
        return words_around(self.clause.plain, self.statement.span)


@dataclass(eq=False)
class Clause:
    key: str
    text: str
    plain: str
    roles: Roles
    cases: Cases
    # (kind, unit) → the single figures, in reading order
    single: dict[tuple[str, str], list[Decimal]] = field(default_factory=dict)

    # The figures as printed: without the ends of ranges
    figures: list[Figure] = field(default_factory=list)

    @cached_property
    def words(self) -> set[str]:
        return pairs_of(self.plain)

    def times(self) -> list[Decimal]:
        """What an amount may be multiplied with: so many acres, persons, months."""
        return [
            number
            for (kind, unit), numbers in self.single.items()
            if (kind == "count" and unit not in _NAMES) or unit == "month"
            for number in numbers
        ]


class Index:
    """All figures of some clauses."""

    def __init__(self, clauses: Sequence[tuple[str, str]]) -> None:
        self.clauses: list[Clause] = []
        self.text = ""
        self.numbers: set[Decimal] = set()
        self._kinds: dict[str, dict[tuple[object, ...], Figure]] = defaultdict(dict)
        self._values: dict[tuple[str, object], list[Figure]] = defaultdict(list)
        self._units: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        for key, text in clauses:
            self._add(key, text)
        self.text = "\n".join(clause.plain for clause in self.clauses)
        self.units = {
            (kind, figure.statement.unit)
            for kind, figures in self._kinds.items()
            for figure in figures.values()
        }
        self.dates = [
            figure.statement.value
            for figure in self.of_kind("date")
            if isinstance(figure.statement.value, CalendarDate)
        ]
        numbered = [figure.statement.value for figure in self.of_kind("document")]
        self.years = {date.year for date in self.dates if date.year is not None} | {
            number.year
            for number in numbered
            if isinstance(number, DocumentNumber) and number.year is not None
        }

    def of_kind(self, kind: str) -> list[Figure]:
        """The figures of a kind that differ in value, unit or bounds, in reading order."""
        return list(self._kinds[kind].values()) if kind in self._kinds else []

    def of_unit(self, kind: str, unit: str) -> list[Figure]:
        """Every figure of a unit, the same value as often as it stands."""
        return self._units.get((kind, unit), [])

    def of_value(self, kind: str, value: object) -> list[Figure]:
        """The first figures of a kind with exactly this value, whatever their unit."""
        return self._values.get((kind, value), [])

    def _add(self, key: str, text: str) -> None:
        plain = folded(text)
        statements = extract(text, "zh")
        clause = Clause(key, text, plain, Roles(plain, statements), conditions(plain, statements))
        self.clauses.append(clause)
        for figure in _figures(statements, clause):
            statement = figure.statement
            distinct = (statement.value, statement.unit, statement.qualifier)
            self._kinds[statement.kind].setdefault(distinct, figure)
            if not figure.part:
                clause.figures.append(figure)
                whole = self._units[statement.kind, statement.unit]
                if len(whole) < _MOST:
                    whole.append(figure)
            alike = self._values[statement.kind, statement.value]
            if len(alike) < _MOST:
                alike.append(figure)
            if isinstance(statement.value, Decimal):
                self.numbers.add(statement.value)
                if not figure.part:
                    single = clause.single.setdefault((statement.kind, statement.unit), [])
                    single.append(statement.value)
        for match in re.finditer(CHINESE, plain):
            number = value(match[0])
            if number is not None:
                self.numbers.add(number)
        self.numbers |= {Decimal(digits) for digits in re.findall(r"\d{1,20}", plain, re.ASCII)}


def _figures(statements: Sequence[Statement], clause: Clause) -> Iterator[Figure]:
    before: Statement | None = None
    for statement in statements:
        yield Figure(statement, clause)
        found = statement.value
        if isinstance(found, Range):
            low = Statement(
                statement.kind, found.low, statement.unit, "ge", statement.span, statement.printed
            )
            high = Statement(
                statement.kind, found.high, statement.unit, "le", statement.span, statement.printed
            )
            yield Figure(low, clause, part=True)
            yield Figure(high, clause, part=True)
        elif before is not None and _is_range(before, statement):
            assert isinstance(before.value, Decimal)
            assert isinstance(found, Decimal)
            span = (before.span[0], statement.span[1])
            printed = clause.text[span[0] : span[1]]
            whole = Range(before.value, found)
            yield Figure(
                Statement(statement.kind, whole, statement.unit, "", span, printed), clause
            )
        before = statement


def _is_range(one: Statement, other: Statement) -> bool:
    """五千元以上五万元以下."""
    return (
        (one.kind, one.unit) == (other.kind, other.unit)
        and (one.qualifier, other.qualifier) == ("ge", "le")
        and isinstance(one.value, Decimal)
        and isinstance(other.value, Decimal)
        and other.span[0] - one.span[1] <= 3
    )


def words_around(plain: str, span: Span) -> set[str]:
    """The pairs of characters before and after a figure: what it is about."""
    around = plain[max(0, span[0] - _NEAR) : span[0]] + "\n" + plain[span[1] : span[1] + _NEAR]
    return pairs_of(around)


def pairs_of(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
