"""Chinese numerals, dates and document numbers: reading them and writing them.

All patterns are for ``script.matchable`` text.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .script import matchable, squeezed

DIGITS = "〇零一二三四五六七八九"
NUMERAL = "〇零一二两三四五六七八九十百千廿卅"
_VALUE = {"〇": 0, "零": 0, "两": 2, **{d: n for n, d in enumerate("一二三四五六七八九", 1)}}
_UNIT = {"十": 10, "百": 100, "千": 1000}
_SHORT = {"廿": 20, "卅": 30}


def int_of(numeral: str) -> int | None:
    """The value of 二十三, 一百零五, 廿一, 二〇一七 or 23; None if it is no number."""
    numeral = squeezed(matchable(numeral))
    if not numeral:
        return None
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() and len(numeral) < 10 else None
    if len(numeral) > 1 and all(character in _VALUE for character in numeral):
        return int("".join(str(_VALUE[character]) for character in numeral[:9]))
    total, digit = 0, None
    for character in numeral:
        if character in _VALUE:
            if digit:
                return None
            digit = _VALUE[character]
        elif character in _UNIT:
            total += (1 if digit is None else digit) * _UNIT[character]
            digit = None
        elif character in _SHORT:
            total += _SHORT[character]
            digit = None
        else:
            return None
    return total + (digit or 0)


def chinese(value: int) -> str:
    """The numeral of a number from 0 to 9999 as laws print it: 十二, 一百零五."""
    if not 0 <= value <= 9999:
        raise ValueError(f"no numeral for {value}")
    if value == 0:
        return "零"
    result, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            if gap:
                result += "零"
            result += DIGITS[digit + 1] + sign
            gap = False
        elif result:
            gap = bool(value)
    return result[1:] if result.startswith("一十") else result


# --- dates ------------------------------------------------------------------------------------
# Zero has many forms in what people typed: 〇 ○ О O o 0; a lost one is often a question mark.
_YEAR_SIGN = r"[〇零Oo0一二三四五六七八九?□\x7f]"
DATE = (
    rf"(?:(?P<y>(?:1[89]|20)\d\s?\d|{_YEAR_SIGN}(?:\s?{_YEAR_SIGN}){{3}})\s*年"
    r"\s*(?P<m>[01]?\d|十?[一二三四五六七八九]|十|元)\s*月"
    r"\s*(?P<d>[0-3]?\d|[一二]?十[一二三四五六七八九]?|三十一?|[廿卅][一二三四五六七八九]?"
    r"|[一二三四五六七八九])\s*日"
    r"|(?P<Y>(?:1[89]|20)\d\d)(?P<sep>[-/.])(?P<M>[01]?\d)(?P=sep)(?P<D>[0-3]?\d)(?!\d))"
)
_DATE = re.compile(DATE)


def date_of(match: re.Match[str]) -> datetime.date | None:
    """The day of a match of ``DATE``; None if the calendar has no such day."""
    if match["Y"]:
        parts = [int(match[name]) for name in ("Y", "M", "D")]
    else:
        year = squeezed(match["y"]).translate(str.maketrans("OoО", "〇〇〇"))
        month = "一" if match["m"] == "元" else match["m"]
        read = [int_of(part) for part in (_plain_year(year), month, match["d"])]
        if None in read:
            return None
        parts = [part for part in read if part is not None]
    try:
        return datetime.date(*parts)
    except ValueError:
        return None


def _plain_year(year: str) -> str:
    """A year in one kind of digits: 二00五 and 2〇〇5 are written by people in a hurry."""
    return "".join(str(_VALUE[sign]) if sign in _VALUE else sign for sign in year)


def first_date(text: str) -> datetime.date | None:
    """The first day that a text names."""
    for match in _DATE.finditer(matchable(text)):
        day = date_of(match)
        if day is not None:
            return day
    return None


def dates_in(key: str) -> Iterator[tuple[datetime.date, int, int]]:
    """Each day that a matchable text names, with where it starts and ends."""
    for match in _DATE.finditer(key):
        day = date_of(match)
        if day is not None:
            yield day, match.start(), match.end()


# --- document numbers -------------------------------------------------------------------------
_HAN = r"[\u4e00-\u9fff]"
_CODE = rf"{_HAN}(?:[\s·.]?{_HAN}){{0,15}}(?:\s?[A-Z]{{1,3}})?"
_OPEN, _CLOSE = r"[〔\[({<﹛„]", r"[〕\])}>﹜‟”]"
_CLASSIC = (
    rf"(?P<code>{_CODE})\s*{_OPEN}\s*(?P<year>(?:19|20)\d\s?\d)\s*年?\s*{_CLOSE}"
    r"\s*(?:第|字第)?\s*(?P<serial>\d{1,5}(?:\s?\d)?(?:-\d{1,3})?)\s*号"
)
_ORDER = (
    rf"(?P<body>{_HAN}(?:[\s、]{{0,4}}{_HAN}){{0,80}}?)?\s*(?P<kind>令|公告|通告)\s*"
    rf"[(\[〔]?\s*(?:(?P<oyear>(?:19|20)\d\d|[{DIGITS}]{{4}})\s*年?\s*[)\]〕]?\s*)?"
    rf"(?P<nth>第?)\s*(?P<oserial>\d{{1,5}}|[{NUMERAL}]{{1,6}})\s*号\s*[)\]〕]?"
)
_CLASSIC_FULL = re.compile(_CLASSIC)
# In running text the year in its brackets is looked for first: it is rare, Chinese text is not.
_YEAR_AND_SERIAL = re.compile(
    rf"\s*{_OPEN}\s*(?:19|20)\d\s?\d\s*年?\s*{_CLOSE}\s*(?:第|字第)?\s*\d[\d\s-]{{0,8}}号"
)
_CODE_AT_END = re.compile(rf"{_CODE}$")
_ORDER_FULL = re.compile(_ORDER)
# Before a title on the same line, and parted from it.
_ORDER_FIRST = re.compile(
    rf"(?P<body>{_HAN}{{2,30}}?)(?P<kind>令|公告|通告)(?P<oyear>(?:19|20)\d\d)?年?第(?P<oserial>\d{{1,5}})号(?=\s)"
)
# The second line of an order: (第47号), 2019年第39号, 第三十七号.
_BARE_SERIAL = re.compile(
    rf"[(\[〔]?\s*(?:(?P<oyear>(?:19|20)\d\d)\s*年?\s*)?第\s*"
    rf"(?P<oserial>\d{{1,5}}|[{NUMERAL}]{{1,6}})\s*号\s*[)\]〕]?"
)
_LABEL = re.compile(
    r"\s*(?:发\s*文\s*字\s*号|发布文号|备注/文号|文\s*件\s*编\s*号|公文编号|文\s*号|字\s*号)\s*:\s*"
)
_BRACKETED = re.compile(r"\s*\(\s*(?P<inner>.*\d\s*号)\s*\)\s*")
# Running text before the code of a number that is cited.
_BEFORE_CODE = re.compile(
    r".*(?:根据|按照|依据|依照|遵照|落实|贯彻|执行|以及|印发|下发|转发|关于|通知|意见|办法|文件|废止"
    r"|[和与及的在、]|自治区人民政府(?=.))"
)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """``normalised`` is simplified, 〔year〕 and without spaces; ``printed`` as it was found."""

    normalised: str
    printed: str
    start: int
    end: int


def _classic(match: re.Match[str]) -> str:
    code = squeezed(match["code"])
    year, serial = squeezed(match["year"]), squeezed(match["serial"])
    head, _, tail = serial.partition("-")
    return f"{code}〔{year}〕{int(head)}{'-' + tail if tail else ''}号"


def _order(body: str, kind: str, year: str, serial: str) -> str:
    body = re.sub(r"\s+", " ", body).strip()
    if all(len(part) == 1 for part in body.split(" ")):
        body = body.replace(" ", "")
    value = int_of(serial)
    which = f"第{value if value is not None else serial}号"
    if kind == "令":
        if body in ("国务院", "中华人民共和国国务院"):
            body = "国"
        return f"{body.removeprefix('中华人民共和国')}令{which}"
    # Announcements are counted by the year; of several bodies the line above names them.
    if " " in body or "、" in body:
        body = ""
    return f"{body}{kind}{f'{int_of(year)}年' if year else ''}{which}"


def read_number(line: str) -> DocumentNumber | None:
    """The document number that a line consists of: alone, in brackets or after its label."""
    key = matchable(line)
    start = label.end() if (label := _LABEL.match(key)) else 0
    end = len(key.rstrip())
    if end - start > 120:
        return None
    bracketed = _BRACKETED.fullmatch(key, start, end)
    if bracketed and not _BARE_SERIAL.fullmatch(key, start, end):
        start, end = bracketed.span("inner")
    while start < end and key[start].isspace():
        start += 1
    found = _CLASSIC_FULL.fullmatch(key, start, end)
    if found:
        return DocumentNumber(_classic(found), line[start:end], start, end)
    found = _ORDER_FULL.fullmatch(key, start, end)
    if found and (found["nth"] or found["oyear"] or found["kind"] == "令"):
        number = _order(found["body"] or "", found["kind"], found["oyear"] or "", found["oserial"])
        return DocumentNumber(number, line[start:end], start, end)
    return None


def leading_number(line: str) -> DocumentNumber | None:
    """The document number that a line begins with: several of a joint issue, or before a title."""
    key = matchable(line)
    start = len(key) - len(key.lstrip(" ("))
    found = _CLASSIC_FULL.match(key, start)
    if found:
        return DocumentNumber(_classic(found), line[start : found.end()], start, found.end())
    found = _ORDER_FIRST.match(key, start)
    if found:
        body = re.sub(r"^(?:法规|政策|文件|税收法规)", "", found["body"])
        number = _order(body, found["kind"], found["oyear"] or "", found["oserial"])
        return DocumentNumber(number, line[start : found.end()], start, found.end())
    return None


def bare_serial(line: str) -> tuple[str, str] | None:
    """Year and serial of 第711号 or (2019年第39号) alone on a line, under the name of an order."""
    found = _BARE_SERIAL.fullmatch(matchable(line).strip())
    return (found["oyear"] or "", found["oserial"]) if found else None


def order_number(body_line: str, serial_line: str) -> str:
    """The number of an order whose name and serial stand on two lines."""
    key = matchable(body_line).strip()
    serial = bare_serial(serial_line)
    kind = next((kind for kind in ("公告", "通告", "令") if key.endswith(kind)), "")
    if serial is None or not kind:
        return ""
    return _order(key.removesuffix(kind), kind, *serial)


def cited_numbers(key: str) -> Iterator[DocumentNumber]:
    """Document numbers anywhere in a matchable text; ``printed`` is the number as matched."""
    for year in _YEAR_AND_SERIAL.finditer(key):
        before = key[max(0, year.start() - 24) : year.start()]
        code = _CODE_AT_END.search(before)
        if code is None:
            continue
        start = year.start() - len(before) + code.start()
        prefix = _BEFORE_CODE.match(key, start, year.start())
        if prefix and prefix.end() < year.start():
            start = prefix.end()
        found = _CLASSIC_FULL.fullmatch(key, start, year.end())
        if found:
            yield DocumentNumber(_classic(found), found.group(), start, found.end())


def normalise_document_number(printed: str) -> str:
    """国办发〔2017〕47号 for [2017], （２０１７）, 【2017】, 國辦發…號; "" if it is no number."""
    found = read_number(printed)
    return found.normalised if found else ""
