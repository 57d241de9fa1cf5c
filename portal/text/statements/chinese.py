"""Figures as Chinese texts print them (folded: simplified characters, half-width digits)."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from portal.text.numerals import ARABIC, CHINESE, YEAR, bare, power, value

from .model import Address, DocumentNumber, Kind, Range
from .shared import TO, Found, year_of
from .units import ARTICLES, COUNT, DURATION, MONEY, OFTEN, Unit

_HANZI = r"\u4e00-\u9fff"


def _one_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _figures(words: Iterable[str], unless: str = "") -> re.Pattern[str]:
    """A figure or a range of two, each with its unit; the first one's may be left out."""
    unit = f"(?:{_one_of(words)})"
    return re.compile(
        rf"(?P<low>{CHINESE})\s?(?:(?P<first>{unit})?{TO}(?P<high>{CHINESE})\s?)?(?P<unit>{unit}){unless}"
    )


_MONEY = _figures(MONEY, "(?!角)")
_SIGNED = re.compile(rf"(?:¥|RMB|CNY)\s?(?P<low>{ARABIC}\s?(?:万亿|[十百千]?[万亿])?)(?:元)?")
_DURATION = _figures(DURATION, r"(?!度|级|份|龄|检|岁|\d)")
# 平方米 before 米: the longest wins; 分 must not begin 分钟, 级 not 级别 …
_COUNT = _figures(COUNT, "(?!钟|之|成|别|员|家公|大(?!学|专)|性)")


def _values(match: re.Match[str], units: dict[str, Unit]) -> tuple[Decimal | Range, str] | None:
    low, high = value(match["low"]), None
    if low is None:
        return None
    unit = units[match["unit"]]
    found = match.groupdict()
    if found.get("high"):
        high = value(match["high"])
        if high is None:
            return None
        first = units[match["first"]] if match["first"] else unit
        if first.name != unit.name:
            return None
        if not match["first"] and bare(match["low"]) and power(match["high"]) > 1:
            low *= power(match["high"])  # 3至5万元
        return Range(low * first.factor, high * unit.factor), unit.name
    return low * unit.factor, unit.name


def _with_units(
    text: str, pattern: re.Pattern[str], kind: Kind, units: dict[str, Unit]
) -> Iterator[Found]:
    for match in pattern.finditer(text):
        found = _values(match, units)
        if found:
            yield kind, found[0], found[1], *match.span()


_COINS = re.compile(
    rf"(?:(?P<yuan>{CHINESE})(?:元|块))?(?P<jiao>\d|[一二两三四五六七八九])[角毛]"
    rf"(?:(?P<fen>\d|[一二两三四五六七八九])分?)?(?!钱?[\d])"
)
_SPOKEN = re.compile(rf"(?P<yuan>{CHINESE})块(?P<jiao>\d|[一二三四五六七八九])(?!\d|[十百千万])")


def coins(text: str) -> Iterator[Found]:
    """9角5分, 三块两毛."""
    for match in _COINS.finditer(text):
        parts = [value(match[name] or "0") for name in ("yuan", "jiao", "fen")]
        if None not in parts:
            yuan, jiao, fen = (part or Decimal(0) for part in parts)
            yield "money", yuan + jiao / 10 + fen / 100, "CNY", *match.span()


def money(text: str) -> Iterator[Found]:
    for match in _SPOKEN.finditer(text):  # 9块6
        yuan, jiao = value(match["yuan"]), value(match["jiao"])
        if yuan is not None and jiao is not None:
            yield "money", yuan + jiao / 10, "CNY", *match.span()
    yield from _with_units(text, _MONEY, "money", MONEY)


def signed_money(text: str) -> Iterator[Found]:
    for match in _SIGNED.finditer(text):
        number = value(match["low"])
        if number is not None:
            yield "money", number, "CNY", *match.span()


_PERCENT = re.compile(
    rf"(?P<low>{CHINESE})(?:%?{TO}(?P<high>{CHINESE}))?(?P<sign>%|‰)"
    rf"|(?P<base>百|千|万)分之(?P<part>{CHINESE})(?:{TO}(?:(?:百|千|万)分之)?(?P<upper>{CHINESE}))?"
    rf"|(?P<tenths>{CHINESE})(?:{TO}(?P<tenths_high>{CHINESE}))?成(?![立果员本为绩熟功效长人都效交品])"
    rf"|(?P<off>{CHINESE})折"
    rf"|(?P<denominator>{CHINESE})分之(?P<numerator>{CHINESE})"
    r"|(?P<half>一半|半数|减半|半价)"
)
_PER = {"%": Decimal(1), "‰": Decimal("0.1"), "百": Decimal(1), "千": Decimal("0.1")}
_PER |= {"万": Decimal("0.01")}


def percents(text: str) -> Iterator[Found]:
    for match in _PERCENT.finditer(text):
        found = _percent(match)
        if found is not None:
            yield "percent", found, "%", *match.span()


