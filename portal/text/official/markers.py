"""The numbers that begin a clause: 第三条, 一、, （一）, 1., （1）, ①, 1.2.3."""

import re
from dataclasses import dataclass
from typing import Literal

from .numbers import NUMERAL, int_of
from .script import squeezed

type Kind = Literal[
    "book",  # 编, 部分
    "chapter",
    "section",
    "article",
    "cn",  # 一、
    "cn_paren",  # （一）
    "digit",  # 1.
    "digit_paren",  # （1）
    "digit_half",  # 1）
    "circled",  # ①
    "decimal",  # 1.2.3, in emergency plans
]


@dataclass(frozen=True, slots=True)
class Marker:
    """``end``: where the number ends in the line. ``value``: 3 for 第三条.

    ``sub``: 2 for 第三条之二. ``depth``: how many numbers a decimal one has.
    """

    kind: Kind
    value: int
    end: int
    sub: int = 0
    depth: int = 0
    mangled: bool = False


_N = f"[{NUMERAL}\\d]"
_ORDINAL = re.compile(
    rf"\s*第\s*(?P<n>{_N}(?:\s?{_N}){{0,7}})\s*(?P<unit>分?编|章|节|条|部分)"
    rf"(?:\s*之\s*(?P<sub>[{NUMERAL}]{{1,3}}))?\s{{0,2}}[、:]?"
)
_UNITS: dict[str, Kind] = {
    "编": "book",
    "分编": "book",
    "部分": "book",
    "章": "chapter",
    "节": "section",
    "条": "article",
}
# 第三条第二款…, 第三条规定的…: a sentence that speaks of a clause, not the beginning of one.
_REFERENCE = re.compile(
    r"(?:第[^,。]{1,6}[款项目条]|规定(?:的|,|外|情形|执行|办理|处)|所列|[、和及与至或]\s*第|中的|的"
    r"|款|项|[,。;)”])"
)
_BELOW = re.compile(rf"第\s*{_N}{{1,4}}\s*[章节条]")
_CN = re.compile(rf"\s*(?P<n>[{NUMERAL}]{{1,4}})\s*[、.]")
# 一、二级医院…: the sign between two numerals makes a list of them.
_LIST_OF_NUMERALS = re.compile(
    r"[一二三四五六七八九十]{1,2}(?:[、,和]|[级类年等期号楼层档线次批季])"
)
_CN_PAREN = re.compile(rf"\s*[(〔<]\s*(?P<n>[{NUMERAL}]{{1,4}})\s*[)〕>]\s*[、.,]?")
_DIGIT = re.compile(r"\s*(?P<n>\d{1,3})\s*(?:、|\.(?!\s*\d)|\.(?=\s*(?:19|20)\d\d\s*年))")
_DIGIT_PAREN = re.compile(r"\s*\(\s*(?P<n>\d{1,3})\s*\)\s*[、.]?")
_DIGIT_HALF = re.compile(r"\s*(?P<n>\d{1,2})\s*\)\s*[、.]?")
_DECIMAL = re.compile(
    r"\s*(?P<n>\d{1,2}(?:\s?\.\s?\d{1,2}){1,4})(?![\d%])\.?\s*(?=[\u4e00-\u9fff“《(])"
)
_TOP_DECIMAL = re.compile(r"\s*(?P<n>\d{1,2})\.?\s*(?=[\u4e00-\u9fff])")
# After a decimal number that is a quantity: 1.5倍, 3.2万元.
_QUANTITY = re.compile(
    r"(?:倍|万|亿|元|米|公里|千米|平方|立方|公顷|亩|吨|千克|公斤|小时|分钟|个百分点|个|度|级|版|分|厘)"
)
_SIGNS: dict[str, tuple[Kind, int]] = {
    **{chr(0x2460 + n): ("circled", n + 1) for n in range(20)},
    **{chr(0x2776 + n): ("circled", n + 1) for n in range(10)},
    **{chr(0x3220 + n): ("cn_paren", n + 1) for n in range(10)},
    **{chr(0x2488 + n): ("digit", n + 1) for n in range(20)},
    **{chr(0x2474 + n): ("digit_paren", n + 1) for n in range(20)},
}
# （一）… read one byte out of step: an ideographic space before it, cut in half, ate the bracket.
_MANGLED_VALUE = {"ㄒ": 1, "ǘ": 2, "ㄈ": 3, "ㄋ": 4, "ㄎ": 5, "ㄆ": 7, "ò": 8, "ň": 9, "ㄊ": 10}
_MANGLED = re.compile(rf"\s*\?。(?P<n>[{''.join(_MANGLED_VALUE)}﹩])[┩┲┮┱┰┭┫┯┪?]?")


def marker_of(key: str) -> Marker | None:
    """The number at the beginning of a matchable line; decimal ones are ``decimal_of``'s."""
    first = key[:12].lstrip()[:1]
    if not first:
        return None
    if first == "第":
        return _ordinal(key)
    if first in NUMERAL:
        found = _CN.match(key)
        if found and not _LIST_OF_NUMERALS.match(key, found.end()):
            return _marker("cn", found)
        return None
    if first in "(〔<":
        for kind, pattern in (("cn_paren", _CN_PAREN), ("digit_paren", _DIGIT_PAREN)):
            found = pattern.match(key)
            if found:
                return _marker(kind, found)  # type: ignore[arg-type]
        return None
    if first.isascii() and first.isdigit():
        for kind, pattern in (("digit", _DIGIT), ("digit_half", _DIGIT_HALF)):
            found = pattern.match(key)
            if found:
                return _marker(kind, found)  # type: ignore[arg-type]
        return None
    if first in _SIGNS:
        sign, value = _SIGNS[first]
        end = key.index(first) + 1
        return Marker(sign, value, end + (key[end : end + 1] in ("、", ".")))
    if first == "?":
        found = _MANGLED.match(key)
        if found:
            return Marker("cn_paren", _MANGLED_VALUE.get(found["n"], 0), found.end(), mangled=True)
    return None


def _marker(kind: Kind, found: re.Match[str]) -> Marker | None:
    value = int_of(found["n"])
    return None if value is None else Marker(kind, value, found.end())


def _ordinal(key: str) -> Marker | None:
    found = _ORDINAL.match(key)
    if found is None:
        return None
    value = int_of(found["n"])
    kind = _UNITS[found["unit"]]
    end = found.end()
    rest = key[end : end + 12]
    if value is None or (not found.group()[-1].isspace() and _REFERENCE.match(rest)):
        return None
    if found.group().rstrip()[-1] == "、" and _REFERENCE.match("、" + rest):
        return None
    # Too long for a heading, unless the line goes on with what stands below it.
    long = kind != "article" and len(key.rstrip()) - end > 60
    if long and not _BELOW.search(key, end, end + 40):
        return None
    sub = int_of(found["sub"]) if found["sub"] else 0
    return Marker(kind, value, end, sub or 0)


def decimal_of(key: str) -> Marker | None:
    """1.2 or 1.2.3 before text; not 1.5倍."""
    found = _DECIMAL.match(key)
    if found is None or _QUANTITY.match(key, found.end()):
        return None
    parts = [int(part) for part in squeezed(found["n"]).split(".")]
    return Marker("decimal", parts[-1], found.end(), depth=len(parts))


def top_decimal_of(key: str) -> Marker | None:
    """The plain number of a main part, 1 总则, in a document with decimal numbers."""
    found = _TOP_DECIMAL.match(key)
    if found is None or len(key.strip()) > 30 or key.rstrip().endswith(("。", ";", ":")):
        return None
    return Marker("decimal", int(found["n"]), found.end(), depth=1)
