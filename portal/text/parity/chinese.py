"""What Chinese texts print (folded), and what Japanese texts print in the same way."""

import re
from collections.abc import Iterator
from fractions import Fraction

from portal.text.statements import chinese as statements
from portal.text.statements import chinese_time
from portal.text.statements.model import CalendarDate

from . import neutral
from .model import Day, Reading
from .numerals import HAN, myriads
from .scanning import Found, Reader, amounts, ignored, measures, numbers, units

N = HAN.pattern
TO = r"\s?(?:至|到|-{1,2}|~|或者?|、|和|及)\s?"
_TO_ALONE = re.compile(r"\s?(?:至|到|-{1,2}|~|から)\s?")

_IDIOMS = ignored(
    "一些|一般|一定|一律|一旦|一直|一起|一样|一致|一并|一同|一贯|一切|一窗|一网|一站式|一次性|一件事|一体|一带一路|一卡通"
    "|一线|一方面|一手|一流|一如|一番|一度|一经|一览|一时间?|进一步|统一|唯一|同一|单一|逐一|(?<!分)之一|万一|专一|一揽子|一批"
    "|(?<![一二三四五点约])十分(?![钟之])|第二[天日]|百姓|百货|百科|百年|千万(?=[别不要注])|千家万户|万物|万达|三亚|四川|四面|五金|五险一金|五一|六一|八一|十一国"
    "|七夕|三农|两会|两岸|两江|两侧|双[重语方向]|二维码|二手|二氧化碳|三明治|第三方|第三者|第三人|第三产业|第一时间|第一责任人|第一线"
    "|三轮车|四季|三角|百度|九年一贯|十字|九九重阳|四舍五入|再一次|有一|另一|某一|任一|每一|这一|那一|哪一|万家|千禧|第二故乡"
    "|[十二]+五五?规划|三甲|三伏|三峡|第[一二三]产业|八达岭|九寨沟|七彩|五彩|五星红旗|三八妇女节|四合院|一日游(?!\\d)"
)


def borrowed(reader: object) -> Reader:
    """A reader of the number watch, its findings as figures; a range as its two ends."""

    def read(text: str) -> Iterator[Found]:
        for kind, value, unit, start, end in reader(text):  # type: ignore[operator]
            if isinstance(value, CalendarDate):
                day = Day(*value)
                shown: tuple[Reading, ...] = (Reading("date", "", day),)
                if day.year is None and day.month is None and day.day:
                    shown += (Reading("number", "", Fraction(day.day)),)
                yield Found(shown, start, end)
            elif isinstance(value, tuple):
                middle = _TO_ALONE.search(text, start + 1, end)
                cut, after = middle.span() if middle else ((start + end) // 2,) * 2
                for number, first, last in ((value[0], start, cut), (value[1], after, end)):
                    ends = (Reading(kind, unit, Fraction(number)),)
                    yield Found(ends, first, last, joined=first == after)
            else:
                yield Found(
                    (Reading(kind, unit, Fraction(value).limit_denominator(10**6)),), start, end
                )

    return read


_PROVISION = re.compile(
    r"第\s?\(?(?P<number>\d{1,4}|[一二三四五六七八九十百零]{1,6})\)?\s?(?P<level>[条章])(?:之(?P<of>[一二三四五六七八九]))?"
)


def provisions(text: str) -> Iterator[Found]:
    for match in _PROVISION.finditer(text):
        number = myriads(match["number"])
        if number:
            yield Found(
                (Reading("provision", match["level"], number[0]),), *match.span(), raw=number[0]
            )


_ORDINAL = re.compile(
    r"第\s?\(?(?P<number>\d{1,5}|[一二三四五六七八九十百零]{1,6})\)?(?![一二三四五六七八九十百\d])"
)


def ordinals(text: str) -> Iterator[Found]:
    for match in _ORDINAL.finditer(text):
        number = myriads(match["number"])
        if number:
            yield Found((Reading("number", "", number[0]),), *match.span())


_D = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_MONTHS = re.compile(
    rf"(?<![\d年个])(?P<first>{_D})(?P<to>\s?(?:至|到|-|~|、|和|及)\s?)(?P<last>{_D})月(?!份?内)"
)
_DAYS = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d)年\s?)?(?P<month>{_D})月\s?(?P<first>{_D})日?(?:至|到|-|~|から|、)(?P<last>{_D})日"
)