def _percent(match: re.Match[str]) -> Decimal | Range | None:
    if match["half"]:
        return Decimal(50)
    if match["off"]:
        off = value(match["off"])
        # 九折, 八五折 (read digit by digit), 8.5折
        return None if off is None else off * 10 if off <= 10 else off
    if match["denominator"]:
        one, part = value(match["denominator"]), value(match["numerator"])
        return None if one is None or part is None or not one else round(part * 100 / one, 2)
    if match["tenths"]:
        return _scaled(match["tenths"], match["tenths_high"], Decimal(10))
    if match["base"]:
        return _scaled(match["part"], match["upper"], _PER[match["base"]])
    return _scaled(match["low"], match["high"], _PER[match["sign"]])


def _scaled(low: str, high: str | None, factor: Decimal) -> Decimal | Range | None:
    one, other = value(low), value(high) if high else None
    if one is None or (high and other is None):
        return None
    return one * factor if other is None else Range(one * factor, other * factor)


_POINTS = re.compile(rf"(?P<low>{CHINESE})(?:{TO}(?P<high>{CHINESE}))?个(?P<sign>百|千)分点")


def points(text: str) -> Iterator[Found]:
    for match in _POINTS.finditer(text):
        found = _scaled(match["low"], match["high"], _PER[match["sign"]])
        if found is not None:
            yield "points", found, "%", *match.span()


_HALF = re.compile(
    rf"(?P<and>{CHINESE})?(?P<unit>年|个月|个工作日|小时|天|周|分)半(?:钟|(?!年|数))"
    rf"|(?P<more>{CHINESE})个半(?P<more_unit>月|小时|工作日)"
    r"|(?:(?<![上下前后大小夜])半|半个)(?P<half>年|月|天|日|小时|工作日)(?!度|制|游|价)"
)


def halves(text: str) -> Iterator[Found]:
    """一年半, 两个半月, 半年."""
    for match in _HALF.finditer(text):
        if match["half"]:
            number, word = Decimal("0.5"), match["half"]
        elif match["and"] or match["more"]:
            whole = value(match["and"] or match["more"])
            if whole is None:
                continue
            number, word = whole + Decimal("0.5"), match["unit"] or match["more_unit"]
        else:
            continue
        word = {"分": "分钟"}.get(word, word)
        unit = DURATION.get(word) or DURATION[f"个{word}"]
        yield "duration", number * unit.factor, unit.name, *match.span()


_COMPOUND = re.compile(
    rf"(?P<long>{CHINESE})个?(?P<unit>年|小时|分|天)零?(?P<short>{CHINESE})个?(?P<rest>月|小时|分钟|分|秒)(?!之)"
)
_BELOW = {"年": "月", "天": "小时", "小时": "分", "分": "秒"}


def compound(text: str) -> Iterator[Found]:
    """6小时15分, 一年零六个月."""
    for match in _COMPOUND.finditer(text):
        long, short = value(match["long"]), value(match["short"])
        if long is None or short is None or _BELOW[match["unit"]] != match["rest"].rstrip("钟"):
            continue
        word = {"分": "分钟"}.get(match["unit"], match["unit"])
        unit, below = DURATION[word], {"月": "个月", "分": "分钟"}.get(match["rest"], match["rest"])
        number = long * unit.factor + short * DURATION[below].factor
        yield "duration", number, unit.name, *match.span()


_OFTEN = re.compile(
    rf"(?:每个?(?P<number>{CHINESE})?个?(?P<unit>半年|季度?|[年月天日]|周(?![岁年])|星期)"
    rf"|(?P<bare>(?<!第)(?!{YEAR}){CHINESE})(?P<bare_unit>个季度|年|个月|周(?![岁年])|天|个?星期)"
    r"|(?P<half>半个?[年月]))"
    r"(?=[^，。；;\n\d内后前以每]{0,10}(?:一|1)[次遍]"
    # 每季度至少抽检5%, 每月公布结果
    r"|(?:至少|应当|都要?|定期)?(?:抽[检查]|检[查验测]|巡[查检]|公[布开示]|通报|报送|更新|组织|召开))"
)
_DAYS = {"年": 360, "半年": 180, "季": 90, "季度": 90, "月": 30, "周": 7, "星期": 7}


def frequencies(text: str) -> Iterator[Found]:
    """每季度巡查一次, 三个月查一次: the time from one to the next, in days."""
    for match in _OFTEN.finditer(text):
        number = value(match["number"] or match["bare"] or "1")
        if number is None:
            continue
        if match["half"]:
            number, unit = Decimal("0.5"), match["half"][-1]
        else:
            unit = (match["unit"] or match["bare_unit"]).removeprefix("个")
        yield "duration", number * _DAYS.get(unit, 1), OFTEN, *match.span()


def durations(text: str) -> Iterator[Found]:
    yield from _with_units(text, _DURATION, "duration", DURATION)


