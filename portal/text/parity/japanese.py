"""What Japanese texts print (folded: 時 is 时, 億 is 亿)."""

import re
from collections.abc import Iterator
from fractions import Fraction

from portal.text.statements import chinese_time

from . import neutral
from .chinese import (
    MEASURES,
    N,
    borrowed,
    heads,
    months,
    ordinals,
    provisions,
    signed_money,
    soft,
)
from .model import Day, Reading
from .numerals import HAN, myriads
from .scanning import Found, Reader, amounts, discounts, ignored, measures, numbers, units

TO = r"\s?(?:から|より|-{1,2}|~|ないし|または|又は|及び|および|と|・|、)\s?"
_DAY = Fraction(1440)

_IDIOMS = ignored(
    "第[一二三]次(?=・第|[产産][业業])|一部(?!を提|ずつ)|一般|一定|一律|一切|一緒|一致|一度に|一括|一覧|一体|一時|一方|一貫|一元|一層|唯一|統一|統一|万一|第一线|第三者"
    "|第三国|(?<![約约])十分(?!間|间|以|[でか後后程])|十字|三角|二次元|二酸化|一人ひとり|一つ一つ|一戸|四季|百貨|千葉|三重|四国|九州|八重|一環|一连|一応"
    "|ワンストップ|一目|四半期|一员|一因|一番|四捨五入|万全|千差|百科|一歩|一例|一帯一路|双方|一言|三亜|四川"
)


_ERA = re.compile(
    r"(?P<era>令和|平成)(?P<year>\d{1,2}|元)年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?"
)
_ERAS = {"令和": 2018, "平成": 1988}


def eras(text: str) -> Iterator[Found]:
    for match in _ERA.finditer(text):
        number = 1 if match["year"] == "元" else int(match["year"])
        day = Day(
            _ERAS[match["era"]] + number,
            int(match["month"]) if match["month"] else None,
            int(match["day"]) if match["day"] else None,
        )
        yield Found((Reading("date", "", day),), *match.span())


_WEEKDAY = {"月": 1, "火": 2, "水": 3, "木": 4, "金": 5, "土": 6, "日": 7}
_LETTER = "[月火水木金土日]"
_WEEKDAYS = re.compile(
    rf"{_LETTER}曜日?|(?<![\w]){_LETTER}(?=\s?[~\-・、]\s?{_LETTER}(?!\w|曜?日?\w))|(?<=[~\-・、]){_LETTER}曜?日?(?![\w])"
    rf"|[(]{_LETTER}(?=[)・~\-])|(?<=[~\-・、(]){_LETTER}(?=[)曜])|{_LETTER}(?=(?:[・、~\-]{_LETTER})*曜)|土日|土(?=・日)|(?<=土・)日"
)


def weekdays(text: str) -> Iterator[Found]:
    """月曜日から金曜日, 月～金, (土), 土日."""
    for match in _WEEKDAYS.finditer(text):
        letters = re.findall(_LETTER, match[0].replace("曜日", ""))
        start = match.start()
        for place, letter in enumerate(letters[:2]):
            begin = start if place == 0 else start + 1
            end = match.end() if place == len(letters) - 1 else start + 1
            yield Found((Reading("weekday", "", Fraction(_WEEKDAY[letter])),), begin, end)


_TIME = re.compile(
    r"(?P<half>午前|午后|午後|朝|夜|夕方|深夜|早朝|毎日|毎朝)?\s?(?:(?P<clock>(?<![\d:.])\d{1,2}):(?P<minute>[0-5]\d)(?!\d|:\d|\.\d)"
    r"|(?P<hour>(?<!\d)\d{1,2}|[一二三四五六七八九十]{1,3})(?:时|時)(?!间|間|点|期|代)(?:(?P<part>\d{1,2}|[一二三四五十]{1,3})分|(?P<thirty>半))?)"
    r"|(?P<noon>正午)|(?P<midnight>午前零时|零时)"
)


