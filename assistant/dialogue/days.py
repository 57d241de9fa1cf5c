"""Days that a message names: "as of 1 March 2024", 截至2024年3月1日, 明天. No guesses about years."""

# ruff: noqa: E501 - lists of words read better in long lines

import datetime
import re
import unicodedata
from collections.abc import Iterator

from portal.text.official.numbers import dates_in
from portal.text.official.script import matchable

# (names of a month in the languages of the portal, number); Arabic in both of its calendars' words.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan января январь janvier يناير",
            "february feb февраля февраль février fevrier فبراير",
            "march mar марта март mars مارس",
            "april apr апреля апрель avril أبريل ابريل",
            "may мая май mai مايو",
            "june jun июня июнь juin يونيو",
            "july jul июля июль juillet يوليو",
            "august aug августа август août aout أغسطس اغسطس",
            "september sep sept сентября сентябрь septembre سبتمبر",
            "october oct октября октябрь octobre أكتوبر اكتوبر",
            "november nov ноября ноябрь novembre نوفمبر",
            "december dec декабря декабрь décembre decembre ديسمبر",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"(?<![\w])(\d{{1,2}})(?:st|nd|rd|th|er|-?го|\.)?\s+(?:of\s+)?({_MONTH})\.?,?\s+((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?!\d)", re.IGNORECASE
)
_KOREAN = re.compile(r"((?:19|20)\d\d)\s*년\s*(\d{1,2})\s*월\s*(\d{1,2})\s*일")
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)(?!\d)")
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?!\d)")
_WRITTEN = (_DAY_FIRST, _MONTH_FIRST, _KOREAN, _DOTTED, _SLASHED)
# What makes a day the one that is asked for, not one that the question happens to speak of.
_AS_OF = re.compile(
    r"截至|截止到?|以.{0,16}为准|为准日|(?:当时|那时|彼时)(?:的|有效|规定)|有效|施行|生效|失效|在.{0,20}(?:这天|那天|当天|的时候|时)|"
    r"\bas of\b|\bas at\b|in force on|valid on|\bon (?=\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|"
    r"現在|時点|当時|기준|당시|по состоянию на|на дату|\bau (?=\d)|à la date|en vigueur le|اعتبارا من|في تاريخ|بتاريخ",
    re.IGNORECASE,
)

_RELATIVE = (
    (0, r"今天|今日|本日|\btoday\b|오늘|сегодня|aujourd'hui|اليوم"),
    (1, r"明天|明日|\btomorrow\b|あした|내일|завтра|\bdemain\b|غدا"),
    (2, r"后天|後天|day after tomorrow|明後日|あさって|모레|послезавтра|après-demain|بعد غد"),
)
_WEEKDAYS = (
    r"(?:周|星期|礼拜)一|\bmonday\b|月曜|월요일|понедельник|\blundi\b|الاثنين",
    r"(?:周|星期|礼拜)二|\btuesday\b|火曜|화요일|вторник|\bmardi\b|الثلاثاء",
    r"(?:周|星期|礼拜)三|\bwednesday\b|水曜|수요일|сред[ау]|\bmercredi\b|الأربعاء",
    r"(?:周|星期|礼拜)四|\bthursday\b|木曜|목요일|четверг|\bjeudi\b|الخميس",
    r"(?:周|星期|礼拜)五|\bfriday\b|金曜|금요일|пятниц[ау]|\bvendredi\b|الجمعة",
    r"(?:周|星期|礼拜)六|\bsaturday\b|土曜|토요일|суббот[ау]|\bsamedi\b|السبت|周末|週末|weekend",
    r"(?:周|星期|礼拜)[日天]|\bsunday\b|日曜|일요일|воскресенье|\bdimanche\b|الأحد",
)
_NEXT_WEEK = re.compile(r"下(?:个)?(?:周|星期|礼拜)")
_MONTH_AND_DAY = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月([12]\d|3[01]|0?[1-9])[日号]")


def named_days(text: str) -> Iterator[datetime.date]:
    """The days that a message names in full, with their years, in no special order."""
    plain = unicodedata.normalize("NFKC", text)
    for day, _start, _end in dates_in(matchable(plain)):
        yield day
    for found in _DAY_FIRST.finditer(plain):
        yield from _day(found[3], _MONTHS[found[2].casefold()], found[1])
    for found in _MONTH_FIRST.finditer(plain):
        yield from _day(found[3], _MONTHS[found[1].casefold()], found[2])
    for found in _KOREAN.finditer(plain):
        yield from _day(found[1], found[2], found[3])
    for found in _DOTTED.finditer(plain):
        yield from _day(found[3], found[2], found[1])
    for found in _SLASHED.finditer(plain):
        first, second = sorted((int(found[1]), int(found[2])))
        if second > 12:  # else nobody knows which of the two is the month
            yield from _day(found[3], first, second)


def without_days(text: str) -> str:
    """A message without the days that it names in full."""
    rest = matchable(unicodedata.normalize("NFKC", text))
    for _day_named, start, end in reversed(list(dates_in(rest))):
        rest = f"{rest[:start]} {rest[end:]}"
    for written in _WRITTEN:
        rest = written.sub(" ", rest)
    return rest


def the_day(text: str) -> datetime.date | None:
    """The one day that a message names; None for none, and where it names several."""
    days = set(named_days(text))
    return days.pop() if len(days) == 1 else None


def as_of(text: str) -> datetime.date | None:
    """The day as of which something is asked; None where a day is only spoken of."""
    day = the_day(text)
    return day if day is not None and _AS_OF.search(unicodedata.normalize("NFKC", text)) else None


def coming_day(text: str, today: datetime.date) -> datetime.date | None:
    """The day of "are you open tomorrow", "on Saturday", 10月1日: today or later; None for none."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    day = the_day(plain)
    if day is not None:
        return day if day >= today else None
    for ahead, words in reversed(_RELATIVE):
        if re.search(words, plain):
            return today + datetime.timedelta(days=ahead)
    for weekday, words in enumerate(_WEEKDAYS):
        if re.search(words, plain):
            monday = today - datetime.timedelta(days=today.weekday())
            if _NEXT_WEEK.search(plain):
                return monday + datetime.timedelta(days=7 + weekday)
            return today + datetime.timedelta(days=(weekday - today.weekday()) % 7)
    found = _MONTH_AND_DAY.search(plain)
    if found is not None:
        for year in (today.year, today.year + 1):
            for day in _day(year, found[1], found[2]):
                if day >= today:
                    return day
    return None


def _day(year: int | str, month: int | str, day: int | str) -> Iterator[datetime.date]:
    try:
        yield datetime.date(int(year), int(month), int(day))
    except ValueError:
        return
