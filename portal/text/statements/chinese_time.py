"""Dates, times of day and days of the week as Chinese texts print them (folded)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from portal.text.numerals import CHINESE, YEAR, value

from .model import CalendarDate, Range
from .shared import TO, Found, minutes, year_of

_YEARS = re.compile(rf"(?P<first>{YEAR}){TO}(?P<last>{YEAR})(?:年|\b)")
_MONTHLY = re.compile(rf"每(?:个?月|季度?末?月?)\s?(?P<day>{CHINESE})[日号]")


def monthly(text: str) -> Iterator[Found]:
    """每月15日."""
    for match in _MONTHLY.finditer(text):
        day = value(match["day"])
        if day is not None and 1 <= day <= 31:
            yield "date", CalendarDate(day=int(day)), "", *match.span()


def spans_of_years(text: str) -> Iterator[Found]:
    for match in _YEARS.finditer(text):
        yield "date", CalendarDate(year_of(match["first"])), "", *match.span("first")
        yield "date", CalendarDate(year_of(match["last"])), "", match.start("last"), match.end()


_FULL = re.compile(
    rf"(?:(?P<year>{YEAR})年度?)?"
    rf"(?<![个\d])(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月"
    rf"(?:(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号]"
    rf"(?:{TO}(?P<to>\d{{1,2}})[日号])?(?P<more>(?:[、和及](?:\d{{1,2}})[日号](?!内|以|之)){{1,5}})?)?"
)
_DAY = re.compile(r"(?P<day>\d{1,2})[日号]")
_ONLY_YEAR = re.compile(rf"(?P<year>{YEAR})年")


def dates(text: str) -> Iterator[Found]:
    """Dates and the ends of spans of dates; each end is a statement of its own."""
    year_before = None
    end = -10
    for match in _FULL.finditer(text):
        year = year_of(match["year"]) if match["year"] else None
        month, day = value(match["month"]), value(match["day"]) if match["day"] else None
        if month is None or not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
            continue
        # 2026年1月1日至6月30日: the second end has the year of the first
        if year is None and match.start() - end <= 3:
            year = year_before
        whole = CalendarDate(year, int(month), None if day is None else int(day))
        last = match.start("more") if match["more"] else match.end()
        if match["to"]:
            yield "date", whole, "", match.start(), match.end("day")
            yield "date", whole._replace(day=int(match["to"])), "", match.start("to"), last
        else:
            yield "date", whole, "", match.start(), last
        # 10月18日、19日
        for more in _DAY.finditer(text, match.start("more"), match.end()) if match["more"] else ():
            if 1 <= int(more["day"]) <= 31:
                yield "date", whole._replace(day=int(more["day"])), "", *more.span()
        year_before, end = whole.year, match.end()


def only_years(text: str) -> Iterator[Found]:
    for match in _ONLY_YEAR.finditer(text):
        yield "date", CalendarDate(year_of(match["year"])), "", *match.span()


_PERIOD = "(?P<{0}>凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚间|夜里|夜间|晚|夜)?"
_PERIODS = dict.fromkeys(("下午", "傍晚", "晚上", "晚间", "夜里", "夜间", "晚", "夜"), "pm")
_PERIODS |= {"中午": "noon"}
_TIME = re.compile(
    _PERIOD.format("period") + r"\s?(?:(?P<clock>(?<![\d:])\d{1,2}):(?P<minute>[0-5]\d)(?![\d:])"
    r"|(?P<hour>(?<!\d)\d{1,2}|[一二两三四五六七八九十]{1,2}|零)(?P<word>[点时])"
    r"(?:(?P<part>\d{1,2}|[一二三四五六七八九十]{1,3})分|(?P<half>半)|(?P<quarter>[一三])刻|整|钟)?)"
)


# 朝九晚五
_OFFICE_HOURS = re.compile("朝(?P<from>[七八九十])(?P<late>晚(?P<to>[四五六七八九]))")


def times(text: str) -> Iterator[Found]:
    """Times of day. A bare 两点 is a time only where the words around say so."""
    for match in _OFFICE_HOURS.finditer(text):
        opens, closes = value(match["from"]), value(match["to"])
        assert opens is not None
        assert closes is not None
        yield "time", opens * 60, "", match.start(), match.end("from")
        yield "time", (closes + 12) * 60, "", match.start("late"), match.end()
    end, period_before, before = -10, "", Decimal(0)
    for match in _TIME.finditer(text):
        gap = text[max(end, 0) : match.start()]
        follows = 0 <= match.start() - end <= 4 and any(mark in gap for mark in "至到-~")
        word = match["period"] or ""
        if match["word"] == "点" and not (
            word
            or follows
            or match["half"]
            or match["part"]
            or match["quarter"]
            or match["hour"].isdigit()
        ):
            continue
        period = _PERIODS.get(word, "")
        hour = value(match["clock"] or match["hour"])
        minute = Decimal(30) if match["half"] else value(match["minute"] or match["part"] or "0")
        if match["quarter"]:
            minute = Decimal(15 if match["quarter"] == "一" else 45)
        if hour is None or minute is None:
            continue
        found = minutes(int(hour), int(minute), period)
        if found is None:
            continue
        if word in ("夜里", "夜间", "夜") and hour < 6:
            found -= 720
        if period == "pm" and hour == 12 and word != "下午":
            found = Decimal(1440)  # 晚上12点
        # 下午1点半到5点: the second is in the afternoon too
        if follows and not word and period_before == "pm" and found < before:
            found += 720
        start = match.start("clock") if match["clock"] else match.start("hour")
        yield "time", found, "", match.start("period") if word else start, match.end()
        end, period_before, before = (
            match.end(),
            period or (period_before if follows else ""),
            found,
        )


_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_WEEK = "(?:周|星期|礼拜)"
_WEEKDAY = re.compile(
    rf"{_WEEK}(?P<first>[一二三四五六日天])(?:{TO}{_WEEK}?(?P<last>[一二三四五六日天]))?(?![周年次个天])"
)


def weekdays(text: str) -> Iterator[Found]:
    for match in _WEEKDAY.finditer(text):
        first = Decimal(_WEEKDAYS[match["first"]])
        if match["last"]:
            yield "weekday", Range(first, Decimal(_WEEKDAYS[match["last"]])), "", *match.span()
        else:
            yield "weekday", first, "", *match.span()
