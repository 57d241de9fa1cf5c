"""Calendars written down by hand, and short ways to say moments."""

import datetime
from zoneinfo import ZoneInfo

from portal.core.clocks.calendar import DayKind, WorkCalendar
from portal.core.clocks.worktime import OfficeHours, Rules, WorkTime

CHINA = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime.datetime:
    """``2025-01-24 10:00`` in China's time."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)


def _free(*texts: str) -> dict[datetime.date, DayKind]:
    return {datetime.date.fromisoformat(text): DayKind.HOLIDAY for text in texts}


def _worked(*texts: str) -> dict[datetime.date, DayKind]:
    return {datetime.date.fromisoformat(text): DayKind.MAKE_UP for text in texts}


# Written off wall calendars of the two years, not off the portal's file: what the tests need.
SPRING_2025 = _free(
    "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31", "2025-02-01", "2025-02-02",
    "2025-02-03", "2025-02-04",
) | _worked("2025-01-26", "2025-02-08")  # fmt: skip
AUTUMN_2025 = _free(
    "2025-10-01", "2025-10-02", "2025-10-03", "2025-10-04", "2025-10-05", "2025-10-06",
    "2025-10-07", "2025-10-08",
) | _worked("2025-09-28", "2025-10-11")  # fmt: skip
SPRING_2026 = _free(
    "2026-02-15", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20",
    "2026-02-21", "2026-02-22", "2026-02-23",
) | _worked("2026-02-14", "2026-02-28")  # fmt: skip

CALENDAR = WorkCalendar(SPRING_2025 | AUTUMN_2025 | SPRING_2026, {2025, 2026})


def work_time(calendar: WorkCalendar = CALENDAR, **rules: bool) -> WorkTime:
    return WorkTime(calendar, OfficeHours(), Rules(**rules), CHINA)
