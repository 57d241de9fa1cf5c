"""What English texts print (folded)."""

import re
from collections.abc import Iterator
from fractions import Fraction

from . import neutral
from .chinese import signed_money
from .european import calendar, ordinals_in_words, provisions_after, weekday_names
from .model import Reading
from .numerals import ENGLISH_NUMERALS
from .scanning import Found, Reader, among, amounts, discounts, ignored, measures, numbers, units

N = ENGLISH_NUMERALS.pattern
TO = r"(?:\s?(?:to|-{1,2}|~|and|or|through)\s?|,\s)"
_GAP = r"(?:\s|-)?(?:(?:full|consecutive|calendar|natural|whole|more|extra|further|additional) )?"
_DAY = Fraction(1440)

_MONTHS = {
    "Jan(?:uary|\\.)?": 1,
    "Feb(?:ruary|\\.)?": 2,
    "Mar(?:ch|\\.)?": 3,
    "Apr(?:il|\\.)?": 4,
    "May": 5,
    "June?\\.?": 6,
    "July?\\.?": 7,
    "Aug(?:ust|\\.)?": 8,
    "Sept?(?:ember|\\.)?": 9,
    "Oct(?:ober|\\.)?": 10,
    "Nov(?:ember|\\.)?": 11,
    "Dec(?:ember|\\.)?": 12,
}
_WEEKDAYS = {
    "Mon(?:days?|\\.)?": 1,
    "Tue(?:s?(?:days?)?|\\.)?": 2,
    "Wed(?:nesdays?|\\.)?": 3,
    "Thu(?:rs)?(?:days?|\\.)?": 4,
    "Fri(?:days?|\\.)?": 5,
    "Sat(?:urdays?|\\.)?": 6,
    "Sun(?:days?|\\.)?": 7,
}
_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|(?<![\d:])(?P<first>\d{1,2})(?:[:.](?P<past>[0-5]\d))?(?=\s?(?:-|to|and|until)\s?\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b)"
    r"|(?<![\d:])(?P<clock>\d{1,2}) o'clock"
    r"|(?:\b12 )?\b(?P<noon>noon|midday)\b|(?:\b12 )?\b(?P<midnight>midnight)\b",
    re.IGNORECASE,
)


def times(text: str) -> Iterator[Found]:
    for match in _TIME.finditer(text):
        if match["noon"]:
            minutes: tuple[int, ...] = (720,)
        elif match["midnight"]:
            minutes = (0, 1440)
        elif match["half"]:
            hour = int(match["hour"]) % 12 if int(match["hour"]) <= 12 else int(match["hour"])
            late = match["half"].lower() == "p" and hour < 12
            minutes = (hour * 60 + int(match["minute"] or 0) + (720 if late else 0),)
        else:
            hour = int(match["first"] or match["clock"])
            start = hour * 60 + int(match["past"] or 0)
            minutes = (start, start + 720) if hour < 12 else (start, start - 720)
        if max(minutes) <= 1440:
            readings = tuple(Reading("time", "", Fraction(minute)) for minute in minutes)
            yield Found(readings, *match.span(), soft=bool(match["noon"] or match["midnight"]))


_HOUR_WORDS = dict(
    zip(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        range(1, 13),
        strict=True,
    )
)
_HOUR = rf"\d{{1,2}}|{'|'.join(_HOUR_WORDS)}"
_SPOKEN = re.compile(
    rf"\b(?P<part>half past|quarter past|quarter to) (?P<of>{_HOUR})\b"
    rf"|\b(?P<hour>{_HOUR})(?: o'clock)? in the (?P<half>morning|afternoon|evening)\b"
    rf"|\b(?P<clock>{'|'.join(_HOUR_WORDS)}) o'clock\b",
    re.IGNORECASE,
)
_PAST = {"half past": 30, "quarter past": 15, "quarter to": -15}


def spoken_times(text: str) -> Iterator[Found]:
    """Half past six, four in the afternoon."""
    for match in _SPOKEN.finditer(text):
        word = (match["of"] or match["hour"] or match["clock"]).lower()
        hour = _HOUR_WORDS.get(word) or int(word)
        at = (hour * 60 + (_PAST[match["part"].lower()] if match["part"] else 0)) % 1440
        both: tuple[int, ...] = (at, at + 720) if at < 720 else (at, at - 720)
        if match["half"]:
            late = match["half"].lower() != "morning"
            both = (max(both),) if late else (min(both),)
        yield Found(tuple(Reading("time", "", Fraction(one)) for one in both), *match.span())


