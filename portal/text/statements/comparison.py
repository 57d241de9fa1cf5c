"""A text beside the clauses that it cites."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ..numerals import CHINESE, bare, value
from .derived import is_difference, is_product, is_span, is_sum, is_total_of_a_year
from .extraction import extract
from .folding import folded
from .model import (
    Address,
    CalendarDate,
    DocumentNumber,
    Mismatch,
    Nearest,
    Range,
    Statement,
)
from .qualifiers import conflict, negated
from .roles import Role, misplaced, roles
from .shared import EMERGENCIES, HOTLINE
from .units import SUMMARIES


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of a clause, with the place where it stands."""

    statement: Statement
    clause: "_Clause"
    part: bool = False  # an end of a range

    @property
    def value(self) -> object:
        return self.statement.value


@dataclass(slots=True)
class _Clause:
    key: str
    text: str
    plain: str
    figures: list[_Figure] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)

    def times(self) -> list[Decimal]:
        """What an amount may be multiplied with: so many acres, persons, months."""
        return [
            figure.value
            for figure in self.figures
            if figure.statement.unit == "month" or figure.statement.kind == "count"
            if isinstance(figure.value, Decimal)
        ]


@dataclass(slots=True)
class _Index:
    clauses: list[_Clause]
    by_kind: dict[str, list[_Figure]]
    by_value: dict[tuple[str, object], list[_Figure]]
    numbers: set[Decimal]
    text: str


def check(text: str, clauses: Sequence[tuple[str, str]], language: str) -> list[Mismatch]:
    """The statements of ``text`` that none of the clauses bears out, in reading order.

    ``clauses`` are pairs of an id and the Chinese text of the clause, with its own number where the
    statement may cite it (第十二条 …). ``language`` is the language of ``text``. Without clauses
    there is nothing to compare with: the result is empty.
    """
    if not any(clause.strip() for _key, clause in clauses):
        return []
    index = _index(clauses)
    plain = folded(text)
    statements = extract(text, language)
    own = roles(plain, statements) if language.lower().startswith("zh") else []
    reading = _Reading(plain, statements, own, index, language.lower()[:2])
    return list(reading.mismatches())


def _index(clauses: Sequence[tuple[str, str]]) -> _Index:
    by_kind: dict[str, list[_Figure]] = defaultdict(list)
    by_value: dict[tuple[str, object], list[_Figure]] = defaultdict(list)
    numbers: set[Decimal] = set()
    read = []
    for key, text in clauses:
        clause = _Clause(key, text, folded(text))
        statements = extract(text, "zh")
        clause.roles = roles(clause.plain, statements)
        for figure in _figures(statements, clause):
            clause.figures.append(figure)
            by_kind[figure.statement.kind].append(figure)
            by_value[figure.statement.kind, figure.value].append(figure)
            if isinstance(figure.value, Decimal):
                numbers.add(figure.value)
        for match in re.finditer(CHINESE, clause.plain):
            number = value(match[0])
            if number is not None:
                numbers.add(number)
        numbers |= {Decimal(digits) for digits in re.findall(r"\d{1,20}", clause.plain, re.ASCII)}
        read.append(clause)
    return _Index(read, by_kind, by_value, numbers, "\n".join(c.plain for c in read))


def _figures(statements: Sequence[Statement], clause: _Clause) -> Iterator[_Figure]:
    before: Statement | None = None
    for statement in statements:
        yield _Figure(statement, clause)
        if isinstance(statement.value, Range):
            for bound, way in ((statement.value.low, "ge"), (statement.value.high, "le")):
                yield _Figure(_like(statement, bound, way), clause, part=True)
        # 五千元以上五万元以下 is a range as well
        elif (
            before is not None
            and (before.kind, before.unit) == (statement.kind, statement.unit)
            and (before.qualifier, statement.qualifier) == ("ge", "le")
            and isinstance(before.value, Decimal)
            and isinstance(statement.value, Decimal)
            and statement.span[0] - before.span[1] <= 3
        ):
            span = (before.span[0], statement.span[1])
            whole = Statement(
                statement.kind,
                Range(before.value, statement.value),
                statement.unit,
                "",
                span,
                clause.text[span[0] : span[1]],
            )
            yield _Figure(whole, clause)
        before = statement


