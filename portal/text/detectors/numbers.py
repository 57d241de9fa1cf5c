"""Numbers of persons: resident identity, bank card, mobile telephone.

A number is one by its own make (division, birthday, check digit; issuer and check digit; network),
and by what stands around it: behind "order no." eleven digits are no telephone.
"""

import datetime
import re
from collections.abc import Iterator

from .digits import CHINESE_DIGITS, has_identity_checksum, has_luhn
from .findings import Finding, Kind
from .folding import Folded

# Digits, written together or apart by one space or dash; an X may end them.
_CHUNK = re.compile(r"\d++(?:[ \-]\d++)*+(?:[ \-]?[xX](?![A-Za-z]))?")
_GROUP = re.compile(r"\d+")
_DOTTED = re.compile(r"(?<![\d.])1[3-9]\d\.\d{4}\.\d{4}(?![\d.])")
_WRITTEN_OUT = re.compile(r"[〇零一二三四五六七八九幺两]{11,19}")
# First two digits of divisions (GB/T 2260), those of residents from elsewhere included.
_DIVISIONS = frozenset({
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
    "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64",
    "65", "71", "81", "82", "83", "91",
})  # fmt: skip
_SHORTEST = 11
_CARD_SIZES = range(15, 20)
# Issuers: UnionPay, Visa, Mastercard, JCB, Maestro; the old cards of one bank.
_ISSUER = re.compile(r"62|4|5[1-5]|35|60|95588")
_OTHER_THINGS = re.compile(
    r"(?:编号|单号|流水号|合同号|批次号?|批号|案号|文号|序列号|序号|发票号?码?|代码|注册号?|登记号|许可证号?|条形?码|时间戳(?:[(（]毫秒[)）])?|"
    r"档号|发动机号|车架号|标识码|备案号?|公安备|icp备|货号|型号|订单|运单|工单|imei|isbn|sn|no\.?|№|单元号|金额|地块|宗地)"
    r"[\s:为是#()]{0,4}$",
    re.IGNORECASE,
)
_CARD_CUE = re.compile(r"(?:卡号?|账号|帐号|账户|帐户|银行|支行|开户|工资|户名)[^\d\n]{0,10}$")
_IDENTITY_CUE = re.compile(r"(?:身份证|身份号码|证件号|证号)[^\d\n]{0,8}$")
_ADDRESS = re.compile(
    r"(?:https?:|www\.|ftp:|\.com|\.cn|\.html?)[^\s\u4e00-\u9fff，。；]*$", re.IGNORECASE
)
_BEFORE = 24


def find_numbers(folded: Folded) -> Iterator[Finding]:
    text = folded.text
    for chunk in _CHUNK.finditer(text):
        if chunk.end() - chunk.start() >= _SHORTEST:
            yield from _in_chunk(folded, chunk)
    for dotted in _DOTTED.finditer(text):
        yield _finding(folded, Kind.MOBILE, dotted.start(), dotted.end())
    for words in _WRITTEN_OUT.finditer(text):
        digits = "".join(CHINESE_DIGITS[sign] for sign in words[0])
        kind = (_is_mobile(digits) and Kind.MOBILE) or (is_identity(digits) and Kind.IDENTITY)
        if kind:
            yield _finding(folded, kind, words.start(), words.end())


def _in_chunk(folded: Folded, chunk: re.Match[str]) -> Iterator[Finding]:
    text = folded.text
    groups = [found.span() for found in _GROUP.finditer(text, chunk.start(), chunk.end())]
    ends_with_x = text[chunk.end() - 1] in "xX"
    first = 0
    while first < len(groups):
        taken = None
        digits = ""
        for last in range(first, len(groups)):
            start, end = groups[last]
            digits += text[start:end]
            if len(digits) > 19:
                break
            begin = groups[first][0]
            if ends_with_x and last == len(groups) - 1:
                if is_identity(digits + "X"):
                    taken = (Kind.IDENTITY, begin, chunk.end(), last)
                continue
            sizes = [e - s for s, e in groups[first : last + 1]]
            kind = _kind(text, begin, end, digits, sizes)
            if kind is not None:
                taken = (kind, begin, end, last)
                if kind is Kind.IDENTITY:
                    break
        if taken is None:
            first += 1
            continue
        kind, begin, end, last = taken
        yield _finding(folded, kind, begin, end)
        first = last + 1


def _kind(text: str, begin: int, end: int, digits: str, sizes: list[int]) -> Kind | None:
    size = len(digits)
    if size < _SHORTEST or (sizes[0] == 1 and size != 18):
        return None
    if size == 18 and is_identity(digits):
        return Kind.IDENTITY
    before = text[max(0, begin - _BEFORE) : begin]
    if (
        size == 15
        and len(sizes) == 1
        and _IDENTITY_CUE.search(before)
        and _has_day("19" + digits[6:12])
    ):
        return Kind.IDENTITY
    if size in _CARD_SIZES and _is_card(digits, sizes, before):
        return Kind.BANK_CARD
    if _is_mobile_as_written(digits, sizes) and not _is_other_thing(text, begin, end, before):
        return Kind.MOBILE
    return None


def is_identity(digits: str) -> bool:
    """Division, birthday and check digit are right."""
    return (
        len(digits) == 18
        and digits[:2] in _DIVISIONS
        and has_identity_checksum(digits)
        and _has_day(digits[6:14])
    )


def _has_day(digits: str) -> bool:
    try:
        day = datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1890 < day.year <= datetime.datetime.now(datetime.UTC).year


def _is_card(digits: str, sizes: list[int], before: str) -> bool:
    if len(sizes) > 1 and not (
        all(size == 4 for size in sizes[:-1]) or len(sizes) == 2 or sizes[0] == 6
    ):
        return False
    if not has_luhn(digits):
        return False
    if _CARD_CUE.search(before):
        return digits[0] in "34569"
    if _OTHER_THINGS.search(before):
        return False
    if len(digits) == 15:
        return digits[:2] in ("34", "37")
    found = _ISSUER.match(digits)
    return found is not None and (found[0] in ("62", "60", "95588") or len(digits) == 16)


def _is_mobile(digits: str) -> bool:
    return len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789"


def _is_mobile_as_written(digits: str, sizes: list[int]) -> bool:
    for prefix in ("", "86", "0086", "0"):
        if prefix and not digits.startswith(prefix):
            continue
        if not _is_mobile(digits[len(prefix) :]):
            continue
        rest = sizes[1:] if prefix and sizes[0] == len(prefix) else sizes
        return len(rest) <= 3 and rest[0] >= 3
    return False


def _is_other_thing(text: str, begin: int, end: int, before: str) -> bool:
    """Whether eleven digits are an amount, part of a word or address, or a number of a thing."""
    behind = text[end : end + 2]
    if behind and ((behind[0].isascii() and behind[0].isalnum()) or behind[0] in "%元万‰"):
        return True
    if behind[:1] == "." and behind[1:].isdecimal():
        return True
    last = before[-1:]
    if last and ((last.isascii() and (last.isalnum() or last in "._*#~^=")) or last in "¥￥$"):
        return not _tel(before)
    if before[-2:-1].isdecimal() and last in "-*":
        return True
    if _ADDRESS.search(text[max(0, begin - 200) : begin]):
        return True
    return bool(_OTHER_THINGS.search(before))


def _tel(before: str) -> bool:
    return before.lower().endswith(("tel.", "mob.", "ph."))


def _finding(folded: Folded, kind: Kind, begin: int, end: int) -> Finding:
    return Finding(kind, begin, end, folded.text[begin:end], "number")
