"""A text beside the clauses that it cites."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from .arithmetic import Arithmetic
from .cases import figures_of_case, is_of_another_case, is_on_a_scale
from .conditions import conditions
from .derived import is_difference
from .excuses import Excuses
from .extraction import extract
from .folding import folded
from .frames import is_news
from .index import Figure, Index, words_around
from .matching import as_ruled, bearing_out
from .model import Mismatch, Nearest, Statement
from .nearest import nearest
from .qualifiers import conflict, negated
from .rates import rate
from .reading import Reading
from .roles import Roles
from .sameness import is_slip


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
    statements = [as_ruled(one, index) for one in extract(text, language)]
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


_A_DAY = Decimal(1440)
_WORD = re.compile(r"[\u4e00-\u9fff]{2}")


class _Comparison:
    """One text beside its clauses."""

    def __init__(self, reading: Reading, *, rests_on_more: bool) -> None:
        self.reading, self.rests_on_more = reading, rests_on_more
        self.plain, self.own, self.index = reading.plain, reading.own, reading.index
        self.matching = {one: bearing_out(reading, one) for one in reading.statements}
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
        if self.excuses.excuse(statement) or is_on_a_scale(self.reading, statement):
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
        ruled = figures_of_case(self.reading, statement)
        of_case = {figure.statement.value for figure in ruled}
        if of_case == {statement.value}:
            return None
        if (
            statement.value not in of_case
            and ruled
            and all(
                is_of_another_case(self.reading, statement, figure, ruled) for figure in matching
            )
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

    def _is_no_operand(self, statement: Statement, figure: Figure) -> bool:
        """Whether the text speaks of another case than the one that a clause's figure is for."""
        if (statement.kind, statement.unit) != (figure.statement.kind, figure.statement.unit):
            return False
        ruled = figures_of_case(self.reading, statement)
        if ruled:
            return figure.statement.value not in {one.statement.value for one in ruled}
        if self.own is None or not isinstance(figure.statement.value, Decimal):
            return False
        base = replace(statement, value=figure.statement.value)
        return figure.clause.roles.named_instead(self.own.role(statement), base) is not None


def _mismatch(statement: Statement, figure: Figure | None) -> Mismatch:
    if figure is None:
        return Mismatch(statement, statement.span, "missing")
    other = figure.statement
    nearest = Nearest(figure.clause.key, other.span, other.printed)
    return Mismatch(statement, statement.span, "different", nearest)