_SPOKEN_LENGTH = re.compile(
    rf"(?P<metres>{CHINESE})米(?P<tenths>[1-9二三四五六七八九])(?![\d.个根条处座次十百米])"
)


# 180方 of water or timber; 一方 and 两方 are sides
_CUBIC = re.compile(r"(?P<low>\d{2,}(?:\.\d+)?)方(?![便案法面式向米])")


_FAMILY = re.compile(rf"(?<=家)(?P<number>{CHINESE})口(?![之人])")


def families(text: str) -> Iterator[Found]:
    """一家四口."""
    for match in _FAMILY.finditer(text):
        number = value(match["number"])
        if number is not None:
            yield "count", number, "人", *match.span()


def lengths(text: str) -> Iterator[Found]:
    """一米三, 1米3; 180方."""
    for match in _CUBIC.finditer(text):
        yield "count", Decimal(match["low"]), "立方米", *match.span()
    for match in _SPOKEN_LENGTH.finditer(text):
        metres, tenths = value(match["metres"]), value(match["tenths"])
        if metres is not None and tenths is not None:
            yield "count", metres + tenths / 10, "米", *match.span()


_AT_LEAST = re.compile(
    "(?:至少|最多|至多|不少于|不超过|只能|仅限?|限(?!期|额|制)|不得少于|不低于)[^，。；0-9]{0,6}$"
)
# Right after a figure, which has been taken out of the text by then.
_RATE = re.compile("\x00[/每]?$")


def counts(text: str) -> Iterator[Found]:
    for match in _COUNT.finditer(text):
        found = _values(match, COUNT)
        if found is None:
            continue
        # 一家企业 is "a company"; 1家 is a figure.
        article = match["low"] == "一" and not match["high"] and match["unit"] != "人次"
        if article and _RATE.search(text[max(0, match.start() - 3) : match.start()]):
            continue  # 6.2元一立方米
        bounded = _AT_LEAST.search(text[max(0, match.start() - 8) : match.start()])
        if article and found[1] in ARTICLES and not bounded:
            continue
        yield "count", found[0], found[1], *match.span()


_ADDRESS = re.compile(
    rf"(?P<street>[{_HANZI}]{{1,12}}?(?:大道|大街|胡同|路|街|巷|弄|道))\s?(?P<number>{CHINESE})(?:-\d{{1,4}})?号"
    r"(?!线|楼|窗|文|令)"
)
_STREET = re.compile(r"[^市区县镇乡省在于到至往位是为和与址点：]{2,8}$")


def addresses(text: str) -> Iterator[Found]:
    for match in _ADDRESS.finditer(text):
        number = value(match["number"])
        if number is None or number > 99999:
            continue
        street = _STREET.search(match["street"])
        name = street[0] if street else match["street"]
        start = match.end("street") - len(name)
        yield "address", Address(name, int(number)), "", start, match.end()


_NUMBERED = re.compile(
    rf"(?P<agency>[{_HANZI}]{{0,12}})\s?[\[(](?P<year>{YEAR})[\])]\s?第?\s?(?P<number>\d{{1,5}})\s?号"
)
_FUNCTION = re.compile(r"^.*(?:[据是为见照由以于和与及其件号按依将]|文号|目录)")
_ORDER = re.compile(rf"令第?\s?(?P<after>{CHINESE})号|第(?P<before>{CHINESE})号令")


def documents(text: str) -> Iterator[Found]:
    for match in _NUMBERED.finditer(text):
        agency = _FUNCTION.sub("", match["agency"])
        start = match.end("agency") - len(agency)
        number = DocumentNumber(agency, year_of(match["year"]), int(match["number"]))
        yield "document", number, "", start, match.end()
    for match in _ORDER.finditer(text):
        which = value(match["after"] or match["before"])
        if which is not None and which < 10**5:
            yield "document", DocumentNumber("令", None, int(which)), "", *match.span()


_PROVISION = re.compile(
    rf"第(?:\((?P<inner>{CHINESE})\)|(?P<number>{ARABIC}|[一二两三四五六七八九十百千零〇]{{1,7}}))"
    rf"(?P<level>[编章节条款项目])(?:之(?P<of>[一二三四五六七八九十]))?"
)


def provisions(text: str) -> Iterator[Found]:
    for match in _PROVISION.finditer(text):
        number = value(match["inner"] or match["number"])
        if number is not None:
            after = value(match["of"]) if match["of"] else None
            exact = number if after is None else number + after / 1000
            yield "provision", exact, match["level"], *match.span()


_ORDINAL = re.compile(
    rf"第(?P<number>{ARABIC}|[一二两三四五六七八九十百千零〇]{{1,7}})(?P<unit>次|批|期|届|轮|季度|学期|级|类|档|号|名)"
)


def ordinals(text: str) -> Iterator[Found]:
    for match in _ORDINAL.finditer(text):
        number = value(match["number"])
        if number is not None:
            yield "ordinal", number, match["unit"], *match.span()