def months(text: str) -> Iterator[Found]:
    """3至5月, 3月1-5日: the unit printed once."""
    for match in _DAYS.finditer(text):
        month, first, last = (int(myriads(match[name])[0]) for name in ("month", "first", "last"))
        year = int(match["year"]) if match["year"] else None
        if 1 <= month <= 12 and 1 <= first <= 31 and 1 <= last <= 31:
            one, two = Day(year, month, first), Day(year, month, last)
            yield Found((Reading("date", "", one),), match.start(), match.end("first"))
            yield Found((Reading("date", "", two),), match.start("last"), match.end(), joined=True)
    for match in _MONTHS.finditer(text):
        first, last = int(myriads(match["first"])[0]), int(myriads(match["last"])[0])
        if 1 <= first <= 12 and 1 <= last <= 12:
            yield Found((Reading("date", "", Day(None, first)),), *match.span("first"))
            yield Found(
                (Reading("date", "", Day(None, last)),),
                match.start("last"),
                match.end(),
                joined=True,
            )


_WEEKDAY = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_WEEKDAYS = re.compile(
    r"(?:周|星期|礼拜)(?P<days>[一二三四五六日天](?:(?:[、和及]|至|到|-|~)?(?:周|星期|礼拜)?[一二三四五六日天](?![个次年周天元]))*)(?![周年次个天])"
)


def weekdays(text: str) -> Iterator[Found]:
    for match in _WEEKDAYS.finditer(text):
        start = match.start("days")
        for day in re.finditer("[一二三四五六日天]", match["days"]):
            begin = match.start() if day.start() == 0 else start + day.start()
            yield Found(
                (Reading("weekday", "", Fraction(_WEEKDAY[day[0]])),), begin, start + day.end()
            )


_SHARE = re.compile(
    rf"(?P<base>百|千|万)分之(?P<part>{N})(?:(?:至|到|-|~)(?:百分之)?(?P<upper>{N}))?"
    rf"|(?P<whole>{N})分之(?P<of>{N})"
    rf"|(?P<tenths>{N})成(?P<more>[一二三四五六七八九](?![个名项家分]))?(?![立果员本为绩熟功效长人都交品就年])"
    rf"|(?P<off>\d(?:\.\d)?|[一二三四五六七八九]{{1,2}})折(?!叠|扣|返|算|射|合|页)"
    r"|(?P<half>一半|半数|减半|半价)"
)
_BASE = {"百": 100, "千": 1000, "万": 10000}


def _share(value: Fraction) -> Reading:
    return Reading("share", "", value)


def shares(text: str) -> Iterator[Found]:
    for match in _SHARE.finditer(text):
        if match["half"]:
            yield Found((_share(Fraction(1, 2)),), *match.span())
        elif match["base"]:
            base = _BASE[match["base"]]
            for name, start, end in (
                ("part", match.start(), match.end("part")),
                ("upper", match.start("upper"), match.end()),
            ):
                values = myriads(match[name]) if match[name] else ()
                if values:
                    shown = (_share(values[0] / base),)
                    yield Found(shown, start, end, joined=name == "upper")
        elif match["whole"]:
            whole, part = myriads(match["whole"]), myriads(match["of"])
            if whole and part and whole[0]:
                yield Found((_share(part[0] / whole[0]),), *match.span())
        else:
            values = myriads(match["tenths"] or match["off"])
            if values:
                number = values[0] / (100 if values[0] >= 10 else 10)
                if match["more"]:  # 四成五
                    number += myriads(match["more"])[0] / 100
                both = (_share(number), _share(1 - number))
                yield Found(both if match["off"] else both[:1], *match.span())


_SIGNS = {
    "¥": "CNY",
    "RMB": "CNY",
    "CNY": "CNY",
    "US$": "USD",
    "USD": "USD",
    "$": "USD",
    "€": "EUR",
}
_SIGNS |= {"HK$": "HKD", "EUR": "EUR", "HKD": "HKD"}
SIGN = r"(?:RMB|CNY|US\$|USD|HK\$|HKD|EUR|¥|\$|€)"


