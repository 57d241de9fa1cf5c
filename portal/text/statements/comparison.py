"""A text beside the clauses that it cites."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from portal.text.numerals import CHINESE, value

from .arithmetic import Arithmetic
from .conditions import Cases, conditions, same_case
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
from .frames import in_contact, in_example, in_passing, is_news
from .index import Clause, Figure, Index, words_around
from .model import CalendarDate, Mismatch, Nearest, Range, Statement
from .qualifiers import conflict, negated
from .roles import Roles
from .sameness import closeness, ends, has_ends, is_slip, like_units, same
from .shared import EMERGENCIES, SHORT
from .units import ARTICLES, SUMMARIES
from .working import Sentence, is_half, is_input, is_rate_of_example, is_step, is_worked_out


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
    statements = extract(text, language)
    reads_words = language.lower().startswith("zh")
    reading = _Reading(
        plain,
        Roles(plain, statements) if reads_words else None,
        conditions(plain, statements, marked=False) if reads_words else {},
        Index(clauses),
        language.lower()[:2],
        statements,
        rests_on_more,
    )
    return list(reading.mismatches())


# These are the same in more ways than by their value; there are few of them.
_COMPARED = ("date", "address", "document", "phone", "weekday")
# One year, month, week, day: what rates are given for.
_ONE = {
    "month": (Decimal(12), Decimal(1), Decimal(3)),
    "minute": (Decimal(1440), Decimal(1440 * 7)),
}
_A_DAY = Decimal(1440)
_HOURS = re.compile("时|钟|分|秒|hour|minute", re.IGNORECASE)
# A slip changes digits or moves the point; it does not make 15 of 1.6 million.
_SCALE = 0.02
# 其中卫生系统24人: a part that the clause need not know.
_PART_OF = re.compile("其中[^，。；;!?！？\\n]*(?:、[^，。；;!?！？\\n]*)*$")
_BARE_HOUR = re.compile("[1-8一二两三四五六七八]点")
_MIDNIGHT = (Decimal(0), _A_DAY)
# Thousand, 万, million, 亿: powers that are printed in words.
_POWERS = (3, 4, 6, 8, 9)
_MOST = 100
_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
_FREE = re.compile("免|不收|不得收|不向|无需|不需要|不承担")
_AFTER_A_DAY = re.compile("[(]?含?[)]?(?:当天)?(?:及|或)?(?:以后|之后|后|起|以前|之前)")
_FROM_A_DAY = re.compile(r"\b(?:from|after|since|before|until) $", re.IGNORECASE)
_DEADLINE = re.compile("之?前|以前|截止|为止")
_OF_A_DAY = re.compile("上午|下午|晚上|早上|中午|每天|每日|全天|一天|共|持续")
_TERMS = frozenset({"学期", "学年"})
_PLACES = frozenset({"楼", "室", "号窗口", "号楼", "单元"})
# What to bring: so many papers and photographs.
_CLASSES = frozenset({"级", "类", "档"})
_PAPERS = frozenset({"张", "份"})
_RELATED = 0.3
_FAR = 30
_LIKE = 0.5


@dataclass
class _Reading:
    """One text while it is compared."""

    plain: str
    own: Roles | None
    cases: Cases
    index: Index
    language: str
    statements: Sequence[Statement]
    rests_on_more: bool = False

    def mismatches(self) -> Iterator[Mismatch]:
        matching = {one: self._matching(one) for one in self.statements}
        self.arithmetic = Arithmetic(
            self.plain, self.statements, self.index, matching, self._is_no_operand
        )
        for statement in self.statements:
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
        if (
            statement in self.arithmetic.explained
            or self._has_both_ends(statement)
            or self._is_excused(statement)
        ):
            return None
        nearest = self._nearest(statement)
        if (
            nearest
            and is_news(self.plain, statement.span[0])
            and not is_slip(statement.value, nearest.statement.value)
        ):
            nearest = None  # what stands today is no rule
        if self._is_month_for_days(statement):
            nearest = None
        if self.rests_on_more and not self._is_about(statement, nearest):
            return None
        return _mismatch(statement, nearest)

    def _is_about(self, statement: Statement, nearest: Figure | None) -> bool:
        """Whether a clause says something of the same thing: its unit, and words around it."""
        if nearest is None or nearest.statement.unit != statement.unit:
            return False
        if statement.kind == "number":
            return False
        # Words of other languages are never those of the clauses.
        words = words_around(self.plain, statement.span) & nearest.words
        return self.language != "zh" or any(_WORD.fullmatch(word) for word in words)

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
        return [
            figure
            for figure in candidates
            if same(statement, figure.statement) and not (statement.qualifier and figure.is_rate)
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
        if any(figure.statement.value == statement.value for figure in ruled):
            return None
        if ruled and all(self._is_of_another_case(statement, figure) for figure in matching):
            return _mismatch(statement, ruled[0])
        told = self.own.role(statement)
        named = None
        for clause in {figure.clause.key: figure.clause for figure in matching}.values():
            values = clause.single.get((statement.kind, statement.unit), [])
            if isinstance(statement.value, Decimal) and (
                is_difference(statement.value, self.plain, statement.span[0], values)
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

    def _is_month_for_days(self, statement: Statement) -> bool:
        """三个月 for 90日: not the same in law, and yet nobody's slip."""
        if statement.kind != "duration" or statement.unit != "month":
            return False
        found = statement.value
        return isinstance(found, Decimal) and any(
            figure.statement.value == found * 30 * _A_DAY and self._is_named(statement, figure)
            for figure in self.index.of_unit("duration", "minute")
        )

    def _ruled(self, statement: Statement) -> list[Figure]:
        """What the clauses give in the case that the text names: 60元 for 缴费500元的."""
        return [
            figure
            for figure in self.index.of_unit(statement.kind, statement.unit)
            if (told := self._told(statement, figure)) is not None
            and figure.case is not None
            and same_case(told, figure.case)
        ]

    def _told(self, statement: Statement, figure: Figure) -> Statement | None:
        """The case that the text names, of the sort that a clause gives for a figure."""
        ruled = figure.case
        if ruled is None:
            return None
        told = self.cases.get(statement, ())
        return next((one for one in told if (one.kind, one.unit) == (ruled.kind, ruled.unit)), None)

    def _is_of_another_case(self, statement: Statement, figure: Figure) -> bool:
        told = self._told(statement, figure)
        ruled = figure.case
        return told is not None and ruled is not None and not same_case(told, ruled)

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
        if in_passing(self.plain, *statement.span):
            return True
        match statement.kind:
            case "number":
                return isinstance(found, Decimal) and self._is_number(found)
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
                if statement.unit in _CLASSES and negated(self.plain, *statement.span):
                    return True  # 三级、四级不在补贴范围内
                small = self._is_summary(statement) or self._is_example(statement)
                return small or self._is_place(statement) or self._follows(statement)
            case _:
                return self._follows(statement)

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

    def _is_place(self, statement: Statement) -> bool:
        """Windows, floors and rooms of an office that the clauses do not describe."""
        if statement.printed.endswith("楼"):  # 一楼 is a place, 四层 is how high a house is
            return not any(
                figure.statement.printed.endswith("楼") for figure in self.index.of_kind("count")
            )
        return statement.unit in _PLACES and ("count", statement.unit) not in self.index.units

    def _is_between(self, statement: Statement) -> bool:
        """How long it is between two dates or times that the text or a clause prints."""
        found, start = statement.value, statement.span[0]
        if not isinstance(found, Decimal):
            return False
        around = Sentence(self.plain, statement, self.statements)
        dates = [
            one.value
            for one in (*around.earlier, *around.later)
            if one.kind == "date" and isinstance(one.value, CalendarDate)
        ]
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

    def _days(self) -> set[object]:
        return {
            figure.statement.value
            for figure in self.index.of_kind("duration")
            if figure.statement.unit == "minute"
        }

    def _is_summary(self, statement: Statement) -> bool:
        """Small counts of kinds and points, where the clauses count nothing of the sort."""
        found = statement.value
        if not isinstance(found, Decimal) or found > 10:
            return False
        in_words = not statement.printed[:1].isdecimal() and found <= 3
        if found == 1 and statement.unit in _TERMS and not statement.qualifier:
            return True  # 一学年就是四次
        if ("count", statement.unit) in self.index.units:
            return statement.unit == "个" and in_words
        if statement.unit in _PAPERS:
            return True
        return statement.unit in SUMMARIES or (statement.unit in ARTICLES and in_words)

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
            percents = [*clause.single.get(("percent", "%"), []), *own]
            if not values:
                if percents and is_worked_out(statement, sentence, values, percents, []):
                    return True
                continue
            if (
                is_difference(found, self.plain, start, values)
                or is_sum(found, self.plain, start, values)
                or (
                    is_total_of_a_year(found, self.plain, start, clause.plain, values)
                    and not self._is_of_another(statement, clause)
                )
                or (
                    is_worked_out(statement, sentence, values, percents, clause.times())
                    and not self._is_of_another(statement, clause)
                )
                or (kind == "percent" and _is_rest(found, self.plain, start, values))
                or (
                    kind == "money" and is_product(found, self.plain, start, values, clause.times())
                )
            ):
                return True
        return False

    def _is_of_another(self, statement: Statement, clause: Clause) -> bool:
        """Whether a year's total is that of another amount than the words before it name."""
        found = statement.value
        if self.own is None or not isinstance(found, Decimal):
            return False
        base = replace(statement, value=found / 12)
        return clause.roles.named_instead(self.own.role(statement), base) is not None

    def _nearest(self, statement: Statement) -> Figure | None:
        """What was probably meant: the same unit, alike words around it, a like value."""
        chosen = self._comparable(statement)
        if not chosen:
            return None
        words = words_around(self.plain, statement.span)

        def likeness(figure: Figure) -> tuple[int, float]:
            alike = closeness(statement.value, figure.statement.value)
            return len(words & figure.words), alike

        best = max(chosen[:_MOST], key=likeness)
        shared, alike_value = likeness(best)
        # Neither about the same nor nearly the same: the text has made it up.
        unrelated = self.language == "zh" and not shared and alike_value < _RELATED
        if unrelated:
            return None
        is_vague = "个" in {best.statement.unit, statement.unit} and (
            best.statement.unit != statement.unit
        )
        ranges = [isinstance(one.value, Range) for one in (statement, best.statement)]
        if (is_vague or ranges[0] != ranges[1]) and not self._is_named(statement, best):
            return None
        start = statement.span[0]
        if _PART_OF.search(self.plain[max(0, start - _FAR) : start]) and not self._is_named(
            statement, best
        ):
            return None
        if not self._is_told(statement, best):
            return best
        # The sentence has that one right: it is another that was meant, or none.
        left = [
            figure
            for figure in chosen[:_MOST]
            if not self._is_told(statement, figure) and self._is_named(statement, figure)
        ]
        return max(left, key=likeness, default=None)

    def _is_named(self, statement: Statement, figure: Figure) -> bool:
        """Whether the words that say whose a figure is are those of a clause's figure."""
        if self.own is None:
            return True
        return self.own.share(statement, figure.clause.roles, figure.statement)

    def _comparable(self, statement: Statement) -> list[Figure]:
        """The figures of clauses that a figure may have been meant to be: its own sort, or it
        itself in another unit (15日 for 15个工作日, percent for percentage points)."""
        kinds = ("percent", "points") if statement.unit == "%" else (statement.kind,)
        alike = [figure for kind in kinds for figure in self.index.of_kind(kind)]
        unit = [
            figure
            for figure in alike
            if (figure.statement.kind, figure.statement.unit) == (statement.kind, statement.unit)
        ]
        if unit:
            unit = [figure for figure in unit if _of_like_size(statement, figure.statement)]
            if not unit:
                return []
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

    def _is_told(self, statement: Statement, figure: Figure) -> bool:
        """Whether the same sentence states a clause's figure rightly beside this one.

        达到43.5%，现在是41.2%: the second is something else.
        """
        sentence = Sentence(self.plain, statement, self.statements)
        return any(
            one.kind == figure.statement.kind and same(one, figure.statement)
            for one in (*sentence.earlier, *sentence.later)
        )


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


def _is_rest(found: Decimal, plain: str, start: int, values: Sequence[Decimal]) -> bool:
    """自己要付四成 where the clause pays 60%."""
    before = re.split("[，。；;\n]", plain[max(0, start - 20) : start])[-1]
    return bool(re.search("自己|自付|个人|其余|剩", before)) and 100 - found in values


def _mismatch(statement: Statement, figure: Figure | None) -> Mismatch:
    if figure is None:
        return Mismatch(statement, statement.span, "missing")
    other = figure.statement
    nearest = Nearest(figure.clause.key, other.span, other.printed)
    return Mismatch(statement, statement.span, "different", nearest)
