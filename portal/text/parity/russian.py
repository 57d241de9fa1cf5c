"""What Russian texts print (folded: ё is е)."""

import re
from collections.abc import Iterator
from fractions import Fraction

from . import neutral
from .chinese import signed_money
from .european import calendar, ordinals_in_words, provisions_after, weekday_names
from .model import Day, Reading
from .numerals import RUSSIAN
from .scanning import (
    Found,
    Reader,
    Unit,
    among,
    amounts,
    discounts,
    ignored,
    measures,
    numbers,
    units,
)

N = RUSSIAN.pattern
TO = r"(?:\s?(?:до|по|-{1,2}|~|и|или)\s?|,\s)"
_DAY = Fraction(1440)

_MONTHS = {
    "январ(?:я|ь|е|ю|ем)|янв\\.": 1,
    "феврал(?:я|ь|е|ю|ем)|февр\\.": 2,
    "март(?:а|е|у|ом)?": 3,
    "апрел(?:я|ь|е|ю|ем)|апр\\.": 4,
    "ма(?:я|й|е|ю|ем)": 5,
    "июн(?:я|ь|е|ю|ем)": 6,
    "июл(?:я|ь|е|ю|ем)": 7,
    "август(?:а|е|у|ом)?|авг\\.": 8,
    "сентябр(?:я|ь|е|ю|ем)|сент\\.": 9,
    "октябр(?:я|ь|е|ю|ем)|окт\\.": 10,
    "ноябр(?:я|ь|е|ю|ем)|нояб\\.": 11,
    "декабр(?:я|ь|е|ю|ем)|дек\\.": 12,
}
_WEEKDAYS = {
    "понедельник(?:а|у|ом|е|и|ам)?|пн\\.?": 1,
    "вторник(?:а|у|ом|е|и|ам)?|вт\\.?": 2,
    "сред(?:а|у|ы|е|ой|ам)|ср\\.?": 3,
    "четверг(?:а|у|ом|е|и|ам)?|чт\\.?": 4,
    "пятниц(?:а|у|ы|е|ей|ам)|пт\\.?": 5,
    "суббот(?:а|у|ы|е|ой|ам)|сб\\.?": 6,
    "воскресень(?:е|я|ю|ем|ям)|вс\\.?": 7,
}

_TIME = re.compile(
    r"(?<![\d:.,])(?P<hour>\d{1,2})\s?(?:ч\.?|час(?:ов|а|у|ам)?)\s?(?P<minute>[0-5]\d)\s?(?:мин\.?|минут[аы]?)?(?!\w)"
    r"|(?<![\d:.,])(?P<spoken>\d{1,2})(?::(?P<past>[0-5]\d))? ?(?:час(?:ов|а|у)? )?(?P<half>утра|дня|вечера|ночи)(?!\w)"  # noqa: E501
    r"|(?<![\d:.,])(?P<dotted>[01]?\d|2[0-4])\.(?P<points>[0-5]\d)(?=\s?(?:-|до|и|,|;|\)|$))(?![\d.])"
    r"|(?P<noon>полдень|полудня)|(?P<midnight>полночь|полуночи)",
    re.IGNORECASE,
)


def times(text: str) -> Iterator[Found]:
    for match in _TIME.finditer(text):
        readings: list[Reading] = []
        if match["noon"]:
            readings = [Reading("time", "", Fraction(720))]
        elif match["midnight"]:
            readings = [Reading("time", "", Fraction(0)), Reading("time", "", Fraction(1440))]
        elif match["hour"]:
            at = Fraction(int(match["hour"]) * 60 + int(match["minute"]))
            readings = [Reading("time", "", at), Reading("duration", "minute", at)]
        elif match["spoken"]:
            hour = int(match["spoken"])
            half = match["half"].lower()
            if half in {"дня", "вечера"} and hour < 12:
                hour += 12
            if half == "ночи" and hour == 12:
                hour = 0
            at = Fraction(hour * 60 + int(match["past"] or 0))
            if not int(match["spoken"]):
                at = Fraction(0)  # с 0 часов дня, следующего за …
            readings = [Reading("time", "", at)]
            if half == "дня" and not match["past"]:  # 3 дня: three days
                days = int(match["spoken"]) * _DAY
                readings.insert(0, Reading("duration", "minute", days))
        else:
            at = Fraction(int(match["dotted"]) * 60 + int(match["points"]))
            number = Fraction(f"{match['dotted']}.{match['points']}")
            readings = [Reading("time", "", at), Reading("number", "", number)]
        yield Found(tuple(readings), *match.span())