def signed_money(number: str, values: object, to: str, tail: str) -> Reader:
    """¥200, RMB 200 to 300; ``tail`` is the name of the money, printed once more."""
    pattern = re.compile(
        rf"(?P<sign>{SIGN})\s?(?P<low>{number})(?:{to}(?:{SIGN}\s?)?(?P<high>{number}))?(?:{tail})?",
        re.IGNORECASE,
    )

    def reader(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text):
            unit = _SIGNS[match["sign"].upper()]
            low = values(match["low"])  # type: ignore[operator]
            high = values(match["high"]) if match["high"] else ()  # type: ignore[operator]
            if not low:
                continue
            cut = match.end("low") if high else match.end()
            yield Found(tuple(Reading("money", unit, value) for value in low), match.start(), cut)
            if high:
                yield Found(
                    tuple(Reading("money", unit, value) for value in high),
                    match.start("high"),
                    match.end(),
                    joined=True,
                )

    return reader


MEASURES = measures(
    {
        "km2": "平方公里|平方千米|km²",
        "ha": "公顷",
        "m2": "平方米|平米|㎡|m²|m2",
        "m3": "立方米|m³",
        "mu": "亩",
        "km": "公里|千米|km(?![a-z²])",
        "cm": "厘米|cm",
        "mm": "毫米|mm",
        "m": "米(?!面|饭|粉|线)|m(?![a-z²³])",
        "kg": "公斤|千克|kg",
        "t": "吨",
        "mg": "毫克|mg",
        "g": "克(?!服|制|拉)",
        "ml": "毫升|ml",
        "l": "升(?!级|学|至|高|值|降|到|为)",
        "kWh": "千瓦时|kWh",
        "kW": "千瓦(?!时)|kW(?!h)",
        "degree": "摄氏度|℃|°C|度(?!假|过|电)",
        "GB": "GB(?!/)",
        "MB": "MB",
        "dB": "分贝",
    }
)
_MONEY = units(
    "money",
    {
        "美元|美金": ("USD", 1),
        "欧元": ("EUR", 1),
        "港元|港币": ("HKD", 1),
        "日元": ("JPY", 1),
        "韩元": ("KRW", 1),
        "卢布": ("RUB", 1),
        "英镑": ("GBP", 1),
        "元整?(?:人民币)?(?![旦月素件气宵首])|块钱|块(?!石|状)": ("CNY", 1),
        "角(?!落|色|度)": ("CNY", Fraction(1, 10)),
    },
)
_DAY = Fraction(1440)
_DURATIONS = [
    *units(
        "duration",
        {
            "个?工作日": ("workday", 1),
            "个?自然日|天(?!津|然|气|文)": ("minute", _DAY),
            "个?小时|个?钟头": ("minute", 60),
            "分钟": ("minute", 1),
            "秒钟?": ("minute", Fraction(1, 60)),
            "个?周(?![岁年边围转一二三四五六日末知期])|个?星期|个?礼拜": ("minute", 7 * _DAY),
            "个月": ("month", 1),
            "个季度": ("month", 3),
            "周年|年(?!度|级|份|龄|检|岁|代|间|初|末|底|\\d)|年间": ("month", 12),
            "个?学期": ("term", 1),
        },
    ),
    *units("duration", {"日(?![均常元期本记程报照语])": ("minute", _DAY)}, also_number=True),
]
_PERCENT = units("share", {"%(?!个?点)": ("", Fraction(1, 100)), "‰": ("", Fraction(1, 1000))})
_POINTS = units("points", {"个?百分点": ("", 1), "个?千分点": ("", Fraction(1, 10))})
AGE = units("number", {"周?岁": ("", 1)})

_COUNTERS = (
    "份名位个人张次家项种类条处件套台辆间所座户级倍幅枚门步区县市省国校站期批届轮楼层号室室册本栋幢棵株剂针课段条款道"
    "岁元角万亿千百十点度寸页通封支队组组双对对场天年月日语部科院桌盏箱盒袋瓶颗颗粒根把口只头匹艘列节章篇首维圈代星环"
)
_APPROXIMATE = re.compile("[几数上成好]$")


def soft(printed: str, text: str, start: int, end: int) -> bool:
    """Words count where a counter follows or a power ends them; digits always."""
    if printed[0].isdigit():
        return False
    plain = printed.rstrip("多余")
    if plain[0] in "百千万亿" or _APPROXIMATE.search(text[max(0, start - 1) : start]):
        return True
    following = text[end : end + 1]
    if following in {"几", ""} and len(plain) < 2:
        return True
    if len(plain) >= 2 and any(step in plain for step in "十百千万亿"):
        return False
    if len(plain) >= 2:
        return True  # 三五, 七八: some
    return following not in _COUNTERS


