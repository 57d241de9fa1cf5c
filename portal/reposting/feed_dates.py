"""The times that feeds state, in the many ways they are written."""

import datetime
import re
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_CHINA = ZoneInfo("Asia/Shanghai")
_NUMBERS = re.compile(
    r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:：时]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2}))?)?",
)  # fmt: skip
_LONGEST = 80


def read_date(text: str) -> datetime.datetime | None:
    """An aware moment, or None. A time without a zone is China's, as its writers mean it."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    for read in (_iso, _mail, _chinese):
        try:
            found = read(text)
            if found is not None:
                # Beyond what a database holds, once it is moved to another zone.
                return found.astimezone(datetime.UTC) if 2 < found.year < 9998 else None
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _aware(moment: datetime.datetime) -> datetime.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=_CHINA)


def _iso(text: str) -> datetime.datetime | None:
    return _aware(datetime.datetime.fromisoformat(text))


def _mail(text: str) -> datetime.datetime | None:
    found = parsedate_to_datetime(text)
    # "-0000" says that the zone is not known; GMT, UT and Z say that it is.
    if found.tzinfo is None and re.search(r"(GMT|UTC?|Z)\s*$", text):
        return found.replace(tzinfo=datetime.UTC)
    return _aware(found)


def _chinese(text: str) -> datetime.datetime | None:
    match = _NUMBERS.search(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    return datetime.datetime(year, month, day, hour, minute, second, tzinfo=_CHINA)
