"""What French texts print (folded)."""

import re
from collections.abc import Iterator
from fractions import Fraction

from . import neutral
from .chinese import signed_money
from .european import calendar, ordinals_in_words, provisions_after, weekday_names
from .model import Reading
from .numerals import FRENCH
from .scanning import Found, Reader, among, amounts, discounts, ignored, measures, numbers, units

N = FRENCH.pattern
TO = r"(?:\s?(?:à|au|-{1,2}|~|et|ou)\s?|,\s)"
_GAP = r"\s?(?:(?:premi(?:er|ère)s?|proch(?:ain|aine)s?|derni(?:er|ère)s?) )?"
_DAY = Fraction(1440)

_MONTHS = {
    "janvier|janv\\.": 1,
    "février|fevrier|févr\\.": 2,
    "mars": 3,
    "avril|avr\\.": 4,
    "mai": 5,
    "juin": 6,
    "juillet|juil\\.": 7,
    "août|aout": 8,
    "septembre|sept\\.": 9,
    "octobre|oct\\.": 10,
    "novembre|nov\\.": 11,
    "décembre|decembre|déc\\.": 12,
}
_WEEKDAYS = {
    "lundis?|lun\\.": 1,
    "mardis?|mar\\.": 2,
    "mercredis?|mer\\.": 3,
    "jeudis?|jeu\\.": 4,
    "vendredis?|ven\\.": 5,
    "samedis?|sam\\.": 6,
    "dimanches?|dim\\.": 7,
}
_TIME = re.compile(
    r"(?<![\d:.,])(?P<hour>\d{1,2})\s?(?:h|heures?)\s?(?P<minute>[0-5]\d)?(?:\s?(?:min(?:utes)?))?(?P<half>\s(?:du matin|de l'après-midi|du soir))?(?P<around>\s?(?:sur|/)\s?24)?(?!\w)"  # noqa: E501
    r"|(?<!\w)(?P<noon>midi)(?!\w)|(?<!\w)(?P<midnight>minuit)(?!\w)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?<!\w)(?:de|entre) (?P<first>\d{1,2}) (?:à|et) (?=\d{1,2}\s?(?:h|heures?)(?!\w))",
    re.IGNORECASE,
)


def times(text: str) -> Iterator[Found]:
    """9 h 30, 9 heures: times of day, or how long."""
    for match in _RANGE.finditer(text):
        at = Fraction(int(match["first"]) * 60)
        readings = (Reading("time", "", at), Reading("duration", "minute", at))
        yield Found(readings, *match.span("first"))
    for match in _TIME.finditer(text):
        if match["noon"]:
            yield Found((Reading("time", "", Fraction(720)),), *match.span())
        elif match["midnight"]:
            shown = (Reading("time", "", Fraction(0)), Reading("time", "", Fraction(1440)))
            yield Found(shown, *match.span())
        else:
            hour, minute = int(match["hour"]), int(match["minute"] or 0)
            lasting = Reading("duration", "minute", Fraction(hour * 60 + minute))
            half = (match["half"] or "").strip()
            if half in {"de l'après-midi", "du soir"} and hour < 12:
                hour += 12
            point = Reading("time", "", Fraction(hour * 60 + minute))
            shown_hour = (lasting,) if hour > 24 else (point,) if half else (point, lasting)
            yield Found(shown_hour, *match.span())


_PARTS = re.compile(
    r"(?<!\w)(?:une? )?demi-?(?:e )?(?P<unit>heure|journée|année)s?(?!\w)|(?P<and>et demie?)(?!\w)|(?<!\w)(?:un )?(?P<semester>semestre)s?(?!\w)"  # noqa: E501
    r"|(?<!\w)(?:(?P<count>un|deux|trois|le|du|au) )(?P<part>tiers|quarts?|cinquièmes?)(?!\w)|(?<!\w)(?P<half>la moitié|moitié|demi-tarif|mi-tarif)(?!\w)",  # noqa: E501
    re.IGNORECASE,
)
_COUNT = {"un": 1, "deux": 2, "trois": 3, "le": 1, "du": 1, "au": 1}
_HALVES = {"heure": ("minute", 30), "journée": ("minute", 720), "année": ("month", 6)}


