"""What Arabic texts print (folded: European digits, letters without hamza). Best effort."""

import re
from collections.abc import Iterator
from fractions import Fraction

from . import neutral
from .chinese import signed_money
from .european import calendar, ordinals_in_words, provisions_after, weekday_names
from .model import Reading
from .numerals import ARABIC
from .scanning import Found, Reader, among, amounts, measures, numbers, units

N = ARABIC.pattern
TO = r"(?:\s?(?:الي|حتي|-{1,2}|~|و|او)\s?|,\s)"
_DAY = Fraction(1440)

_MONTHS = {
    "يناير|كانون الثاني": 1,
    "فبراير|شباط": 2,
    "مارس|اذار": 3,
    "ابريل|نيسان": 4,
    "مايو|ايار": 5,
    "يونيو|حزيران": 6,
    "يوليو|تموز": 7,
    "اغسطس|اب": 8,
    "سبتمبر|ايلول": 9,
    "اكتوبر|تشرين الاول": 10,
    "نوفمبر|تشرين الثاني": 11,
    "ديسمبر|كانون الاول": 12,
}
_WEEKDAYS = {
    "(?:ال|لل)اثنين": 1,
    "(?:ال|لل)ثلاثاء": 2,
    "(?:ال|لل)اربعاء": 3,
    "(?:ال|لل)خميس": 4,
    "(?:ال|لل)جمعة": 5,
    "(?:ال|لل)سبت": 6,
    "(?:ال|لل)احد": 7,
}
_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>صباح\w{0,2}|مساء\w?|ظهر\w{0,2}|بعد الظهر|ص(?!\w)|م(?!\w))"  # noqa: E501
    r"|الساعة\s(?P<at>\d{1,2})(?:[:.](?P<past>[0-5]\d))?(?!\d)|(?P<noon>منتصف النهار)|(?P<midnight>منتصف الليل)"  # noqa: E501
)


def times(text: str) -> Iterator[Found]:
    for match in _TIME.finditer(text):
        if match["noon"] or match["midnight"]:
            shown: tuple[int, ...] = (720,) if match["noon"] else (0, 1440)
        elif match["at"]:
            at = int(match["at"]) * 60 + int(match["past"] or 0)
            shown = (at, at + 720) if at < 720 else (at,)
        else:
            hour, half = int(match["hour"]), match["half"]
            late = not half.startswith("ص") and hour < 12
            minute = int(match["minute"] or 0)
            shown = ((hour + (12 if late else 0)) * 60 + minute,)
            if half.startswith("ص") and hour == 12:
                shown = (minute,)
        if max(shown) <= 1440:
            yield Found(tuple(Reading("time", "", Fraction(one)) for one in shown), *match.span())


_DUALS = {
    r"يوم[ي]?ن|يومان": ("duration", "minute", 2 * _DAY),
    r"شهرين|شهران": ("duration", "month", Fraction(2)),
    r"سنتين|سنتان|عامين|عامان": ("duration", "month", Fraction(24)),
    r"ساعتين|ساعتان": ("duration", "minute", Fraction(120)),
    r"اسبوعين|اسبوعان": ("duration", "minute", 14 * _DAY),
    r"نسختين|نسختان|مرتين|مرتان|صورتين|صورتان|كلا|كلتا": ("number", "", Fraction(2)),
}
_DUAL = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<d{place}>{form})' for place, form in enumerate(_DUALS))})(?P<work> عمل)?(?!\w)"  # noqa: E501
)


def duals(text: str) -> Iterator[Found]:
    """يومين: two days; the number is in the word."""
    values = list(_DUALS.values())
    for match in _DUAL.finditer(text):
        kind, unit, value = next(
            values[place] for place in range(len(values)) if match[f"d{place}"]
        )
        shown = Reading(kind, unit, value)  # type: ignore[arg-type]
        if match["work"]:
            shown = Reading("duration", "workday", Fraction(2))
        yield Found((shown,), *match.span())


