"""Rows of a work calendar as somebody pastes or uploads them: date, kind, name, source."""

import csv
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from django.utils.translation import gettext as _

from portal.core.models import CalendarDay
from portal.core.models.clocks import LONGEST_NAME

from .calendar import DayKind

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SATURDAY = 5
_COLUMNS = 4


@dataclass(slots=True)
class ReadRows:
    """What was read; ``problems`` name the row and say what is wrong with it."""

    days: list[CalendarDay] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_rows(text: str, *, year: int, source: str) -> ReadRows:
    """Read tab-separated rows, as ``uploads.sheets.sheet_text`` gives them.

    Every problem is found, not only the first. A first row of headings is passed over. Days belong
    to the year, or to the last month of the year before, which New Year's holidays may begin in.

    Args:
        source: for rows that name none.
    """
    found = ReadRows()
    seen: dict[datetime.date, int] = {}
    for number, row in enumerate(csv.reader(StringIO(text), delimiter="\t"), start=1):
        cells = [cell.strip() for cell in row] + [""] * _COLUMNS
        date_text, kind_text, name, own_source = cells[:_COLUMNS]
        date = _date(date_text)
        if date is None and number == 1 and not any(c.isdigit() for c in date_text):
            continue
        kind = _kinds().get(kind_text.lower())
        problems = list(_problems(date, date_text, kind, kind_text, year, name, own_source))
        if date is not None and date in seen:
            problems.append(_("This day stands in row %(row)d already.") % {"row": seen[date]})
        found.problems += [
            _("Row %(row)d: %(problem)s") % {"row": number, "problem": p} for p in problems
        ]
        if date is not None and kind is not None and not problems:
            seen[date] = number
            found.days.append(
                CalendarDay(date=date, kind=kind.value, name=name, source=own_source or source)
            )
    if not found.days and not found.problems:
        found.problems.append(_("There is no day in it."))
    if not found.problems:
        found.problems += _taken(found.days)
    return found


def _problems(
    date: datetime.date | None,
    date_text: str,
    kind: DayKind | None,
    kind_text: str,
    year: int,
    name: str,
    source: str,
) -> Iterator[str]:
    if date is None:
        yield _("“%(text)s” is no date; write it as 2027-01-01.") % {"text": date_text}
    elif date.year != year and (date.year, date.month) != (year - 1, 12):
        yield _("%(date)s does not lie in %(year)d.") % {"date": date.isoformat(), "year": year}
    if kind is None:
        yield _("“%(text)s” is no kind of day; there are: %(kinds)s.") % {
            "text": kind_text,
            "kinds": ", ".join(str(label) for label in CalendarDay.Kind.labels),
        }
    if kind is DayKind.MAKE_UP and date is not None and date.weekday() < _SATURDAY:
        yield _("%(date)s is no Saturday or Sunday; it is worked anyway.") % {
            "date": date.isoformat()
        }
    for text in (name, source):
        if len(text) > LONGEST_NAME:
            yield _("“%(text)s…” is longer than %(limit)d characters.") % {
                "text": text[:20],
                "limit": LONGEST_NAME,
            }


def _taken(days: list[CalendarDay]) -> list[str]:
    dates = CalendarDay.objects.filter(date__in=[day.date for day in days])
    return [
        _("%(date)s is in the calendar already.") % {"date": date.isoformat()}
        for date in dates.order_by("date").values_list("date", flat=True)
    ]


def _date(text: str) -> datetime.date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return datetime.date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def _kinds() -> dict[str, DayKind]:
    """By the stored word, and by the word of the reader's language."""
    found = {value.lower(): DayKind(value) for value in CalendarDay.Kind.values}
    return found | {str(kind.label).lower(): DayKind(kind.value) for kind in CalendarDay.Kind}