def parts(text: str) -> Iterator[Found]:
    for match in _PARTS.finditer(text):
        if match["unit"]:
            name, size = _HALVES[match["unit"].lower()]
            shown = Reading("duration", name, Fraction(size))
            yield Found((shown,), *match.span(), soft=name == "minute" and size == 720)
        elif match["semester"]:
            readings = (
                Reading("duration", "month", Fraction(6)),
                Reading("duration", "term", Fraction(1)),
            )
            yield Found(readings, *match.span(), soft=True)
        elif match["part"]:
            word = match["part"].lower()
            whole = 3 if word == "tiers" else 4 if word.startswith("quart") else 5
            share = Fraction(_COUNT[match["count"].lower()], whole)
            yield Found((Reading("share", "", share),), *match.span(), soft=share.numerator == 1)
        elif match["half"]:
            yield Found((Reading("share", "", Fraction(1, 2)),), *match.span(), soft=True)


_HALF_MORE = re.compile(
    rf"(?P<whole>{N}) (?P<unit>an|ans|mois|heures?|jours?|semaines?) et demie?(?!\w)", re.IGNORECASE
)
_MORE = {"an": ("month", 12), "moi": ("month", 1), "heure": ("minute", 60)}
_MORE |= {"jour": ("minute", 1440), "semaine": ("minute", 7 * 1440)}


def halves(text: str) -> Iterator[Found]:
    for match in _HALF_MORE.finditer(text):
        name, size = _MORE[match["unit"].lower().removesuffix("s")]
        whole = FRENCH.values(match["whole"])
        if whole:
            number = (whole[0] + Fraction(1, 2)) * size
            yield Found((Reading("duration", name, number),), *match.span())


_OFF = discounts(
    r"(?:réduction|remise|rabais|abattement|réduite?s?)(?: de)? (\d{1,2})\s?(?:%|pour cent)|(\d{1,2})\s?(?:%|pour cent) de (?:réduction|remise|rabais)",  # noqa: E501
)