_HALF_MORE = re.compile(
    rf"(?P<whole>{N}) and a half (?P<unit>year|month|week|day|hour|minute)s?\b"
    r"|\ban? (?P<one>year|month|week|day|hour|minute) and a half\b",
    re.IGNORECASE,
)
_SIZES = {"year": ("month", 12), "month": ("month", 1), "week": ("minute", 10080)}
_SIZES |= {"day": ("minute", 1440), "hour": ("minute", 60), "minute": ("minute", 1)}


def halves(text: str) -> Iterator[Found]:
    """One and a half hours, an hour and a half."""
    for match in _HALF_MORE.finditer(text):
        whole = ENGLISH_NUMERALS.values(match["whole"]) if match["whole"] else (Fraction(1),)
        unit, size = _SIZES[(match["unit"] or match["one"]).lower()]
        if whole:
            number = (whole[0] + Fraction(1, 2)) * size
            yield Found((Reading("duration", unit, number),), *match.span())


_MONEY = units(
    "money",
    {
        r"U\.?S\.? dollars?|dollars?|USD": ("USD", 1),
        r"Hong Kong dollars?|HKD": ("HKD", 1),
        "euros?|EUR": ("EUR", 1),
        r"(?:Japanese )?yen|JPY": ("JPY", 1),
        "(?:Korean )?won|KRW": ("KRW", 1),
        "rou?bles?|RUB": ("RUB", 1),
        "pounds sterling|GBP": ("GBP", 1),
        r"(?:Chinese )?yuan(?: \(?(?:RMB|CNY|renminbi)\)?)?|RMB(?: yuan)?|CNY|renminbi": ("CNY", 1),
        "jiao": ("CNY", Fraction(1, 10)),
        "fen": ("CNY", Fraction(1, 100)),
    },
)
_SHARE = units(
    "share",
    {
        r"(?:%|percent|per cent)(?! points?)": ("", Fraction(1, 100)),
        "‰|per mille": ("", Fraction(1, 1000)),
    },
)
_POINTS = units("points", {r"percent(?:age)? points?|per cent points?|% points?": ("", 1)})
_AGE = units("number", {r"years? of age|years?[ -]olds?|-year-olds?": ("", 1)})
_DURATIONS = [
    *units(
        "duration",
        {
            "(?:working|business|work|office)[ -]?days?": ("workday", 1),
            "days?": ("minute", _DAY),
            "fortnights?": ("minute", 14 * _DAY),
            "weeks?": ("minute", 7 * _DAY),
            "months?": ("month", 1),
            "quarters?(?= (?:of a year|in a row))": ("month", 3),
            "hours?|hrs?": ("minute", 60),
            "minutes?|mins?": ("minute", 1),
            "seconds?(?! (?:floor|time|copy))": ("minute", Fraction(1, 60)),
            "(?:school )?(?:semesters?|terms?)": ("term", 1),
        },
    ),
    *units("duration", {"years?": ("month", 12)}, also_number=True),
]
_MEASURES = measures(
    {
        "km2": r"(?:square|sq\.?) (?:kilomet(?:re|er)s?|km)|km²",
        "ha": "hectares?|ha",
        "m2": r"(?:square|sq\.?) ?(?:met(?:re|er)s?|m)|㎡|m²|m2|sqm",
        "m3": r"(?:cubic|cu\.?) (?:met(?:re|er)s?|m)|m³",
        "mu": "mu",
        "km": r"kilomet(?:re|er)s?|km",
        "cm": r"centimet(?:re|er)s?|cm",
        "mm": r"millimet(?:re|er)s?|mm",
        "m": r"met(?:re|er)s?|m",
        "kg": r"kilogram(?:me)?s?|kilos?|kg",
        "t": r"(?:metric )?ton(?:ne)?s?",
        "mg": r"milligram(?:me)?s?|mg",
        "g": r"gram(?:me)?s?|g",
        "ml": r"millilit(?:re|er)s?|ml",
        "l": r"lit(?:re|er)s?|l",
        "kWh": r"kilowatt[ -]hours?|kWh",
        "kW": r"kilowatts?|kW",
        "degree": r"degrees?(?: Celsius| centigrade)?|°C|℃|°",
        "GB": "GB|gigabytes?",
        "MB": "MB|megabytes?",
        "dB": r"decibels?|dB(?:\(A\))?",
    }
)

