"""A text beside the clauses that it cites."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from .arithmetic import Arithmetic
from .conditions import conditions, is_between, nearest_bounds, same_case
from .derived import is_difference
from .excuses import Excuses
from .extraction import extract
from .folding import folded
from .frames import is_news
from .index import Figure, Index, words_around
from .model import Mismatch, Nearest, Range, Statement, Value
from .nearest import nearest
from .qualifiers import conflict, negated
from .rates import rate
from .reading import Reading
from .roles import Roles
from .sameness import is_slip, same
from .units import OFTEN


def check(
    text: str, clauses: Sequence[tuple[str, str]], language: str, *, rests_on_more: bool = False
) -> list[Mismatch]:
    """The statements of ``text`` that none of the clauses bears out, in reading order.

    ``clauses`` are pairs of an id and the Chinese text of the clause, with its own number where the
    statement may cite it (第十二条 …). ``language`` is the language of ``text``. Without clauses
    there is nothing to compare with: the result is empty. ``rests_on_more``: the text has other
    sources too, which are not here; figures of which the clauses say nothing may come from them.
    """
    if not any(clause.strip() for _key, clause in clauses):
        return []
    plain = folded(text)
    index = Index(clauses)
    statements = [_as_ruled(one, index) for one in extract(text, language)]
    reads_words = language.lower().startswith("zh")
    reading = Reading(
        plain,
        Roles(plain, statements) if reads_words else None,
        conditions(plain, statements, marked=False) if reads_words else {},
        index,
        language.lower()[:2],
        statements,
    )
    return list(_Comparison(reading, rests_on_more=rests_on_more).mismatches())


def _as_ruled(statement: Statement, index: Index) -> Statement:
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


# These are the same in more ways than by their value; there are few of them.
_COMPARED = ("date", "address", "document", "phone", "weekday")
_A_DAY = Decimal(1440)
_A_TON = Decimal(1000)
_BARE_HOUR = re.compile("(?:1[0-2]|[1-9]|十[一二]?|[一二两三四五六七八九])点")
_IN_DAYS = {"month": Decimal(30), "minute": 1 / _A_DAY}
_EVERY = re.compile(r"(?:每|间隔|\bevery |\bonce (?:in )?)$", re.IGNORECASE)
_NEAR = 10
_MIDNIGHT = (Decimal(0), _A_DAY)
_WORD = re.compile(r"[\u4e00-\u9fff]{2}")


class _Comparison:
    """One text beside its clauses."""

    def __init__(self, reading: Reading, *, rests_on_more: bool) -> None:
        self.reading, self.rests_on_more = reading, rests_on_more
        self.plain, self.own, self.index = reading.plain, reading.own, reading.index
        self.matching = {one: self._matching(one) for one in reading.statements}
        self.arithmetic = Arithmetic(
            self.plain, reading.statements, self.index, self.matching, self._is_no_operand
        )
        self.excuses = Excuses(reading, self.arithmetic)

    def mismatches(self) -> Iterator[Mismatch]:
        for statement in self.reading.statements:
            found = self._wrong(statement)
            if found is not None:
                yield found

    def _wrong(self, statement: Statement) -> Mismatch | None:
        matching = self.matching[statement]
        if matching:
            opposite = self._opposite(statement, matching)
            if opposite is not None:
                return _mismatch(statement, opposite)
            return self._misplaced(statement, matching)
        if self.excuses.excuse(statement) or self._is_on_a_scale(statement):
            return None
        found = nearest(self.reading, statement)
        if (
            found
            and is_news(self.plain, statement.span[0])
            and not is_slip(statement.value, found.statement.value)
        ):
            found = None  # what stands today is no rule
        if self._is_month_for_days(statement):
            found = None
        if self.rests_on_more and not self._is_about(statement, found):
            return None
        return _mismatch(statement, found)

    def _is_about(self, statement: Statement, figure: Figure | None) -> bool:
        """Whether a clause says something of the same thing: its unit, and words around it."""
        if figure is None or figure.statement.unit != statement.unit:
            return False
        if statement.kind == "number":
            return False
        # Words of other languages are never those of the clauses.
        words = words_around(self.plain, statement.span) & figure.words
        return self.reading.language != "zh" or any(_WORD.fullmatch(word) for word in words)

    def _matching(self, statement: Statement) -> list[Figure]:
        exact = self.index.of_value(statement.kind, statement.value)
        if statement.kind == "time" and not exact and _BARE_HOUR.match(statement.printed):
            # 下午5点关门，4点半以后不再进馆
            assert isinstance(statement.value, Decimal)
            return self.index.of_value("time", statement.value + _A_DAY / 2)
        if statement.kind == "time" and statement.value in _MIDNIGHT:
            return [one for at in _MIDNIGHT for one in self.index.of_value("time", at)]
        if statement.kind not in _COMPARED and (statement.rounded is None or exact):
            candidates = exact
        else:
            candidates = self.index.of_kind(statement.kind)
        found = [
            figure
            for figure in candidates
            if same(statement, figure.statement) and not (statement.qualifier and figure.is_rate)
        ]
        if not found and statement.printed.startswith("半天"):
            return self.index.of_value("duration", Decimal("0.5"))  # 0.5个工作日
        return found or self._as_often(statement) or self._as_age(statement)

    def _as_age(self, statement: Statement) -> list[Figure]:
        """The ages of a clause that are translated as years: children under six years."""
        found = statement.value
        is_years = statement.kind == "duration" and statement.unit == "month"
        if self.reading.language == "zh" or not is_years or not isinstance(found, Decimal):
            return []
        return [
            one for one in self.index.of_unit("count", "岁") if one.statement.value == found / 12
        ]

    def _as_often(self, statement: Statement) -> list[Figure]:
        """What is due as often, where a text names the time between: every three months."""
        found, days = statement.value, _IN_DAYS.get(statement.unit)
        if statement.kind != "duration" or not isinstance(found, Decimal) or days is None:
            return []
        if not _EVERY.search(self.plain[max(0, statement.span[0] - _NEAR) : statement.span[0]]):
            return []
        return [
            figure
            for figure in self.index.of_unit("duration", OFTEN)
            if figure.statement.value == found * days
        ]

    def _opposite(self, statement: Statement, matching: Sequence[Figure]) -> Figure | None:
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

    def _misplaced(self, statement: Statement, matching: Sequence[Figure]) -> Mismatch | None:
        if self.own is None or statement.rounded is not None:
            return None
        ruled = self._ruled(statement)
        values = {figure.statement.value for figure in ruled}
        if values == {statement.value}:
            return None
        if (
            statement.value not in values
            and ruled
            and all(self._is_of_another_case(statement, figure, ruled) for figure in matching)
        ):
            return _mismatch(statement, ruled[0])
        other_rate = self._of_another_rate(statement, matching)
        if other_rate is not None:
            return _mismatch(statement, other_rate)
        told = self.own.role(statement)
        named = None
        for clause in {figure.clause.key: figure.clause for figure in matching}.values():
            values = clause.single.get((statement.kind, statement.unit), [])
            if isinstance(statement.value, Decimal) and (
                (
                    statement.kind != "points"  # 降低10个百分点 is what a clause says itself
                    and is_difference(statement.value, self.plain, statement.span[0], values)
                )
                or self.arithmetic.is_part(statement, clause)
            ):
                return None
            unit = next(one.statement.unit for one in matching if one.clause is clause)
            other = clause.roles.named_instead(told, replace(statement, unit=unit))
            if other is None:
                return None
            named = named or Nearest(clause.key, other.span, other.printed)
        if named is None:
            return None
        return Mismatch(statement, statement.span, "different", named)

    def _of_another_rate(self, statement: Statement, matching: Sequence[Figure]) -> Figure | None:
        """The price that a clause gives for more or less: 每公斤1.8元 where the text has 每斤."""
        told = rate(self.plain, statement)
        if told is None or statement.kind != "money":
            return None
        rates = [(figure, rate(figure.clause.plain, figure.statement)) for figure in matching]
        if any(ruled is None or ruled[0] != told[0] or ruled == told for _figure, ruled in rates):
            return None
        return rates[0][0]

    def _is_month_for_days(self, statement: Statement) -> bool:
        """三个月 for 90日: not the same in law, and yet nobody's slip."""
        if statement.kind != "duration" or statement.unit != "month":
            return False
        found = statement.value
        return isinstance(found, Decimal) and any(
            figure.statement.value == found * 30 * _A_DAY
            and self.reading.is_named(statement, figure)
            for figure in self.index.of_unit("duration", "minute")
        )

    def _ruled(self, statement: Statement) -> list[Figure]:
        """What the clauses give in the case that the text names: 60元 for 缴费500元的."""
        cased = self._cased(statement)
        exact = [figure for figure, told, ruled in cased if same_case(told, ruled)]
        if exact or not cased or any(_is_tariff(figure) for figure, _told, _ruled in cased):
            return exact
        # 150张床位 is a case of 100张以上的.
        bounds = nearest_bounds(cased[0][1], [ruled for _figure, _told, ruled in cased])
        return [figure for figure, _told, ruled in cased if ruled in bounds]

    def _cased(self, statement: Statement) -> list[tuple[Figure, Statement, Statement]]:
        """The clauses' figures of one unit with the case that the text names and their own."""
        return [
            (figure, told, figure.case)
            for figure in self.index.of_unit(statement.kind, statement.unit)
            if (told := self._told(statement, figure)) is not None and figure.case is not None
        ]

    def _is_on_a_scale(self, statement: Statement) -> bool:
        """Whether a figure is the case of another one: 床位150张, where a clause has bounds."""
        return any(
            statement == told and (is_between(told, ruled) or nearest_bounds(told, bounds))
            for one in self.reading.statements
            if statement in self.reading.cases.get(one, ())
            if (cased := self._cased(one))
            and (bounds := [ruled for _figure, _told, ruled in cased])
            for _figure, told, ruled in cased
        )

    def _told(self, statement: Statement, figure: Figure) -> Statement | None:
        """The case that the text names, of the sort that a clause gives for a figure."""
        ruled = figure.case
        if ruled is None:
            return None
        told = self.reading.cases.get(statement, ())
        return next((one for one in told if (one.kind, one.unit) == (ruled.kind, ruled.unit)), None)

    def _is_of_another_case(
        self, statement: Statement, figure: Figure, ruled: Sequence[Figure]
    ) -> bool:
        return self._told(statement, figure) is not None and figure not in ruled

    def _is_no_operand(self, statement: Statement, figure: Figure) -> bool:
        """Whether the text speaks of another case than the one that a clause's figure is for."""
        if (statement.kind, statement.unit) != (figure.statement.kind, figure.statement.unit):
            return False
        ruled = self._ruled(statement)
        if ruled:
            return figure.statement.value not in {one.statement.value for one in ruled}
        if self.own is None or not isinstance(figure.statement.value, Decimal):
            return False
        base = replace(statement, value=figure.statement.value)
        return figure.clause.roles.named_instead(self.own.role(statement), base) is not None


def _is_tariff(figure: Figure) -> bool:
    """每小时2元 after the first two hours: what is paid for three is a sum of steps."""
    case = figure.case
    before = figure.clause.plain[
        max(0, figure.statement.span[0] - _NEAR) : figure.statement.span[0]
    ]
    if case is None or "每" not in before:
        return False
    return (case.unit if case.kind == "count" else "时") in before.partition("每")[2]


def _mismatch(statement: Statement, figure: Figure | None) -> Mismatch:
    if figure is None:
        return Mismatch(statement, statement.span, "missing")
    other = figure.statement
    nearest = Nearest(figure.clause.key, other.span, other.printed)
    return Mismatch(statement, statement.span, "different", nearest)
