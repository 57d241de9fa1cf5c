"""What Korean texts print (folded)."""

import re
from collections.abc import Iterator
from fractions import Fraction

from . import neutral
from .chinese import signed_money
from .european import ordinals_in_words
from .model import Day, Reading
from .numerals import KOREAN
from .scanning import Found, Reader, among, amounts, ignored, measures, numbers, units

N = KOREAN.pattern
TO = r"(?:\s?(?:에서|부터|-{1,2}|~|내지|또는|및|과|와|·)\s?|,\s)"
_DAY = Fraction(1440)

_PROVISION = re.compile(r"제\s?(?P<number>\d{1,4})\s?(?P<level>조|장)(?!치|건)")
_LEVELS = {"조": "条", "장": "章"}


def provisions(text: str) -> Iterator[Found]:
    for match in _PROVISION.finditer(text):
        number = Fraction(match["number"])
        level = _LEVELS[match["level"]]
        yield Found((Reading("provision", level, number),), *match.span(), raw=number)


_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)년(?:도)?\s?)?(?<!\d)(?P<month>\d{1,2})월(?!요)\s?(?:(?P<day>\d{1,2})일(?!간|요))?"
    r"|(?P<only>(?:19|20)\d\d)년(?:도)?"
    r"|(?<=[일월]부터 )(?P<later>\d{1,2})일(?!간|요)|(?<=[일월][~\-])(?P<next>\d{1,2})일(?!간|요)"
    r"|(?<=[일월] [~\-] )(?P<after>\d{1,2})일(?!간|요)"
    r"|(?:매월|매달|다음 ?달|익월)\s?(?P<monthly>\d{1,2})일"
)
_DAYS = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)년\s?)?(?<!\d)(?P<month>\d{1,2})월\s?(?P<first>\d{1,2})\s?[~\-]\s?(?P<last>\d{1,2})일"
)
_MONTHS = re.compile(r"(?<![\d년])(?P<first>\d{1,2})\s?[~\-,·]\s?(?P<last>\d{1,2})월(?!요)")


def dates(text: str) -> Iterator[Found]:
    for match in _DAYS.finditer(text):
        year = int(match["year"]) if match["year"] else None
        one = Day(year, int(match["month"]), int(match["first"]))
        yield Found((Reading("date", "", one),), match.start(), match.end("first"))
        two = one._replace(day=int(match["last"]))
        yield Found((Reading("date", "", two),), match.start("last"), match.end(), joined=True)
    for match in _MONTHS.finditer(text):
        first, last = int(match["first"]), int(match["last"])
        if 1 <= first <= 12 and 1 <= last <= 12:
            yield Found((Reading("date", "", Day(None, first)),), *match.span("first"))
            shown = (Reading("date", "", Day(None, last)),)
            yield Found(shown, match.start("last"), match.end(), joined=True)
    for match in _DATE.finditer(text):
        alone = match["later"] or match["next"] or match["after"] or match["monthly"]
        if alone:
            day = int(alone)
            readings: tuple[Reading, ...] = (
                Reading("date", "", Day(day=day)),
                Reading("number", "", Fraction(day)),
            )
            if not match["monthly"]:
                readings += (Reading("duration", "minute", day * _DAY),)
            yield Found(readings, *match.span(), joined=not match["monthly"])
            continue
        if match["only"]:
            yield Found((Reading("date", "", Day(int(match["only"]))),), *match.span())
            continue
        month = int(match["month"])
        if 1 <= month <= 12:
            year = int(match["year"]) if match["year"] else None
            day_printed = int(match["day"]) if match["day"] else None
            yield Found((Reading("date", "", Day(year, month, day_printed)),), *match.span())


_WEEKDAY = {"월": 1, "화": 2, "수": 3, "목": 4, "금": 5, "토": 6, "일": 7}
_WEEKDAYS = re.compile(
    r"[월화수목금토일]요일|(?<![가-힣\d])[월화수목금토일](?=\s?[~\-·,]\s?[월화수목금토일](?![가-힣]|요일)|\s?[~\-·,]\s?[월화수목금토일]요일)"
    r"|(?<=[월화수목금토일][~\-·,])[월화수목금토일](?![가-힣])|\([월화수목금토일]\)"
)


def weekdays(text: str) -> Iterator[Found]:
    for match in _WEEKDAYS.finditer(text):
        letter = match[0].strip("()")[0]
        yield Found((Reading("weekday", "", Fraction(_WEEKDAY[letter])),), *match.span())