_PART_WORDS = {"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10, "half": 2}
_PARTS = re.compile(
    rf"(?:(?P<count>an?|one|two|three|four)[ -])(?P<part>{'|'.join(_PART_WORDS)})s?\b(?!-)(?! (?:floor|party|year|day|person))"  # noqa: E501
    r"|\bhalf (?P<of>an? )?(?P<unit>year|month|day|hour)s?\b|\bhalf-(?P<kind>year|month|day|hour)(?:ly)?\b"  # noqa: E501
    r"|\b(?P<half>half|halved?|halves|halving)\b(?! past)",
    re.IGNORECASE,
)
_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_HALVES = {"year": ("month", 6), "month": ("minute", 15 * 1440), "day": ("minute", 720)}
_HALVES |= {"hour": ("minute", 30)}


def parts(text: str) -> Iterator[Found]:
    """two thirds, half a year."""
    for match in _PARTS.finditer(text):
        name = match["unit"] or match["kind"]
        if name:
            unit, number = _HALVES[name.lower()]
            readings = [Reading("duration", unit, Fraction(number))]
            if name.lower() == "month":
                readings.append(Reading("duration", "month", Fraction(1, 2)))
            yield Found(tuple(readings), *match.span(), soft=name.lower() == "day")
        elif match["part"]:
            part = Fraction(_COUNT[match["count"].lower()], _PART_WORDS[match["part"].lower()])
            yield Found((Reading("share", "", part),), *match.span(), soft=part.numerator == 1)
        else:
            yield Found((Reading("share", "", Fraction(1, 2)),), *match.span(), soft=True)


_OFF = discounts(
    r"(\d{1,2})\s?(?:%|percent|per cent) (?:off|discount|reduction|concession)"
    r"|(?:reduced|discounted) by (\d{1,2})\s?(?:%|percent|per cent)",
)

_ORDINAL = re.compile(r"(?<![\w.])(?P<number>\d{1,4})(?:st|nd|rd|th)\b", re.IGNORECASE)


def ordinals(text: str) -> Iterator[Found]:
    for match in _ORDINAL.finditer(text):
        yield Found((Reading("number", "", Fraction(match["number"])),), *match.span())


_ORDINALS = {
    word: place
    for place, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}
_ORDINALS |= {"both": 2, "twice": 2, "once": 1, "double": 2, "triple": 3, "single": 1, "pair": 2}
_ORDINALS |= {"twentieth": 20, "thirtieth": 30, "duplicate": 2, "triplicate": 3, "fifteenth": 15}

READERS: tuple[Reader, ...] = (
    neutral.enumerated,
    ignored(
        r"\bone-stop\b|\bone[- ]by[- ]one\b|\bthird[- ]part(?:y|ies)\b|\bone another\b|\bno one\b",
        re.IGNORECASE,
    ),
    provisions_after(
        {"Articles?|Art\\.": "条", "Chapters?": "章"},
        number=r"\d{1,4}|[IVX]{1,5}(?!\w)|one|two|three|four|five|six|seven|eight|nine|ten",
        words=ENGLISH_NUMERALS,
    ),
    calendar(
        _MONTHS,
        day_suffix="(?:st|nd|rd|th)?",
        of="(?: of)?,?",
        year_tail="",
        unsure="May|Mar|Dec|Sep|Sept",
        article="(?:the )?",
        joining=r"\s?(?:-|to|until|through|and|till)\s?(?:the )?",
    ),
    neutral.days_first(month_first=True),
    weekday_names(_WEEKDAYS, joining=r"\s?(?:-|to|through)\s?", case=True),
    spoken_times,
    halves,
    times,
    neutral.clocks,
    _OFF,
    amounts(ENGLISH_NUMERALS, [*_POINTS, *_SHARE], to=TO, gap=r"[\s-]?"),
    parts,
    signed_money(N, ENGLISH_NUMERALS.values, r"\s?(?:to|-|and|or)\s?", r"\s?yuan"),
    amounts(ENGLISH_NUMERALS, _MONEY, to=TO, gap=r"[\s-]?", after=r"\b"),
    amounts(ENGLISH_NUMERALS, _AGE, to=TO, gap=r"[\s-]?", after=r"\b"),
    amounts(ENGLISH_NUMERALS, _DURATIONS, to=TO, gap=_GAP, after=r"\b"),
    amounts(ENGLISH_NUMERALS, _MEASURES, to=TO, gap=r"[\s-]?", after=r"(?!\w)"),
    ordinals,
    ordinals_in_words(_ORDINALS),
    neutral.shares,
    neutral.codes,
    numbers(ENGLISH_NUMERALS, soft=among("one", "zero"), to=TO),
)