def _like(statement: Statement, bound: Decimal, way: str) -> Statement:
    return Statement(
        statement.kind,
        bound,
        statement.unit,
        "ge" if way == "ge" else "le",
        statement.span,
        statement.printed,
    )


@dataclass(slots=True)
class _Reading:
    """One text while it is compared."""

    plain: str
    statements: list[Statement]
    own: list[Role]
    index: _Index
    language: str

    def mismatches(self) -> Iterator[Mismatch]:
        for statement in self.statements:
            found = self._wrong(statement)
            if found is not None:
                yield found

    def _wrong(self, statement: Statement) -> Mismatch | None:
        matching = [figure for figure in self._candidates(statement) if _same(statement, figure)]
        if matching:
            opposite = self._opposite(statement, matching)
            if opposite is not None:
                return _mismatch(statement, opposite)
            return self._misplaced(statement, matching)
        if self._is_excused(statement):
            return None
        return _mismatch(statement, self._nearest(statement))

    def _candidates(self, statement: Statement) -> Sequence[_Figure]:
        if statement.kind in ("date", "address", "document", "phone", "weekday", "count"):
            return self.index.by_kind.get(statement.kind, ())
        if statement.rounded is not None or isinstance(statement.value, Range):
            return self.index.by_kind.get(statement.kind, ())
        return self.index.by_value.get((statement.kind, statement.value), ())

    def _opposite(self, statement: Statement, matching: Sequence[_Figure]) -> _Figure | None:
        """The figure that is bounded the other way, where none is bounded the same way."""
        if not statement.qualifier:
            return None
        bounded = [figure for figure in matching if figure.statement.qualifier]
        for figure in bounded:
            other = figure.statement
            # "超过35周岁的，不能申请" says the same as "35周岁以下的可以申请"
            if not conflict(statement.qualifier, other.qualifier) or (
                negated(self.plain, *statement.span) != negated(figure.clause.plain, *other.span)
            ):
                return None
        return bounded[0] if bounded else None

    def _misplaced(self, statement: Statement, matching: Sequence[_Figure]) -> Mismatch | None:
        if not self.own or statement.rounded is not None:
            return None
        for clause in {id(figure.clause): figure.clause for figure in matching}.values():
            role = misplaced(self.plain, statement, self.own, clause.roles)
            if role is None:
                return None
            named = Nearest(clause.key, role.figure.span, role.figure.printed)
        return Mismatch(statement, statement.span, "different", named)

    def _is_excused(self, statement: Statement) -> bool:
        """Whether a figure that no clause has may stand all the same."""
        index, found = self.index, statement.value
        alike = index.by_kind.get(statement.kind, ())
        match statement.kind:
            case "number":
                return isinstance(found, Decimal) and self._is_number(found)
            case "phone":
                return found in EMERGENCIES or (found == HOTLINE and not alike)
            case "provision" | "ordinal":
                return not any(figure.statement.unit == statement.unit for figure in alike)
            case "date":
                return isinstance(found, CalendarDate) and self._is_known_date(found)
            case "duration":
                return self._is_known_duration(statement)
            case "percent":
                half = statement.printed in ("一半", "半数") and not alike
                return half or self._follows(statement)
            case "count":
                return self._is_summary(statement) or self._follows(statement)
            case _:
                return self._follows(statement)

    def _is_number(self, number: Decimal) -> bool:
        numbers = self.index.numbers
        if number in numbers:
            return True
        # Other languages print 万 and million in words that are not read here.
        scaled = self.language not in ("zh", "en")
        return scaled and any(number * 10**n in numbers for n in (3, 4, 6, 8, 9))

    def _is_known_date(self, date: CalendarDate) -> bool:
        if date.month is not None or date.day is not None:
            return False
        years = self._years()
        # Where the clauses name no year, a year is the text's own.
        return date.year in years or not years

    def _is_known_duration(self, statement: Statement) -> bool:
        found = statement.value
        if not isinstance(found, Decimal):
            return False
        if statement.unit == "minute" and found % 1440 == 0:
            day = found / 1440
            if any(
                isinstance(figure.value, CalendarDate) and figure.value.day == day
                for figure in self.index.by_kind.get("date", ())
            ):
                return True
        if found in (_ONE.get(statement.unit, ())) and not statement.qualifier:
            # 一年最多300万元 is a rate; 满一年, 一年内 are not
            start, end = statement.span
            before, after = self.plain[max(0, start - 3) : start], self.plain[end : end + 1]
            if not re.search("[满长过足期续达到近前后隔]", before) and after not in tuple(
                "内后前以之期"
            ):
                return True
        return statement.unit == "month" and found % 12 == 0 and is_span(found / 12, self._years())

    def _follows(self, statement: Statement) -> bool:
        """Whether a figure follows from others of one clause."""
        found, start = statement.value, statement.span[0]
        if not isinstance(found, Decimal) or statement.kind not in (
            "money",
            "percent",
            "points",
            "count",
        ):
            return False
        kind = "percent" if statement.kind == "points" else statement.kind
        for clause in self.index.clauses:
            values = [
                figure.value
                for figure in clause.figures
                if (figure.statement.kind, figure.statement.unit) == (kind, statement.unit)
                and isinstance(figure.value, Decimal)
            ]
            if values and (
                is_difference(found, self.plain, start, values)
                or is_sum(found, self.plain, start, values)
                or is_total_of_a_year(found, self.plain, start, clause.plain, values)
                or (
                    kind == "money" and is_product(found, self.plain, start, values, clause.times())
                )
            ):
                return True
        return False

    def _years(self) -> set[int]:
        dates = self.index.by_kind.get("date", ())
        documents = self.index.by_kind.get("document", ())
        return {
            figure.value.year
            for figure in (*dates, *documents)
            if isinstance(figure.value, CalendarDate | DocumentNumber)
            and figure.value.year is not None
        }

    def _is_summary(self, statement: Statement) -> bool:
        """Small counts of kinds and points, where the clauses count nothing of the sort."""
        found = statement.value
        if not isinstance(found, Decimal) or statement.unit not in SUMMARIES or found > 10:
            return False
        alike = self.index.by_kind.get("count", ())
        return not any(figure.statement.unit == statement.unit for figure in alike) or (
            statement.unit == "个" and bare(statement.printed[:1]) is False and found <= 3
        )

    def _nearest(self, statement: Statement) -> _Figure | None:
        """The figure that was probably meant: the same unit, alike words before it, a like value."""
        alike = self.index.by_kind.get(statement.kind, ())
        if statement.kind == "number":
            alike = [figure for clause in self.index.clauses for figure in clause.figures]
        if not alike:
            # 60天 for 60个工作日 has the unit wrong, 2米 for 2公顷 the kind
            return None
        words = _words(self.plain, statement.span)
        return max(
            alike,
            key=lambda figure: (
                figure.statement.unit == statement.unit,
                len(words & _words(figure.clause.plain, figure.statement.span)),
                _closeness(statement.value, figure.value),
            ),
        )