_SHARE = units(
    "share", {"%|pour cent": ("", Fraction(1, 100)), "‰|pour mille": ("", Fraction(1, 1000))}
)
_POINTS = units("points", {r"points? de pourcentage|points?(?! d'| de (?!plus|moins))": ("", 1)})
_MONEY = units(
    "money",
    {
        r"(?:de )?yuans?(?: \(?(?:RMB|renminbi)\)?)?|RMB|CNY|renminbi": ("CNY", 1),
        "dollars? de Hong Kong|HKD": ("HKD", 1),
        r"dollars?(?: américains?| US)?|USD|\$": ("USD", 1),
        "(?:d')?euros?|EUR|€": ("EUR", 1),
        "yens?|JPY": ("JPY", 1),
        "roubles?": ("RUB", 1),
        "jiao": ("CNY", Fraction(1, 10)),
    },
)
_DURATIONS = [
    *units(
        "duration",
        {
            r"jours? (?:ouvrables?|ouvrés?|de travail)": ("workday", 1),
            r"jours?(?: calendaires?| consécutifs?| francs?| civils?)?": ("minute", _DAY),
            "semaines?": ("minute", 7 * _DAY),
            "mois": ("month", 1),
            "trimestres?": ("month", 3),
            "heures?|h": ("minute", 60),
            "minutes?|min\\.?": ("minute", 1),
            "secondes?|s(?!\\w)": ("minute", Fraction(1, 60)),
            "semestres?": ("term", 1),
        },
    ),
    *units("duration", {"ans?|années?": ("month", 12)}, also_number=True),
]
_MEASURES = measures(
    {
        "km2": r"kilomètres? carrés?|km²",
        "ha": "hectares?|ha",
        "m2": r"mètres? carrés?|m²|m2|㎡",
        "m3": r"mètres? cubes?|m³",
        "mu": "mu|mou",
        "km": "kilomètres?|km",
        "cm": "centimètres?|cm",
        "mm": "millimètres?|mm",
        "m": "mètres?|m",
        "kg": "kilogrammes?|kilos?|kg",
        "t": "tonnes?|t",
        "mg": "milligrammes?|mg",
        "g": "grammes?|g",
        "ml": "millilitres?|ml",
        "l": "litres?|l",
        "kWh": "kilowattheures?|kWh",
        "kW": "kilowatts?|kW",
        "degree": r"degrés?(?: Celsius)?|°C|℃|°",
        "GB": "Go|GB|gigaoctets?",
        "MB": "Mo|MB|mégaoctets?",
        "dB": r"décibels?|dB(?:\(A\))?",
    }
)
_ORDINALS = {
    "premi(?:er|ère)s?": 1,
    "deuxièmes?|seconde?s?": 2,
    "troisièmes?": 3,
    "quatrièmes?": 4,
    "cinquièmes?": 5,
    "sixièmes?": 6,
    "septièmes?": 7,
    "huitièmes?": 8,
    "neuvièmes?": 9,
    "dixièmes?": 10,
    "onzièmes?": 11,
    "douzièmes?": 12,
    "quinzièmes?": 15,
    "vingtièmes?": 20,
    "les deux|tous deux|toutes deux|double|doubles|couple": 2,
    "triple": 3,
    "dizaine": 10,
    "douzaine": 12,
    "vingtaine": 20,
    "trentaine": 30,
    "cinquantaine": 50,
    "centaine": 100,
    "quinzaine": 15,
}
_SUFFIXED = re.compile(r"(?<![\w.,])(?P<number>\d{1,4})(?:er|ère|re|e|es|ème|èmes|nde?)(?!\w)")


def ordinals(text: str) -> Iterator[Found]:
    for match in _SUFFIXED.finditer(text):
        yield Found((Reading("number", "", Fraction(match["number"])),), *match.span())


READERS: tuple[Reader, ...] = (
    neutral.enumerated,
    ignored(
        r"l'un(?:e)? (?:des|de|d')|guichet unique|tiers(?= (?:payant|personne))|une? tiers(?! d)|un par un",  # noqa: E501
        re.IGNORECASE,
    ),
    provisions_after(
        {r"articles?|art\.": "条", "chapitres?": "章"},
        number=r"\d{1,4}(?:er)?|[IVX]{1,5}(?!\w)|premier|un|deux|trois|quatre|cinq|six|sept|huit|dix",
        words=FRENCH,
    ),
    calendar(
        _MONTHS,
        day_suffix="(?:er)?",
        of="",
        year_tail="",
        joining=r"\s?(?:-|au|à|et)\s?",
        case=False,
    ),
    neutral.days_first(),
    weekday_names(_WEEKDAYS, joining=r"\s?(?:-|au|à)\s?"),
    neutral.clocks,
    halves,
    times,
    _OFF,
    parts,
    amounts(FRENCH, [*_POINTS, *_SHARE], to=TO, after=r"(?!\w)"),
    signed_money(N, FRENCH.values, r"\s?(?:à|-|et|ou)\s?", r"\s?yuans?"),
    amounts(FRENCH, _MONEY, to=TO, after=r"(?!\w)"),
    amounts(FRENCH, _DURATIONS, to=TO, gap=_GAP, after=r"(?!\w)"),
    amounts(FRENCH, _MEASURES, to=TO, after=r"(?!\w)"),
    ordinals,
    ordinals_in_words(_ORDINALS),
    neutral.shares,
    neutral.codes,
    numbers(FRENCH, soft=among("neuf", "un", "une", "mille", "cent"), to=TO),
)
