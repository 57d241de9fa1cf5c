"""The opening hours of a place as its page tells them.

Pages are kept for days, so nothing in their text depends on the minute: the week, the days of the
coming weeks that are not as their weekday is (by date), and years whose holidays are not announced.
What is true just now ("open until 12:00") a script picks from the sessions that are handed to it,
and says nothing for days beyond them.
"""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.plugin_api import clocks, page_today
from portal.services.models import GuidePlace
from portal.services.opening_hours import (
    Calendar,
    Day,
    WeekLine,
    Why,
    coming_days,
    days_text,
    spans,
    week_lines,
)

# So far ahead special days are told; so far the script knows what is open.
AHEAD, SCRIPT_DAYS = 45, 14
_ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days in a row with one reason: "1–8 October: closed (National Day)"."""

    days: str
    what: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Of one place. ``sessions`` is JSON for the script, "" where it has nothing to say."""

    week: Sequence[WeekLine] = ()
    special: Sequence[SpecialDays] = ()
    follows_calendar: bool = False
    unknown_year: int | None = None
    sessions: str = ""
    note: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.week or self.note)


def hours_of(
    place: GuidePlace, calendar: Calendar | None = None, today: datetime.date | None = None
) -> Hours:
    """No query in the usual case: the calendar is kept with the structure."""
    stored = spans(place.hours)
    today = today or page_today()
    if not stored:
        return Hours(note=place.hours_note)
    calendar = calendar or clocks.calendar()
    follows = place.follows_calendar
    days = list(coming_days(stored, today, AHEAD, calendar, follows=follows))
    unknown = next((day.date.year for day in days if not day.is_known), None)
    return Hours(
        week=week_lines(place.hours),
        special=_special(day for day in days if day.why is not None),
        follows_calendar=follows,
        unknown_year=unknown,
        sessions=_sessions(days[:SCRIPT_DAYS]),
        note=place.hours_note,
    )


def _names() -> Mapping[datetime.date, str]:
    """The calendar's names are Chinese: on other pages the dates say enough."""
    return clocks.day_names() if (get_language() or "zh").startswith("zh") else {}


def _special(days: Iterable[Day]) -> list[SpecialDays]:
    names = _names()
    runs: list[list[Day]] = []
    for day in days:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and last.date + _ONE_DAY == day.date
            and (last.why, last.sessions, names.get(last.date)) == (
                day.why, day.sessions, names.get(day.date),
            )
        ):  # fmt: skip
            runs[-1].append(day)
        else:
            runs.append([day])
    return [SpecialDays(_dates(run), _what(run[0], names.get(run[0].date, ""))) for run in runs]


def _dates(run: Sequence[Day]) -> str:
    first, last = run[0].date, run[-1].date
    if first == last:
        return _("%(day)s (%(weekday)s)") % {
            "day": date_format(first, "DATE_FORMAT"),
            "weekday": days_text([first.isoweekday()]),
        }
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, "DATE_FORMAT"),
        "last": date_format(last, "DATE_FORMAT"),
    }


def _what(day: Day, name: str) -> str:
    hours = _(", ").join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in day.sessions)
    if not day.sessions:
        return (
            _("closed (%(name)s)") % {"name": name} if name else pgettext("opening hours", "closed")
        )
    if day.why is Why.MAKE_UP:
        return _("open %(hours)s (make-up working day)") % {"hours": hours}
    return _("open %(hours)s") % {"hours": hours}


def _sessions(days: Sequence[Day]) -> str:
    """``[{"day", "known", "why", "name", "open": [["09:00", "12:00"]]}]``."""
    names = _names()
    rows: list[dict[str, Any]] = [
        {
            "day": day.date.isoformat(),
            "label": date_format(day.date, "MONTH_DAY_FORMAT"),
            "known": day.is_known,
            "name": names.get(day.date, "") if day.why is Why.HOLIDAY else "",
            "open": [[f"{begin:%H:%M}", f"{end:%H:%M}"] for begin, end in day.sessions],
        }
        for day in days
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
