"""A text beside the clauses that it cites."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .derived import (
    is_difference,
    is_product,
    is_span,
    is_sum,
    is_time_between,
    is_total_of_a_year,
)
from .extraction import extract
from .folding import folded
from .frames import in_example
from .index import Figure, Index, words_around
from .model import CalendarDate, Mismatch, Nearest, Range, Statement
from .qualifiers import conflict, negated
from .roles import Roles
from .sameness import closeness, has_ends, same
from .shared import EMERGENCIES, HOTLINE
from .units import ARTICLES, SUMMARIES


def check(text: str, clauses: Sequence[tuple[str, str]], language: str) -> list[Mismatch]:
    """The statements of ``text`` that none of the clauses bears out, in reading order.

    ``clauses`` are pairs of an id and the Chinese text of the clause, with its own number where the
    statement may cite it (第十二条 …). ``language`` is the language of ``text``. Without clauses
    there is nothing to compare with: the result is empty.
    """
    if not any(clause.strip() for _key, clause in clauses):
        return []
    plain = folded(text)
    statements = extract(text, language)
    own = Roles(plain, statements) if language.lower().startswith("zh") else None
    return list(_Reading(plain, own, Index(clauses), language.lower()[:2]).mismatches(statements))


# These are the same in more ways than by their value; there are few of them.
_COMPARED = ("date", "address", "document", "phone", "weekday")
# One year, month, week, day: what rates are given for.
_ONE = {"month": (Decimal(12), Decimal(1)), "minute": (Decimal(1440), Decimal(1440 * 7))}
_A_DAY = Decimal(1440)
# Thousand, 万, million, 亿: powers that are printed in words.
_POWERS = (3, 4, 6, 8, 9)
_MOST = 100
_RELATED = 0.3


@dataclass(slots=True)
class _Reading:
    """One text while it is compared."""

    plain: str
    own: Roles | None
    index: Index
    language: str

    def mismatches(self, statements: Sequence[Statement]) -> Iterator[Mismatch]:
        for statement in statements:
            found = self._wrong(statement)
            if found is not None:
                yield found

    def _wrong(self, statement: Statement) -> Mismatch | None:
        matching = self._matching(statement)
        if matching:
            opposite = self._opposite(statement, matching)
            if opposite is not None:
                return _mismatch(statement, opposite)
            return self._misplaced(statement, matching)
        if self._has_both_ends(statement) or self._is_excused(statement):
            return None
        return _mismatch(statement, self._nearest(statement))

    def _matching(self, statement: Statement) -> list[Figure]:
        exact = self.index.of_value(statement.kind, statement.value)
        if statement.kind not in _COMPARED and (statement.rounded is None or exact):
            candidates = exact
        else:
            candidates = self.index.of_kind(statement.kind)
        return [figure for figure in candidates if same(statement, figure.statement)]

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
        label = self.own.label(statement)
        named = None
        for clause in {figure.clause.key: figure.clause for figure in matching}.values():
            other = clause.roles.named_instead(label, statement)
            if other is None:
                return None
            named = named or Nearest(clause.key, other.span, other.printed)
        if named is None:
            return None
        return Mismatch(statement, statement.span, "different", named)

    def _has_both_ends(self, statement: Statement) -> bool:
        if not isinstance(statement.value, Range):
            return False
        key = (statement.kind, statement.unit)
        return any(
            has_ends(statement.value, clause.single.get(key, ())) for clause in self.index.clauses
        )

    def _is_excused(self, statement: Statement) -> bool:
        """Whether a figure that no clause has may stand all the same."""
        found = statement.value
        match statement.kind:
            case "number":
                return isinstance(found, Decimal) and self._is_number(found)
            case "phone":
                clauses_have_some = bool(self.index.of_kind("phone"))
                return found in EMERGENCIES or (found == HOTLINE and not clauses_have_some)
            case "provision" | "ordinal":
                return (statement.kind, statement.unit) not in self.index.units
            case "date":
                return isinstance(found, CalendarDate) and self._is_known_year(found)
            case "duration":
                return self._is_example(statement) or self._is_known_duration(statement)
            case "percent":
                half = statement.printed in ("一半", "半数") and not self.index.of_kind("percent")
                return half or self._follows(statement)
            case "count":
                small = self._is_summary(statement) or self._is_example(statement)
                return small or self._follows(statement)
            case _:
                return self._follows(statement)

    def _is_example(self, statement: Statement) -> bool:
        return in_example(self.plain, statement.span[0])

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
        dates = self.index.dates
        if statement.unit == "minute" and found % _A_DAY == 0:
            day = found / _A_DAY
            if any(date.day == day for date in dates):  # 15日 may be a day of the month
                return True
        if found in _ONE.get(statement.unit, ()) and not statement.qualifier:
            # 一年最多300万元 is a rate; 满一年, 一年内 are not
            before, after = self.plain[max(0, start - 3) : start], self.plain[end : end + 1]
            bounded = re.search("[满长过足期续达到近前后隔]", before) or after in tuple(
                "内后前以之期"
            )
            if not bounded:
                return True
        if statement.unit != "month":
            return False
        return is_time_between(found, self.plain, start, dates) or (
            found % 12 == 0 and is_span(found / 12, self.index.years)
        )

    def _is_summary(self, statement: Statement) -> bool:
        """Small counts of kinds and points, where the clauses count nothing of the sort."""
        found = statement.value
        if not isinstance(found, Decimal) or found > 10:
            return False
        in_words = not statement.printed[:1].isdecimal() and found <= 3
        if ("count", statement.unit) in self.index.units:
            return statement.unit == "个" and in_words
        return statement.unit in SUMMARIES or (statement.unit in ARTICLES and in_words)

    def _follows(self, statement: Statement) -> bool:
        """Whether a figure follows from others of one clause."""
        found, start = statement.value, statement.span[0]
        if not isinstance(found, Decimal):
            return False
        kind = "percent" if statement.kind == "points" else statement.kind
        for clause in self.index.clauses:
            values = clause.single.get((kind, statement.unit), [])
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

    def _nearest(self, statement: Statement) -> Figure | None:
        """What was probably meant: the same unit, alike words around it, a like value."""
        alike = self.index.of_kind(statement.kind)
        unit = [figure for figure in alike if figure.statement.unit == statement.unit]
        chosen = (unit or alike)[:_MOST]
        if not chosen:
            return None
        words = words_around(self.plain, statement.span)

        def likeness(figure: Figure) -> tuple[int, float]:
            alike = closeness(statement.value, figure.statement.value)
            return len(words & figure.words), alike

        best = max(chosen, key=likeness)
        shared, alike_value = likeness(best)
        # Neither about the same nor nearly the same: the text has made it up.
        unrelated = self.language == "zh" and not shared and alike_value < _RELATED
        return None if unrelated else best


def _mismatch(statement: Statement, figure: Figure | None) -> Mismatch:
    if figure is None:
        return Mismatch(statement, statement.span, "missing")
    other = figure.statement
    nearest = Nearest(figure.clause.key, other.span, other.printed)
    return Mismatch(statement, statement.span, "different", nearest)