_HOURS = re.compile(
    r"(?:(?<!\w)(?:с|от) (?P<from>\d{1,2}) )?(?:до|и до|по) (?P<to>\d{1,2}) час(?:ов|а)(?!\w)|(?<!\w)(?:в|к|с|до) (?P<at>\d{1,2}) час(?:ов|а|ам)?(?!\w)",  # noqa: E501
    re.IGNORECASE,
)


def hours(text: str) -> Iterator[Found]:
    """С 9 до 18 часов: times of day, or how long."""
    for match in _HOURS.finditer(text):
        for name in ("from", "to", "at"):
            if match[name] and int(match[name]) <= 24:
                at = Fraction(int(match[name]) * 60)
                readings = (Reading("time", "", at), Reading("duration", "minute", at))
                end = match.end() if name != "from" else match.end(name)
                yield Found(readings, match.start(name), end, joined=name == "to")


_STEMS = {"одно": 1, "двух": 2, "трех": 3, "четырех": 4, "пяти": 5, "шести": 6, "семи": 7}
_STEMS |= {"восьми": 8, "девяти": 9, "десяти": 10, "пятнадцати": 15, "двадцати": 20}
_STEMS |= {"двенадцати": 12, "тридцати": 30, "сорока": 40, "шестидесяти": 60, "девяносто": 90}
_STEM = "|".join(sorted(_STEMS, key=len, reverse=True))
_COMPOUND = re.compile(
    rf"(?<!\w)(?:(?P<digits>\d+(?:[.,]\d+)?)(?:-(?:ти|х|и))?-?|(?P<stem>{_STEM}))-?"
    r"(?P<unit>дневн|суточн|недельн|месячн|летн|годичн|часов|минутн|процентн|разов|кратн|этап|этажн|местн|сторонн|язычн|квартальн)\w{0,4}",
    re.IGNORECASE,
)
_COMPOUNDS = {
    "дневн": ("duration", "minute", _DAY),
    "суточн": ("duration", "minute", _DAY),
    "недельн": ("duration", "minute", 7 * _DAY),
    "месячн": ("duration", "month", Fraction(1)),
    "квартальн": ("duration", "month", Fraction(3)),
    "летн": ("duration", "month", Fraction(12)),
    "годичн": ("duration", "month", Fraction(12)),
    "часов": ("duration", "minute", Fraction(60)),
    "минутн": ("duration", "minute", Fraction(1)),
    "процентн": ("share", "", Fraction(1, 100)),
}


def compounds(text: str) -> Iterator[Found]:
    """Трехдневный, 30-дневный, 5-процентный."""
    for match in _COMPOUND.finditer(text):
        if match["digits"]:
            number = Fraction(match["digits"].replace(",", "."))
        else:
            number = Fraction(_STEMS[match["stem"].lower()])
        kind, unit, factor = _COMPOUNDS.get(match["unit"].lower(), ("number", "", Fraction(1)))
        readings = [Reading(kind, unit, number * factor)]  # type: ignore[arg-type]
        if match["unit"].lower() == "летн":
            readings.append(Reading("number", "", number))
        yield Found(tuple(readings), *match.span(), soft=kind == "number" or number == 1)


_HALF = re.compile(
    r"(?<!\w)(?:полу?(?P<half>года|месяца|часа|дня)|полтора (?P<more>года|месяца|часа|дня)|полторы (?P<weeks>недели|минуты))(?!\w)"  # noqa: E501
    r"|(?P<part>одн(?:а|ой|у) (?P<one>треть|трети|четверть|четверти)|две трети|двух третей|три четверти|трех четвертей|треть|трети|четверть|половин\w{1,3}|полцены|вполовину)(?!\w)",  # noqa: E501
    re.IGNORECASE,
)
_HALVES = {"года": ("month", 12), "месяца": ("month", 1), "часа": ("minute", 60)}
_HALVES |= {"дня": ("minute", 1440), "недели": ("minute", 7 * 1440), "минуты": ("minute", 1)}


def parts(text: str) -> Iterator[Found]:
    for match in _HALF.finditer(text):
        unit = match["half"] or match["more"] or match["weeks"]
        if unit:
            name, size = _HALVES[unit.lower()]
            number = Fraction(size, 2) if match["half"] else Fraction(size * 3, 2)
            yield Found(
                (Reading("duration", name, number),),
                *match.span(),
                soft=match["half"] is not None and unit.lower() == "дня",
            )
            continue
        words = match["part"].lower()
        share = Fraction(1, 2)
        if "трет" in words:
            share = Fraction(2 if words.startswith(("две", "двух")) else 1, 3)
        elif "четверт" in words:
            share = Fraction(3 if words.startswith("тр") else 1, 4)
        yield Found((Reading("share", "", share),), *match.span(), soft=share.numerator == 1)


