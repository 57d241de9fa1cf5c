"""Days that follow from a day and a span, and spans that lie between two days."""

import calendar
import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from .index import Clause
from .model import CalendarDate, Statement

_A_DAY = datetime.timedelta(days=1)
_YEAR = Decimal(12)


def number_of(statement: Statement) -> Decimal:
    """The value of a single figure; nothing of a range, a date or an address."""
    return statement.value if isinstance(statement.value, Decimal) else Decimal(0)


def is_end(
    statement: Statement, clauses: Sequence[Clause], beside: Iterable[Statement] = ()
) -> bool:
    """2031年8月31日 for five years from 1 September 2026 on, which a clause or the text names.

    ``beside`` are dates of the text's own: 3月1日收到，最迟4月30日复议, where a clause has 60日.
    """
    date = _day(statement.value)
    if date is None:
        return False
    own = [day for one in beside if (day := _day(one.value)) is not None]
    for clause in clauses:
        spans = [one.statement for one in clause.figures if one.statement.kind == "duration"]
        starts = [day for one in clause.figures if (day := _day(one.statement.value)) is not None]
        for span in spans:
            for start in (*starts, *own):
                end = _later(start, span)
                if end and 0 <= (end - date).days <= 1:
                    return True
            for end in own:  # what was assumed
                last = _later(date, span)
                if last and 0 <= (last - end).days <= 1:
                    return True
    return False


def lies_between(statement: Statement, clauses: Sequence[Clause]) -> bool:
    """报名一共9天 for 20 to 28 June."""
    is_days = statement.unit == "minute" and number_of(statement) % 1440 == 0
    if not is_days and statement.unit != "month":
        return False
    long = number_of(statement) / 1440 if is_days else number_of(statement)
    for clause in clauses:
        dates = [one.statement.value for one in clause.figures if one.statement.kind == "date"]
        for one, other in pairwise(dates):
            first, last = _day(one), _day(other)
            if not first or not last:
                continue
            if is_days and (last - first).days in (long, long - 1):
                return True
            if not is_days and _later(first, statement) in (last, last + _A_DAY):
                return True
    return False


def _day(date: object) -> datetime.date | None:
    if not isinstance(date, CalendarDate) or date.month is None or date.day is None:
        return None
    try:
        return datetime.date(date.year or 2000, date.month, date.day)
    except ValueError:  # 31 June of a wrong text
        return None


def _later(start: datetime.date, span: Statement) -> datetime.date | None:
    number = number_of(span)
    if span.unit == "minute":
        if number / 1440 > (datetime.date.max - start).days:
            return None
        return start + datetime.timedelta(days=int(number / 1440))
    if span.unit != "month" or number % 1 or start.year + number / _YEAR > datetime.MAXYEAR:
        return None
    months = start.year * 12 + start.month - 1 + int(number)
    year, month = divmod(months, 12)
    return datetime.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