_TIME = re.compile(
    r"(?P<half>오전|오후|아침|저녁|밤|새벽|낮)?\s?(?:(?P<clock>(?<![\d:.])\d{1,2}):(?P<minute>[0-5]\d)(?!\d|:\d|\.\d)"
    r"|(?<!\d)(?P<hour>\d{1,2})시(?!간|민|장|에 ?설|행|내|설|험|범)(?:\s?(?P<part>\d{1,2})분|\s?(?P<thirty>반))?)"  # noqa: E501
    r"|(?<![가-힣])(?P<noon>정오)|(?<![가-힣])(?P<midnight>자정)"
)


def times(text: str) -> Iterator[Found]:
    for match in _TIME.finditer(text):
        if match["noon"] or match["midnight"]:
            shown: tuple[int, ...] = (720,) if match["noon"] else (0, 1440)
        else:
            hour = int(match["clock"] or match["hour"])
            if hour > 24:
                continue
            minute = int(match["minute"] or match["part"] or (30 if match["thirty"] else 0))
            late = match["half"] in {"오후", "저녁", "밤"} and hour < 12
            shown = ((hour + (12 if late else 0)) * 60 + minute,)
            if hour == 12 and match["half"] in {"오전", "새벽", "밤"}:
                shown += (minute,)
        readings = tuple(Reading("time", "", Fraction(one)) for one in shown)
        said = bool(match["noon"] or match["midnight"])
        yield Found(readings, *match.span(), soft=said)


_SHARE = re.compile(
    r"(?P<whole>\d{1,3}|[이삼사오육칠팔구십백]{1,2})분의\s?(?P<of>\d{1,3}|[일이삼사오육칠팔구](?!상|하|내|외|[가-힣]{2}))|(?P<half>절반|과반수|반값)|(?P<tenths>\d)할(?!인|당|부)"
    r"|(?P<off>\d{1,2})\s?(?:%|퍼센트)\s?(?:할인|감면|인하)"
)


def shares(text: str) -> Iterator[Found]:
    for match in _SHARE.finditer(text):
        if match["half"]:
            shown: tuple[Fraction, ...] = (Fraction(1, 2),)
        elif match["whole"]:
            whole, part = KOREAN.values(match["whole"]), KOREAN.values(match["of"])
            if not whole or not part or not whole[0]:
                continue
            shown = (part[0] / whole[0],)
        elif match["tenths"]:
            shown = (Fraction(int(match["tenths"]), 10),)
        else:
            part_off = Fraction(int(match["off"]), 100)
            shown = (part_off, 1 - part_off)
        yield Found(tuple(Reading("share", "", share) for share in shown), *match.span())


_HALF = re.compile(
    rf"(?P<whole>{N})\s?(?P<unit>년|개월|시간)\s?반(?![가-힣])|(?<![가-힣])반(?P<half>년|나절|일|시간|달)(?!\s?정)|반기"
)
_HALVES = {"년": ("month", 12), "시간": ("minute", 60), "일": ("minute", 1440)}
_HALVES |= {"개월": ("month", 1), "달": ("month", 1), "나절": ("minute", 1440)}


def halves(text: str) -> Iterator[Found]:
    for match in _HALF.finditer(text):
        unit = match["unit"] or match["half"]
        if not unit:
            continue
        name, size = _HALVES[unit]
        whole = KOREAN.values(match["whole"]) if match["whole"] else (Fraction(0),)
        if whole:
            number = (whole[0] + Fraction(1, 2)) * size
            soft_one = unit in {"나절", "일"} and not match["whole"]
            yield Found((Reading("duration", name, number),), *match.span(), soft=soft_one)


_SPANS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "열흘": 10}
_SPANS |= {"보름": 15}
_SPAN = re.compile(rf"(?<![가-힣])(?:{'|'.join(_SPANS)})")


def spans(text: str) -> Iterator[Found]:
    for match in _SPAN.finditer(text):
        shown = (Reading("duration", "minute", _SPANS[match[0]] * _DAY),)
        yield Found(shown, *match.span(), soft=match[0] == "하루")