def times(text: str) -> Iterator[Found]:
    for match in _TIME.finditer(text):
        if match["noon"] or match["midnight"]:
            shown: tuple[int, ...] = (720,) if match["noon"] else (0, 1440)
        else:
            hours = myriads(match["clock"] or match["hour"])
            past = myriads(match["minute"] or match["part"] or "0")
            if not hours or not past or hours[0] > 24:
                continue
            hour = int(hours[0])
            late = match["half"] in {"午後", "午后", "夜", "夕方"} and hour < 12
            early = match["half"] == "午前" and hour == 12
            minute = int(past[0]) + (30 if match["thirty"] else 0)
            shown = ((hour + (12 if late else -12 if early else 0)) * 60 + minute,)
            if match["half"] == "午前" and hour == 12:
                shown += (720 + minute,)
            if match["half"] in {"午後", "午后"} and hour == 0:
                shown = (720 + minute,)
        readings = tuple(Reading("time", "", Fraction(one)) for one in shown)
        yield Found(readings, *match.span(), soft=bool(match["noon"]))


_SHARE = re.compile(
    rf"(?P<whole>{N})分の(?P<of>{N})|(?P<tenths>\d{{1,2}}(?:\.\d)?|[一二三四五六七八九])割(?P<more>\d分)?(?P<off>引|引き|减|減)?(?!合|り|増し)"
    r"|(?P<half>半分|半数|半额|半額|[過过]半数)"
)


def shares(text: str) -> Iterator[Found]:
    for match in _SHARE.finditer(text):
        if match["half"]:
            shown: tuple[Fraction, ...] = (Fraction(1, 2),)
        elif match["whole"]:
            whole, part = myriads(match["whole"]), myriads(match["of"])
            if not whole or not part or not whole[0]:
                continue
            shown = (part[0] / whole[0],)
        else:
            tenths = myriads(match["tenths"])
            if not tenths:
                continue
            share = tenths[0] / 10 + (Fraction(match["more"][0]) / 100 if match["more"] else 0)
            shown = (share, 1 - share) if match["off"] else (share,)
        yield Found(tuple(Reading("share", "", share) for share in shown), *match.span())


_OFF = discounts(r"(\d{1,2})\s?(?:%|パーセント)\s?(?:引き?|割引|オフ|OFF|减|減)", re.NOFLAG)

_HALF = re.compile(
    rf"(?:(?P<whole>{N})(?P<unit>年|か月|ヶ月|カ月|时间)半)|半(?P<half>年|日|月|时间)(?!分|度)"
)
_HALVES = {"年": ("month", 12), "时间": ("minute", 60), "日": ("minute", 1440)}
_HALVES |= dict.fromkeys(("か月", "ヶ月", "カ月", "月"), ("month", 1))


def halves(text: str) -> Iterator[Found]:
    for match in _HALF.finditer(text):
        name, size = _HALVES[match["unit"] or match["half"]]
        whole = myriads(match["whole"]) if match["whole"] else (Fraction(0),)
        if whole:
            number = (whole[0] + Fraction(1, 2)) * size
            soft_one = match["half"] == "日"
            yield Found((Reading("duration", name, number),), *match.span(), soft=soft_one)


_PERCENT = units(
    "share",
    {
        "(?:%|パーセント|percent)(?!ポイント|引|割引)": ("", Fraction(1, 100)),
        "‰|パーミル": ("", Fraction(1, 1000)),
    },
)
_POINTS = units("points", {"(?:%|パーセント)?ポイント(?!還元|付与|カード)": ("", 1)})
_MONEY = units(
    "money",
    {
        "人民元|元(?![旦日々年気])": ("CNY", 1),
        "米?ドル": ("USD", 1),
        "ユーロ": ("EUR", 1),
        "香港ドル": ("HKD", 1),
        "日本圆|圆(?!滑|形)": ("JPY", 1),
        "ウォン": ("KRW", 1),
        "ルーブル": ("RUB", 1),
        "角(?!度)": ("CNY", Fraction(1, 10)),
    },
)
_DURATIONS = [
    *units(
        "duration",
        {
            "(?:営|营)业?業?日(?:间)?|(?:稼働|开庁|開庁|执务|執務|就業|就业|業务|業務|平|開所)日(?:间)?|労働日|仕事日": (  # noqa: E501
                "workday",
                1,
            ),
            "日间|暦日(?:间)?|自然日": ("minute", _DAY),
            "时间(?!外|帯|内に限)": ("minute", 60),
            "分间|分(?![の別类類割け野析]|か[るりれっ])": ("minute", 1),
            "秒间?": ("minute", Fraction(1, 60)),
            "周间|週间|週間": ("minute", 7 * _DAY),
            "(?:か|ヶ|カ|ケ|ヵ|箇|个|個)月(?:间)?": ("month", 1),
            "(?:四半期|クォーター)": ("month", 3),
            "周年|年间": ("month", 12),
            "学期": ("term", 1),
        },
    ),
    *units("duration", {"年(?![度代生齢月末初前])": ("month", 12)}, also_number=True),
    *units("duration", {"日(?![本常程時報々曜])": ("minute", _DAY)}, also_number=True),
]
_AGE = units("number", {"岁": ("", 1)})
_MORE_MEASURES = measures(
    {
        "km2": "平方キロメートル",
        "ha": "ヘクタール",
        "m2": "平方メートル|平米",
        "m3": "立方メートル",
        "mu": "ムー",
        "km": "キロメートル|キロ(?!グ|ワ)",
        "cm": "センチメートル|センチ",
        "mm": "ミリメートル|ミリ(?!グ|リ)",
        "m": "メートル",
        "kg": "キログラム",
        "t": "トン",
        "mg": "ミリグラム",
        "g": "グラム",
        "ml": "ミリリットル",
        "l": "リットル",
        "kWh": "キロワット时",
        "kW": "キロワット",
        "dB": "デシベル",
        "GB": "ギガバイト",
        "MB": "メガバイト",
    }
)

