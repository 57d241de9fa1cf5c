"""Figures as English texts print them (folded: half-width, one kind of dash)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from portal.text.numerals import ARABIC, ENGLISH, YEAR, value

from .frames import ENGLISH_MONTH
from .model import Address, CalendarDate, DocumentNumber, Range
from .shared import Found, minutes, year_of
from .units import COUNT, ENGLISH_COUNT, ENGLISH_DURATION, Unit

_FLAGS = re.ASCII | re.IGNORECASE
_TO = r"\s?(?:to|-|~|and|through)\s?"
_AMOUNT = rf"{ARABIC}(?:\s?(?:thousand|million|billion|trillion|m|bn|k)\b)?"
_SIGNS = {"rmb": "CNY", "cny": "CNY", "¥": "CNY", "usd": "USD", "us$": "USD", "$": "USD"}
_SIGNS |= {"hk$": "HKD", "hkd": "HKD", "eur": "EUR", "€": "EUR", "yuan": "CNY"}
_SIGN = r"(?:RMB|CNY|USD|US\$|HK\$|HKD|EUR|€|¥|\$)"
_NAMES = {"yuan": "CNY", "rmb": "CNY", "cny": "CNY", "dollar": "USD", "us dollar": "USD"}
_NAMES |= {"usd": "USD", "euro": "EUR", "fen": "CNY"}
_MONEY = re.compile(
    rf"(?P<sign>{_SIGN})\s?(?P<low>{_AMOUNT})(?:{_TO}(?:{_SIGN}\s?)?(?P<high>{_AMOUNT}))?(?:\s?yuan)?"
    rf"|(?P<from>{ENGLISH}|{_AMOUNT})(?:{_TO}(?P<upto>{ENGLISH}|{_AMOUNT}))?[\s-]?"
    rf"(?P<name>yuan|RMB|CNY|US dollar|USD|dollar|euro)s?\b",
    _FLAGS,
)
_SHORT = {"m": "million", "bn": "billion", "k": "thousand"}


def amount(printed: str) -> Decimal | None:
    """3 million, 3m, 3,000, three thousand."""
    spaced = re.sub(
        r"(?<=\d)\s?(thousand|million|billion|trillion|bn|m|k)$",
        lambda match: f" {_SHORT.get(match[1].lower(), match[1].lower())}",
        printed.strip(),
        flags=re.IGNORECASE,
    )
    return value(spaced)


def money(text: str) -> Iterator[Found]:
    for match in _MONEY.finditer(text):
        low, high = amount(match["low"] or match["from"]), match["high"] or match["upto"]
        if low is None:
            continue
        unit = _SIGNS[match["sign"].lower()] if match["sign"] else _NAMES[match["name"].lower()]
        other = amount(high) if high else None
        yield "money", low if other is None else Range(low, other), unit, *match.span()


_PERCENT = re.compile(
    rf"(?P<low>{ENGLISH})(?:\s?(?:%|percent|per cent)?{_TO}(?P<high>{ENGLISH}))?[\s-]?"
    r"(?P<sign>percentage points?|%|‰|percent\b|per cent\b)",
    _FLAGS,
)


def percents(text: str) -> Iterator[Found]:
    for match in _PERCENT.finditer(text):
        low, high = value(match["low"]), value(match["high"]) if match["high"] else None
        if low is None:
            continue
        factor = Decimal("0.1") if match["sign"] == "‰" else Decimal(1)
        number = low * factor if high is None else Range(low * factor, high * factor)
        yield (
            "points" if match["sign"].lower().startswith("percentage") else "percent",
            number,
            "%",
            *match.span(),
        )


_AGE = re.compile(
    rf"\b(?:aged?|ages)\s(?P<low>{ENGLISH})(?:{_TO}(?P<high>{ENGLISH}))?"
    rf"|(?P<young>{ENGLISH})(?:{_TO}(?P<old>{ENGLISH}))?[\s-](?:{ENGLISH_COUNT['岁']})\b",
    _FLAGS,
)


def ages(text: str) -> Iterator[Found]:
    for match in _AGE.finditer(text):
        low = value(match["low"] or match["young"])
        high = value(match["high"] or match["old"] or "")
        if low is not None:
            yield "count", low if high is None else Range(low, high), "岁", *match.span()


_DURATION = re.compile(
    rf"(?P<low>{ENGLISH})(?:{_TO}(?P<high>{ENGLISH}))?[\s-]"
    r"(?:consecutive |calendar |full )?"
    r"(?P<unit>(?:working|business|work) ?days?|minutes?|hours?|days?|weeks?|months?|years?)\b"
    r"|(?P<half>half an? (?P<of>year|month|day|hour)|half-(?P<kind>year|month|day)ly)\b",
    _FLAGS,
)


def durations(text: str) -> Iterator[Found]:
    for match in _DURATION.finditer(text):
        if match["half"]:
            unit = ENGLISH_DURATION[(match["of"] or match["kind"]).lower()]
            yield "duration", unit.factor / 2, unit.name, *match.span()
            continue
        low, high = value(match["low"]), value(match["high"]) if match["high"] else None
        word = match["unit"].lower().removesuffix("s")
        unit = ENGLISH_DURATION[word]
        if low is not None:
            number = low * unit.factor
            found = number if high is None else Range(number, high * unit.factor)
            yield "duration", found, unit.name, *match.span()


_COUNT = re.compile(
    rf"(?P<low>{ENGLISH})(?:{_TO}(?P<high>{ENGLISH}))?[\s-](?:(?!square|sq\b|cubic)\w{{1,14}}\s)?(?:"
    + "|".join(f"(?P<u{i}>{words})" for i, words in enumerate(ENGLISH_COUNT.values()))
    + r")(?!\w)",
    _FLAGS,
)
_COUNTED = list(ENGLISH_COUNT)
_FLOOR = re.compile(
    r"(?P<nth>\d{1,2})(?:st|nd|rd|th) floor\b|\bfloor (?P<floor>\d{1,2})\b"
    r"|\bwindows? (?:no\.? ?)?(?P<window>\d{1,3})(?:\s?(?:-|to)\s?(?P<last>\d{1,3}))?\b"
    r"|\broom (?P<room>\d{1,4})\b",
    _FLAGS,
)


def counts(text: str) -> Iterator[Found]:
    for match in _COUNT.finditer(text):
        low, high = value(match["low"]), value(match["high"]) if match["high"] else None
        if low is None or match["low"].lower() == "one":
            continue
        word = next(name for i, name in enumerate(_COUNTED) if match[f"u{i}"])
        unit = COUNT.get(word, Unit(word))
        low *= unit.factor
        found = low if high is None else Range(low, high * unit.factor)
        yield "count", found, unit.name, *match.span()


def places(text: str) -> Iterator[Found]:
    """Floors, windows and rooms."""
    for match in _FLOOR.finditer(text):
        if match["window"]:
            first = Decimal(match["window"])
            found = Range(first, Decimal(match["last"])) if match["last"] else first
            yield "count", found, "号窗口", *match.span()
        elif match["room"]:
            yield "count", Decimal(match["room"]), "室", *match.span()
        else:
            yield "count", Decimal(match["nth"] or match["floor"]), "楼", *match.span()


_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATE = re.compile(
    rf"\b(?P<month>{ENGLISH_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
    rf"(?:\s?(?:-|to)\s?(?P<to>\d{{1,2}})(?!\d))?(?:,?\s(?P<year>{YEAR}))?"
    rf"|\b(?P<first>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?\s(?P<middle>{ENGLISH_MONTH})(?!\w)"
    rf"(?:,?\s(?P<after>{YEAR}))?"
    rf"|\b(?P<alone>{ENGLISH_MONTH})\s(?P<only>{YEAR})",
    _FLAGS,
)
_YEAR = re.compile(rf"(?<![\w.,-]){YEAR}(?![\w%]|[.,-]\d)", _FLAGS)


def _month(printed: str) -> int:
    return _MONTHS.index(printed[:3].lower()) + 1


def dates(text: str) -> Iterator[Found]:
    for match in _DATE.finditer(text):
        if match["alone"]:
            date = CalendarDate(year_of(match["only"]), _month(match["alone"]))
        elif match["middle"]:
            year = year_of(match["after"]) if match["after"] else None
            date = CalendarDate(year, _month(match["middle"]), int(match["first"]))
        else:
            year = year_of(match["year"]) if match["year"] else None
            date = CalendarDate(year, _month(match["month"]), int(match["day"]))
            if match["to"]:
                later = date._replace(day=int(match["to"]))
                yield "date", date, "", match.start(), match.end("day")
                yield "date", later, "", match.start("to"), match.end()
                continue
        yield "date", date, "", *match.span()


def years(text: str) -> Iterator[Found]:
    for match in _YEAR.finditer(text):
        yield "date", CalendarDate(year_of(match[0])), "", *match.span()


_TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?(?:\s?(?P<half>[ap])\.?m\b\.?)"
    r"|(?<![\d:])(?P<clock>\d{1,2}):(?P<past>[0-5]\d)(?![\d:])"
    r"|(?P<first>(?<![\d:])\d{1,2})(?=\s?(?:-|to)\s?\d{1,2}(?::\d\d)?\s?[ap]\.?m\b)"
    r"|\b(?P<noon>noon|midday)\b|\b(?P<midnight>midnight)\b",
    _FLAGS,
)


def times(text: str) -> Iterator[Found]:
    for match in _TIME.finditer(text):
        found: Decimal | None
        if match["noon"]:
            found = Decimal(720)
        elif match["midnight"]:
            found = Decimal(0)
        elif match["half"]:
            period = match["half"].lower() + "m"
            found = minutes(int(match["hour"]), int(match["minute"] or 0), period)
        elif match["clock"]:
            found = minutes(int(match["clock"]), int(match["past"]), "")
        else:
            found = minutes(int(match["first"]), 0, "")
        if found is not None:
            yield "time", found, "", *match.span()


_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAY = (
    r"(?:Mon(?:day)?|Tues?(?:day)?|Wed(?:nesday)?|Thu(?:rs)?(?:day)?|Fri(?:day)?"
    r"|Sat(?:urday)?|Sun(?:day)?)s?"
)
_WEEKDAY = re.compile(
    rf"\b(?P<first>{_DAY})\b(?:\s?(?:to|-|through)\s?(?P<last>{_DAY})\b)?", re.ASCII
)


def weekdays(text: str) -> Iterator[Found]:
    for match in _WEEKDAY.finditer(text):
        first = Decimal(_WEEKDAYS.index(match["first"][:3].lower()) + 1)
        if match["last"]:
            last = Decimal(_WEEKDAYS.index(match["last"][:3].lower()) + 1)
            yield "weekday", Range(first, last), "", *match.span()
        else:
            yield "weekday", first, "", *match.span()


_STREET = r"(?:Road|Street|Avenue|Lane|Boulevard|Alley|Rd|St|Ave|Blvd)"
_ADDRESS = re.compile(
    rf"\b(?:[Nn]o\.?\s?)?(?P<number>\d{{1,5}}),?\s(?:[A-Z][\w'-]{{0,20}}\s){{1,4}}{_STREET}\b\.?"
    rf"|\b(?:[A-Z][\w'-]{{0,20}}\s){{1,4}}{_STREET}\.?,?\s(?:[Nn]o\.?\s?)?(?P<after>\d{{1,5}})\b",
    re.ASCII,
)


def addresses(text: str) -> Iterator[Found]:
    """Houses by their number: a street's name is translated, its number is not."""
    for match in _ADDRESS.finditer(text):
        number = int(match["number"] or match["after"])
        yield "address", Address("", number), "", *match.span()


_DOCUMENT = re.compile(
    rf"\[(?P<year>{YEAR})\]\s?No\.?\s?(?P<number>\d{{1,5}})\b"
    r"|\b(?:Decree|Order)\s(?:of .{1,40}? )?No\.?\s?(?P<order>\d{1,5})\b",
    _FLAGS,
)
_LEVELS = {"article": "条", "chapter": "章", "section": "节", "paragraph": "款", "item": "项"}
_PROVISION = re.compile(
    r"\b(?P<level>article|chapter|section|paragraph|item)\s\(?(?P<number>\d{1,4})\)?(?![\d.])",
    _FLAGS,
)


def documents(text: str) -> Iterator[Found]:
    for match in _DOCUMENT.finditer(text):
        if match["order"]:
            yield "document", DocumentNumber("令", None, int(match["order"])), "", *match.span()
        else:
            found = DocumentNumber("", year_of(match["year"]), int(match["number"]))
            yield "document", found, "", *match.span()


def provisions(text: str) -> Iterator[Found]:
    for match in _PROVISION.finditer(text):
        level = _LEVELS[match["level"].lower()]
        yield "provision", Decimal(match["number"]), level, *match.span()