def _mismatch(statement: Statement, figure: _Figure | None) -> Mismatch:
    if figure is None:
        return Mismatch(statement, statement.span, "missing")
    other = figure.statement
    nearest = Nearest(figure.clause.key, other.span, other.printed)
    return Mismatch(statement, statement.span, "different", nearest)


# One year, month, week, day: what rates are given for.
_ONE = {"month": (Decimal(12), Decimal(1)), "minute": (Decimal(1440), Decimal(1440 * 7))}
_NEAR = 24


def _words(plain: str, span: tuple[int, int]) -> set[str]:
    around = plain[max(0, span[0] - _NEAR) : span[0]] + "\n" + plain[span[1] : span[1] + _NEAR]
    return {around[at : at + 2] for at in range(len(around) - 1)}


def _closeness(one: object, other: object) -> float:
    if isinstance(one, Decimal) and isinstance(other, Decimal) and max(one, other) > 0:
        return float(min(one, other) / max(one, other))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return sum(a == b for a, b in zip(one, other, strict=False)) / max(len(one), 1)
    if isinstance(one, str) and isinstance(other, str):
        return sum(a == b for a, b in zip(one, other, strict=False)) / max(len(one), len(other), 1)
    return 0.0


def _same(statement: Statement, figure: _Figure) -> bool:
    """Whether a figure of a clause says the same, bounds and place apart."""
    one, other = statement.value, figure.value
    if isinstance(one, CalendarDate) and isinstance(other, CalendarDate):
        return _same_date(one, other)
    if isinstance(one, Address) and isinstance(other, Address):
        return one.number == other.number and _same_street(one.street, other.street)
    if isinstance(one, DocumentNumber) and isinstance(other, DocumentNumber):
        same = (one.year, one.number) == (other.year, other.number)
        return same and _same_street(one.agency, other.agency)
    if statement.kind == "phone" and isinstance(one, str) and isinstance(other, str):
        shorter, longer = sorted((one, other), key=len)
        return longer == shorter or (len(shorter) >= 7 and longer.endswith(shorter))
    if statement.kind == "weekday":
        return _same_weekday(one, other)
    if not _same_unit(statement, figure.statement):
        return False
    if isinstance(one, Range):
        return one == other or _has_ends(one, statement, figure)
    if one == other:
        return True
    return _is_rounding(statement, other)