_SHARE = units(
    "share",
    {
        r"%|(?:في|ب)\s?(?:المئة|المائة|المية)|بالمئة|بالمائة": ("", Fraction(1, 100)),
        "‰": ("", Fraction(1, 1000)),
    },
)
_POINTS = units("points", {r"نقط\w{1,2} مئوية|نقاط مئوية": ("", 1)})
_MONEY = units(
    "money",
    {
        r"يوان\w{0,2}(?: صيني\w?)?|رنمينبي|RMB|CNY": ("CNY", 1),
        r"دولار\w{0,2}(?: امريكي\w?)?|USD": ("USD", 1),
        "يورو|EUR": ("EUR", 1),
        r"ين ياباني": ("JPY", 1),
    },
)
_DURATIONS = [
    *units(
        "duration",
        {
            r"(?:ايام|يوم\w?) عمل": ("workday", 1),
            r"ايام|يوم\w?": ("minute", _DAY),
            r"اسابيع|اسبوع\w?": ("minute", 7 * _DAY),
            r"اشهر|شهور|شهر\w?": ("month", 1),
            r"ساعات|ساعة": ("minute", 60),
            r"دقائق|دقيقة": ("minute", 1),
            r"ثوان\w?|ثانية": ("minute", Fraction(1, 60)),
        },
    ),
    *units("duration", {r"سنوات|سنة|اعوام|عام\w?": ("month", 12)}, also_number=True),
]
_MEASURES = measures(
    {
        "km2": r"كيلومتر\w{0,2} مربع\w?|كم²",
        "ha": r"هكتار\w{0,2}",
        "m2": r"(?:متر\w?|امتار) مربع\w{0,2}|م²",
        "m3": r"(?:متر\w?|امتار) مكعب\w{0,2}|م³",
        "km": r"كيلومتر\w{0,2}|كم",
        "cm": r"سنتيمتر\w{0,2}|سم",
        "m": r"متر\w?|امتار",
        "kg": r"كيلوغرام\w{0,2}|كجم|كغ",
        "t": r"طن\w?|اطنان",
        "l": r"لتر\w{0,2}",
        "degree": r"درجات|درجة|°|℃",
    }
)
_ORDINALS = {
    "ال(?:اول|اولي)": 1,
    "الثاني(?:ة)?": 2,
    "الثالث(?:ة)?": 3,
    "الرابع(?:ة)?": 4,
    "الخامس(?:ة)?": 5,
    "السادس(?:ة)?": 6,
    "السابع(?:ة)?": 7,
    "الثامن(?:ة)?": 8,
    "التاسع(?:ة)?": 9,
    "العاشر(?:ة)?": 10,
    **{
        f"ال{word}": number
        for number, word in enumerate(
            ["ثلاثة", "اربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"], 3
        )
    },
}


READERS: tuple[Reader, ...] = (
    provisions_after({r"المادة": "条", r"الفصل": "章"}, number=r"\(?\d{1,4}\)?"),
    calendar(_MONTHS, day_suffix="", of="(?: من)?", year_tail="", joining=r"\s?(?:-|الي|حتي|و)\s?"),
    neutral.days_first(),
    weekday_names(_WEEKDAYS, joining=r"\s?(?:-|الي|حتي)\s?"),
    times,
    neutral.clocks,
    duals,
    amounts(ARABIC, [*_POINTS, *_SHARE], to=TO),
    signed_money(N, ARABIC.values, r"\s?(?:الي|-|و)\s?", r"\s?يوان"),
    amounts(ARABIC, _MONEY, to=TO, after=r"(?!\w)"),
    amounts(ARABIC, _DURATIONS, to=TO, after=r"(?!\w)"),
    amounts(ARABIC, _MEASURES, to=TO, after=r"(?!\w)"),
    ordinals_in_words(_ORDINALS),
    neutral.shares,
    neutral.codes,
    numbers(ARABIC, soft=among(), to=TO),
)