_KANA = {"ひとつ": 1, "ふたつ": 2, "みっつ": 3, "よっつ": 4, "いつつ": 5}
_KANA |= {"ひとり": 1, "ふたり": 2, "両": 2, "2人": 2}
_WORDS = re.compile(
    "ひとつ|ふたつ|みっつ|よっつ|いつつ|ひとり|ふたり|(?<![車车])両(?=面|国|親|者|方|側)"
)


def words(text: str) -> Iterator[Found]:
    for match in _WORDS.finditer(text):
        number = Fraction(_KANA[match[0]])
        yield Found((Reading("number", "", number),), *match.span(), soft=True)


_MORE_COUNTERS = frozenset(
    "つ人名部通枚回件個个箇种種社校阶階号歩語言点台室か社者日月年時时本冊册组組桁ヶカ店便棟戸世方"
)


def _soft(printed: str, text: str, start: int, end: int) -> bool:
    return soft(printed, text, start, end) and text[end : end + 1] not in _MORE_COUNTERS


_MONTHLY = re.compile(r"(?:毎月|各月|翌月|月)(?P<day>\d{1,2})日(?!间|以|前後)")


def monthly(text: str) -> Iterator[Found]:
    for match in _MONTHLY.finditer(text):
        day = int(match["day"])
        if 1 <= day <= 31:
            readings = (Reading("date", "", Day(day=day)), Reading("number", "", Fraction(day)))
            yield Found(readings, match.start("day"), match.end())


_DAY_AFTER = re.compile(
    r"(?<=日)(?P<to>\s?(?:から|-|~|と|及び|および|、|・)\s?)(?P<day>\d{1,2})日(?!间)"
)


def days_after(text: str) -> Iterator[Found]:
    """3月1日から31日まで: the month is that of the day before."""
    for match in _DAY_AFTER.finditer(text):
        day = int(match["day"])
        if 1 <= day <= 31:
            readings = (
                Reading("date", "", Day(day=day)),
                Reading("duration", "minute", day * _DAY),
                Reading("number", "", Fraction(day)),
            )
            yield Found(readings, match.start("day"), match.end())


READERS: tuple[Reader, ...] = (
    heads,
    neutral.enumerated,
    _IDIOMS,
    eras,
    provisions,
    borrowed(chinese_time.spans_of_years),
    days_after,
    months,
    borrowed(chinese_time.dates),
    borrowed(chinese_time.only_years),
    monthly,
    weekdays,
    halves,
    times,
    _OFF,
    amounts(HAN, [*_POINTS, *_PERCENT], to=TO),
    shares,
    signed_money(N, myriads, r"\s?(?:から|-|~)\s?", r"\s?元"),
    amounts(HAN, _MONEY, to=TO),
    amounts(HAN, _AGE, to=TO),
    amounts(HAN, _DURATIONS, to=TO),
    amounts(HAN, [*_MORE_MEASURES, *MEASURES], to=TO),
    ordinals,
    words,
    neutral.shares,
    neutral.codes,
    numbers(HAN, soft=_soft, to=TO),
)