def _same_unit(statement: Statement, other: Statement) -> bool:
    if statement.unit == other.unit:
        return True
    # 个 stands for any thing that is counted
    things = statement.kind == other.kind == "count"
    return things and "个" in (statement.unit, other.unit)


def _has_ends(wanted: Range, statement: Statement, figure: _Figure) -> bool:
    """Whether a clause has both ends as figures of their own: 20元以上…50元以下, 1500元、3100元."""
    if wanted.low > wanted.high:
        return False
    single = [
        other.value
        for other in figure.clause.figures
        if other.statement.kind == statement.kind
        and other.statement.unit == statement.unit
        and not other.part
    ]
    return wanted.low in single and wanted.high in single


def _same_date(one: CalendarDate, other: CalendarDate) -> bool:
    """Whether all that is said is said by the other too; a year may be added."""
    if one.month is None and one.day is None:
        return one.year == other.year
    if one.year is not None and other.year is not None and one.year != other.year:
        return False
    if one.month is None:
        return one.day == other.day
    return one.month == other.month and one.day in (None, other.day)


def _same_weekday(one: object, other: object) -> bool:
    if isinstance(other, Range):
        if isinstance(one, Range):
            return other.low <= one.low <= one.high <= other.high
        return isinstance(one, Decimal) and other.low <= one <= other.high
    return one == other


def _same_street(one: str, other: str) -> bool:
    """Names that begin earlier or later in the sentence; without a name any will do."""
    if not one or not other:
        return True
    return one.endswith(other) or other.endswith(one)


_TOLERANCE = Decimal("0.1")


def _is_rounding(statement: Statement, exact: object) -> bool:
    """Whether a figure that says so ("约", "近", "多") is the exact one with fewer digits."""
    said = statement.value
    if statement.rounded is None or not isinstance(said, Decimal) or not isinstance(exact, Decimal):
        return False
    step = _last_place(said)
    if (
        step is None
        or step <= (_last_place(exact) or step)
        or abs(said - exact) > exact * _TOLERANCE
    ):
        return False
    down = (exact / step).to_integral_value(ROUND_FLOOR) * step
    up = (exact / step).to_integral_value(ROUND_CEILING) * step
    allowed = {-1: (up,), 0: (down, up), 1: (down,)}[statement.rounded]
    return said in allowed


def _last_place(number: Decimal) -> Decimal | None:
    """What the last digit that is not zero stands for: 100 for 1200, 0.1 for 3.5."""
    if not number:
        return None
    exponent = number.normalize().as_tuple().exponent
    return Decimal(10) ** int(exponent)