_TWO_DAYS = re.compile("(?<=今明)两[天日]")
_OCLOCK = re.compile(
    "(?<![一二三四五六七八九十])(?P<hour>十[一二]|[一二三四五六七八九十])点(?![一二三四五六七八九零心子滴名火击赞评燃半儿])"
)


def spoken_times(text: str) -> Iterator[Found]:
    """今明两天; 不到十二点: nobody says of which half of the day."""
    for match in _TWO_DAYS.finditer(text):
        yield Found((Reading("duration", "minute", 2 * _DAY),), *match.span(), soft=True)
    for match in _OCLOCK.finditer(text):
        hour = myriads(match["hour"])[0]
        times = (Reading("time", "", hour * 60), Reading("time", "", hour * 60 + 720))
        yield Found((Reading("number", "", hour), *times), *match.span())


_NOON = re.compile(r"正午|中午(?!\s?[\d一二两十])|午夜(?!\s?[\d一二两十])")


def noons(text: str) -> Iterator[Found]:
    for match in _NOON.finditer(text):
        minutes = (0, 1440) if match[0] == "午夜" else (720,)
        shown = tuple(Reading("time", "", Fraction(minute)) for minute in minutes)
        yield Found(shown, *match.span(), soft=True)


_SOME = re.compile(
    r"(?P<low>[一二两三四五六七八])(?P<high>[二两三四五六七八九])(?P<unit>分钟|个?小时|天|个?星期|周|个月|年|[^\W\d])"
)
_SOME_UNITS = {"分钟": ("minute", 1), "小时": ("minute", 60), "天": ("minute", 1440)}
_SOME_UNITS |= {"星期": ("minute", 10080), "周": ("minute", 10080), "年": ("month", 12)}
_SOME_UNITS |= {"月": ("month", 1)}


def some(text: str) -> Iterator[Found]:
    """两三分钟: two or three, two to three, a few."""
    for match in _SOME.finditer(text):
        low, high = myriads(match["low"])[0], myriads(match["high"])[0]
        if high != low + 1:
            continue
        unit = _SOME_UNITS.get(match["unit"].removeprefix("个"))
        for number, name in ((low, "low"), (high, "high")):
            shown: tuple[Reading, ...] = (Reading("number", "", number),)
            if unit:
                shown += (Reading("duration", unit[0], number * unit[1]),)
            yield Found(shown, *match.span(name), soft=True)


_SECTORS = re.compile("[一二三](?=次产业|级医院)")


def sectors(text: str) -> Iterator[Found]:
    """三次产业, 三级医院: by number, by name, or simply large."""
    for match in _SECTORS.finditer(text):
        yield Found((Reading("number", "", myriads(match[0])[0]),), *match.span(), soft=True)


_HEADS = re.compile(
    r"(?:^|(?<=\n))\s*(?:\((?P<inner>[一二三四五六七八九十]{1,3})\)|(?P<outer>[一二三四五六七八九十]{1,3})、)"
)


def heads(text: str) -> Iterator[Found]:
    """一、 and (一) before a paragraph."""
    for match in _HEADS.finditer(text):
        name = "inner" if match["inner"] else "outer"
        yield Found((Reading("number", "", myriads(match[name])[0]),), *match.span(name))


READERS: tuple[Reader, ...] = (
    heads,
    some,
    noons,
    sectors,
    _IDIOMS,
    provisions,
    borrowed(chinese_time.spans_of_years),
    borrowed(chinese_time.monthly),
    months,
    borrowed(chinese_time.dates),
    borrowed(chinese_time.only_years),
    weekdays,
    borrowed(statements.halves),
    borrowed(statements.compound),
    borrowed(chinese_time.times),
    spoken_times,
    amounts(HAN, [*_POINTS, *_PERCENT], to=TO),
    shares,
    signed_money(N, myriads, r"\s?(?:至|到|-|~)\s?", r"\s?元"),
    borrowed(statements.coins),
    amounts(HAN, _MONEY, to=TO, after=r"(?:左右)?"),
    amounts(HAN, AGE, to=TO),
    amounts(HAN, [*_DURATIONS, *MEASURES], to=TO),
    ordinals,
    neutral.shares,
    neutral.codes,
    numbers(HAN, soft=soft, to=TO),
)