_OFF = discounts(
    r"скидк\w{1,3}(?: в| до)? (\d{1,2})\s?(?:%|процент\w{0,3})|(\d{1,2})\s?(?:%|-процентн\w{2,3}|процентов) (?:скидк|льгот)\w{1,3}"  # noqa: E501
    r"|(?:снижен|уменьшен|сниж)\w{0,4} на (\d{1,2})\s?(?:%|процент\w{0,3})",
)

_SHARE = units(
    "share",
    {
        r"(?:%|процент(?:а|ов|ом|ам|у|е)?)(?!\w|\s?пункт)": ("", Fraction(1, 100)),
        "‰|промилле": ("", Fraction(1, 1000)),
    },
)
_POINTS = units("points", {r"процентн\w{2,3} пункт\w{0,3}|п\.\s?п\.": ("", 1)})
_MONEY = units(
    "money",
    {
        r"(?:китайск\w{2,3} )?юан(?:ь|я|ей|ям|ю|ях|ями)|CNY|RMB": ("CNY", 1),
        r"гонконгск\w{2,3} доллар\w{0,3}": ("HKD", 1),
        r"доллар\w{0,3}(?: США)?|USD|долл\.(?: США)?": ("USD", 1),
        "евро|EUR": ("EUR", 1),
        r"рубл\w{1,3}|руб\.": ("RUB", 1),
        r"(?:японск\w{2,3} )?(?:иен\w{0,2}|йен\w{0,2})": ("JPY", 1),
        r"вон\w?(?!\w)": ("KRW", 1),
        r"цзяо": ("CNY", Fraction(1, 10)),
    },
)
_DURATIONS: list[Unit] = [
    *units(
        "duration",
        {
            r"рабоч\w{2,3} (?:дн\w{1,3}|день|сут\w{2,3})": ("workday", 1),
            r"(?:календарн\w{2,3} |полн\w{2,3} |последующ\w{2,3} )?(?:дн(?:я|ей|ям|ях|ями|и)|день|сут(?:ок|ки|кам|ках))": (  # noqa: E501
                "minute",
                _DAY,
            ),
            r"недел(?:я|и|ь|ю|ям|ях)": ("minute", 7 * _DAY),
            r"(?:полн\w{2,3} |календарн\w{2,3} )?месяц(?:а|ев|ам|ах|у)?|мес\.": ("month", 1),
            r"квартал(?:а|ов)?": ("month", 3),
            r"час(?:а|ов|ам|у)?|ч\.?": ("minute", 60),
            r"минут(?:а|ы|у)?|мин\.?": ("minute", 1),
            r"секунд(?:а|ы|у)?|сек\.?": ("minute", Fraction(1, 60)),
            r"семестр(?:а|ов)?": ("term", 1),
        },
    ),
    *units(
        "duration",
        {
            r"(?:полн\w{2,3} |подряд )?(?:год(?:а|у|ам)?|лет(?:ия|ие|ий|него|них|ний|няя|него)?)": (
                "month",
                12,
            )
        },
        also_number=True,
    ),
]
_MEASURES = measures(
    {
        "km2": r"(?:кв\.|квадратн\w{2,3}) (?:км|километр\w{0,3})|км²",
        "ha": r"гектар\w{0,2}|га",
        "m2": r"(?:кв\.|квадратн\w{2,3}) ?(?:м|метр\w{0,3})\.?|м²|м2|㎡",
        "m3": r"(?:куб\.|кубическ\w{2,3}) ?(?:м|метр\w{0,3})|м³",
        "mu": "му",
        "km": r"километр\w{0,3}|км",
        "cm": r"сантиметр\w{0,3}|см",
        "mm": r"миллиметр\w{0,3}|мм",
        "m": r"метр\w{0,3}|м",
        "kg": r"килограмм\w{0,3}|кг",
        "t": r"тонн\w{0,2}|т",
        "mg": r"миллиграмм\w{0,3}|мг",
        "g": r"грамм\w{0,3}|г(?!\.|од)",
        "ml": r"миллилитр\w{0,3}|мл",
        "l": r"литр\w{0,3}|л",
        "kWh": r"кВт[·⋅ -]?ч|киловатт-час\w{0,3}",
        "kW": r"кВт|киловатт\w{0,3}",
        "degree": r"градус\w{0,3}|°C|°С|℃|°",
        "GB": "ГБ|GB|гигабайт\\w{0,2}",
        "MB": "МБ|MB|мегабайт\\w{0,2}",
        "dB": r"дБ|децибел\w{0,2}",
    }
)
_ENDING = "(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ом|ем|ую|юю|ей|ых|их|ими|ыми)"
_ORDINALS = {
    f"{stem}{_ENDING}": place
    for place, stem in enumerate(
        [
            "перв",
            "втор",
            "трет(?:ь)?",
            "четверт",
            "пят",
            "шест",
            "седьм",
            "восьм",
            "девят",
            "десят",
            "одиннадцат",
            "двенадцат",
        ],
        1,
    )
}
_ORDINALS |= {"трет(?:ь[яюеи]|ье(?:го|му|м|й)|ьи[мх]?)": 3, "обе|оба|обеих|обоих|обоими|обеими": 2}
_ORDINALS |= {"дважды|вдвое|пара|пару": 2, "трижды|втрое": 3, "однажды": 1, f"двадцат{_ENDING}": 20}
_ORDINALS |= {f"пятнадцат{_ENDING}": 15, f"тридцат{_ENDING}": 30}