_PERCENT = units(
    "share",
    {
        "(?:%|퍼센트|프로(?![가-힣]))(?!p|\\s?포인트)": ("", Fraction(1, 100)),
        "‰|퍼밀": ("", Fraction(1, 1000)),
    },
)
_POINTS = units("points", {r"(?:%|퍼센트)\s?(?:p\b|포인트)": ("", 1)})
_MONEY = units(
    "money",
    {
        "위안(?:화)?|인민폐|RMB|CNY": ("CNY", 1),
        "홍콩 ?달러": ("HKD", 1),
        "(?:미국 ?)?달러|미달러": ("USD", 1),
        "유로": ("EUR", 1),
        "엔(?![가-힣])": ("JPY", 1),
        "루블": ("RUB", 1),
        "원(?!칙|본|래|장|생|문|인|격|활|하|형|천|자|서|어)": ("KRW", 1),
        "자오": ("CNY", Fraction(1, 10)),
    },
)
_WORKDAYS = re.compile(
    r"(?:영업일|근무일|업무일|평일 기준|근무일 기준)(?: 기준)?\s?(?P<number>\d{1,3})\s?일(?:간)?(?!부터)"  # noqa: E501
)


def workdays(text: str) -> Iterator[Found]:
    """영업일 기준 3일: the unit before the number."""
    for match in _WORKDAYS.finditer(text):
        yield Found((Reading("duration", "workday", Fraction(match["number"])),), *match.span())


_DURATIONS = [
    *units(
        "duration",
        {
            "(?:개\\s?)?(?:영업일|근무일|업무일|평일|워킹데이)(?:간)?": ("workday", 1),
            "일간|자연일": ("minute", _DAY),
            "시간(?!대|제|표)": ("minute", 60),
            "분(?:간)?(?![의류야기석배할포실위량])": ("minute", 1),
            "초(?:간)?(?![등과중기급])": ("minute", Fraction(1, 60)),
            "주일|주간|주(?![년말택소민요의차])": ("minute", 7 * _DAY),
            "개월(?:간)?|달(?:간)?(?![러성라])": ("month", 1),
            "주년|년간": ("month", 12),
            "학기": ("term", 1),
        },
    ),
    *units("duration", {"년(?![도생급령차대])": ("month", 12)}, also_number=True),
    *units("duration", {"일(?![요상정자반본시])": ("minute", _DAY)}, also_number=True),
    *units("duration", {"분기": ("month", 3)}, also_number=True),
    *units("duration", {"년차": ("month", 12)}, also_number=True),
]
_AGE = units("number", {"세(?![대금무부관계])|살": ("", 1)})
_MEASURES = measures(
    {
        "km2": "제곱킬로미터|평방킬로미터|km²",
        "ha": "헥타르|ha",
        "m2": "제곱미터|평방미터|㎡|m²|m2",
        "m3": "세제곱미터|입방미터|m³",
        "mu": "무(?![가-힣])|묘(?![가-힣])",
        "km": "킬로미터|km",
        "cm": "센티미터|cm",
        "mm": "밀리미터|mm",
        "m": "미터|m(?![a-z²³])",
        "kg": "킬로그램|kg",
        "t": "톤",
        "mg": "밀리그램|mg",
        "g": "그램|g(?![a-z])",
        "ml": "밀리리터|ml",
        "l": "리터",
        "kWh": "킬로와트시|kWh",
        "kW": "킬로와트|kW",
        "degree": "도(?![시로심의착])|℃|°C",
        "GB": "GB|기가바이트",
        "MB": "MB|메가바이트",
        "dB": "데시벨",
    }
)
_WORDS = {"첫째": 1, "첫 번째": 1, "둘째": 2, "셋째": 3, "넷째": 4, "다섯째": 5, "양측": 2}
_WORDS |= {
    "두 번째": 2,
    "세 번째": 3,
    "네 번째": 4,
    "다섯 번째": 5,
    "하나": 1,
    "둘": 2,
    "셋": 3,
    "양국": 2,
}


READERS: tuple[Reader, ...] = (
    neutral.enumerated,
    ignored(
        "1·2·3차 산업|[123]차 산업|한국|세계|한 번에|한눈에|원스톱|한편|제3자|이외|일반|사이|오히려"
    ),
    provisions,
    dates,
    weekdays,
    halves,
    spans,
    times,
    shares,
    amounts(KOREAN, [*_POINTS, *_PERCENT], to=TO),
    signed_money(N, KOREAN.values, r"\s?(?:에서|-|~)\s?", r"\s?위안"),
    amounts(KOREAN, _MONEY, to=TO),
    amounts(KOREAN, _AGE, to=TO),
    workdays,
    amounts(KOREAN, _DURATIONS, to=TO),
    amounts(KOREAN, _MEASURES, to=TO),
    ordinals_in_words(_WORDS),
    neutral.shares,
    neutral.codes,
    numbers(KOREAN, soft=among(), to=TO),
)