_SUFFIXED = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,4})-(?:го|му|ый|ий|ой|ая|я|е|ое|ые|ую|ю|м|ом|х|ых|й)(?!\w)(?:\s(?P<unit>числ\w{1,3}))?",
    re.IGNORECASE,
)


def ordinals(text: str) -> Iterator[Found]:
    """3-й, 15-го числа."""
    for match in _SUFFIXED.finditer(text):
        number = int(match["number"])
        readings: tuple[Reading, ...] = (Reading("number", "", Fraction(number)),)
        if match["unit"] and number <= 31:
            readings += (Reading("date", "", Day(day=number)),)
        yield Found(readings, *match.span())


_MONTHLY = re.compile(r"(?<![\w.,])(?P<number>\d{1,2}) числ(?:а|о|у|е)(?!\w)", re.IGNORECASE)


def monthly(text: str) -> Iterator[Found]:
    for match in _MONTHLY.finditer(text):
        number = int(match["number"])
        readings = (Reading("number", "", Fraction(number)), Reading("date", "", Day(day=number)))
        yield Found(readings, *match.span())


_NUMBER_OF_LEVEL = r"\d{1,4}|[IVX]{1,5}(?!\w)"
READERS: tuple[Reader, ...] = (
    neutral.enumerated,
    ignored(
        r"одн\w{1,3} из|друг друга|одно окно|одного окна|одним окном|один раз(?!\w)|третьи(?:х|м|ми)? лиц\w{0,3}|треть\w{1,3} сторон\w{1,3}|одновременно",  # noqa: E501
        re.IGNORECASE,
    ),
    provisions_after(
        {r"стать(?:я|и|е|ю|ей|ями|ях)|ст\.": "条", r"глав(?:а|ы|е|у|ой)|гл\.": "章"},
        number=_NUMBER_OF_LEVEL,
    ),
    calendar(
        _MONTHS,
        day_suffix="(?:-?(?:го|е|ого))?",
        of="",
        year_tail=r"(?:\s?(?:года|году|год|годом|годы|годов|гг\.|г\.))",
        joining=r"\s?(?:-|по|до|и)\s?",
        case=False,
    ),
    neutral.days_first(),
    weekday_names(_WEEKDAYS, joining=r"\s?(?:-|по|до)\s?"),
    neutral.clocks,
    times,
    hours,
    _OFF,
    compounds,
    parts,
    monthly,
    ordinals,
    amounts(RUSSIAN, [*_POINTS, *_SHARE], to=TO),
    signed_money(N, RUSSIAN.values, r"\s?(?:до|-|и|или)\s?", r"\s?юан\w{1,3}"),
    amounts(RUSSIAN, _MONEY, to=TO, gap=r"\s?", after=r"(?!\w)"),
    amounts(RUSSIAN, _DURATIONS, to=TO, after=r"(?!\w)"),
    amounts(RUSSIAN, _MEASURES, to=TO, after=r"(?!\w)"),
    ordinals_in_words(_ORDINALS),
    neutral.shares,
    neutral.codes,
    numbers(RUSSIAN, soft=among("сто", "ста"), to=TO),
)
