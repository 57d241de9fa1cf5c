"""Personal data in what people write: found, named by kind, masked.

Masking errs on the side of the person: a number that could be one of theirs is hidden. A whole
identity or bank card number also stops the question (``STOPPING``); nobody needs it for an answer.

What makes a number a person's is shared with the detectors of texts to be published
(``portal.text.detectors``), which are stricter: a page is full of numbers that are nobody's.
"""

# ruff: noqa: E501 - lists of words read better in long lines

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.text.detectors.digits import (
    CHINESE_DIGITS,
    DigitRun,
    digit_runs,
    has_identity_checksum,
    has_luhn,
)
from portal.text.detectors.personal import EMAIL, NAMED_PASSPORT, PASSPORT, PLATE

MASK = "***"


class Kind(StrEnum):
    IDENTITY = "identity_number"
    BANK_CARD = "bank_card"
    NUMBER = "long_number"
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    PASSPORT = "passport"
    PLATE = "plate"
    NAME = "name"


STOPPING = frozenset({Kind.IDENTITY, Kind.BANK_CARD})


@dataclass(frozen=True, slots=True)
class Found:
    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text with every find replaced by ``MASK``, and what kinds were found."""

    text: str
    kinds: frozenset[Kind]

    @property
    def is_stopping(self) -> bool:
        return bool(self.kinds & STOPPING)


def scrub(text: str) -> Scrubbed:
    """Mask all personal data that is recognised."""
    found = find(text)
    parts, last = [], 0
    for item in found:
        parts += [text[last : item.start], MASK]
        last = item.end
    parts.append(text[last:])
    return Scrubbed("".join(parts), frozenset(item.kind for item in found))


def find(text: str) -> list[Found]:
    """All finds in their order, without overlaps; of two at one place the longer one."""
    found = [*_numbers(text), *_patterns(text), *_names(text)]
    found.sort(key=lambda item: (item.start, -item.end))
    kept: list[Found] = []
    for item in found:
        if kept and item.start < kept[-1].end:
            if item.end > kept[-1].end:
                kept[-1] = Found(kept[-1].kind, kept[-1].start, item.end)
            continue
        kept.append(item)
    return kept


# --- numbers --------------------------------------------------------------------------------------
_SHORTEST = 7
_LANDLINE_CUE = re.compile(
    r"(?:电话|座机|號碼|号码|联系方式|聯絡|致电|tel|phone|call)\D{0,6}$", re.IGNORECASE
)


def _numbers(text: str) -> Iterable[Found]:
    for run in digit_runs(text):
        if len(run.digits) < _SHORTEST or _is_chinese_numeral(text, run):
            continue
        kind = _kind_of(run.digits, text[max(0, run.start - 16) : run.start])
        if kind is not None:
            start = run.start
            if start and text[start - 1] in "+＋":
                start -= 1
            yield Found(kind, start, run.end)
            continue
        yield from _inside(run)


def _is_chinese_numeral(text: str, run: DigitRun) -> bool:
    """Whether short runs in Chinese numerals are ordinary words: 二〇二六年, 一二三四五."""
    written = sum(character in CHINESE_DIGITS for character in text[run.start : run.end])
    return written * 2 > len(run.digits) and len(run.digits) < 11


def _kind_of(digits: str, before: str) -> Kind | None:
    size = len(digits)
    if size == 18 and (_has_birthday(digits[6:14]) or has_identity_checksum(digits)):
        return Kind.IDENTITY
    if size == 15 and _has_birthday("19" + digits[6:12]) and "1" <= digits[0] <= "8":
        return Kind.IDENTITY
    if "X" in digits:
        return Kind.NUMBER
    if 13 <= size <= 19 and has_luhn(digits) and digits[0] in "34569" and size != 13:
        return Kind.BANK_CARD
    for prefix in ("0086", "86", ""):
        rest = digits.removeprefix(prefix)
        if digits.startswith(prefix) and len(rest) == 11 and re.match(r"1[3-9]", rest):
            return Kind.MOBILE
        if prefix and digits.startswith(prefix) and 9 <= len(rest) <= 11 and size > 11:
            return Kind.LANDLINE
    if 10 <= size <= 12 and digits[0] == "0":
        return Kind.LANDLINE
    if size in (7, 8) and _LANDLINE_CUE.search(before):
        return Kind.LANDLINE
    if size >= 16:
        return Kind.NUMBER
    return None


def _inside(run: DigitRun) -> Iterable[Found]:
    """Numbers that stand in a longer run, such as two telephones with one space between."""
    for match in re.finditer(r"1[3-9]\d{9}|[1-8]\d{5}(?:19|20)\d{9}[\dX]", run.digits):
        kind = Kind.MOBILE if len(match[0]) == 11 else Kind.IDENTITY
        if kind is Kind.IDENTITY and not _has_birthday(match[0][6:14]):
            continue
        yield Found(kind, run.starts[match.start()], run.starts[match.end() - 1] + 1)


def _has_birthday(digits: str) -> bool:
    if not digits.isdecimal():
        return False
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    return 1850 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31


# --- patterns -------------------------------------------------------------------------------------
_PATTERNS = (
    (Kind.EMAIL, EMAIL),
    (Kind.PASSPORT, PASSPORT),
    (Kind.PASSPORT, NAMED_PASSPORT),
    (Kind.PLATE, PLATE),
)


def _patterns(text: str) -> Iterable[Found]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            group = "value" if "value" in pattern.groupindex else 0
            yield Found(kind, match.start(group), match.end(group))


# --- names ----------------------------------------------------------------------------------------
_SURNAMES = (
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧"
    "许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏锺鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝"
    "孔崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文"
)
_DOUBLE_SURNAMES = (
    "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|東方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木"
)
_HAN = r"[\u4e00-\u9fff]"
_END = r"(?=[\s，,。.！!？?、；;：:（(）)]|$|的|，|今年|想|要|家住|住在|先生|女士|女生|男，|女，)"
_CALLED = re.compile(
    rf"(?:我叫做?|本人叫做?|我的?名字[叫是]|名叫|姓名(?:是|为|為|叫)?\s?[:：]?\s?|我姓名是?)"
    rf"(?P<value>{_HAN}{{2,4}}?{_END}|(?:{_DOUBLE_SURNAMES}){_HAN}{{1,2}}|[{_SURNAMES}]{_HAN}{{1,2}})"
)
_I_AM = re.compile(
    rf"(?:我是|本人是?|申请人|聯絡人|联系人)[:：]?\s?"
    rf"(?P<value>(?:{_DOUBLE_SURNAMES}){_HAN}{{1,2}}?{_END}|[{_SURNAMES}]{_HAN}{{1,2}}?{_END})"
)
# Begin like a name and are none.
_NO_NAMES = re.compile(
    r"高中|高校|高级|高考|高龄|高层|高管|江苏|江西|金华|石家|石材|马上|马来|马路|方便|方言|常住|常年|常州|"
    r"任何|任职|任课|程序|万一|田里|文盲|文员|武汉|武警|易地|于是|余额|康复|史上|毛坯|苏州|徐州|温州|龙头|"
    r"汤圆|黄牛|何时|何人|周边|周末|夏天|夏令|余姚|雷州|姜农|孔子|林农|林业|许多|许可|曾经|石油|金融|"
    r".{1,2}[人户县市区镇村籍族省]$|.{1,2}(?:学生|员工|职工|教师|老师|工人|居民|村民|市民|业主|房东|租客)$"
)
_LATIN = re.compile(
    r"\b(?:[Mm]y name is|MY NAME IS|[Ii] am called|[Jj]e m['’]appelle|[Mm]eu nome é|[Мм]еня зовут)\s+"
    r"(?P<value>[^\W\d_][\w'’-]*(?:\s+[A-ZÀ-ÞА-Я][\w'’-]*){0,3})"
)


def _names(text: str) -> Iterable[Found]:
    for pattern in (_CALLED, _I_AM, _LATIN):
        for match in pattern.finditer(text):
            if pattern is not _LATIN and _NO_NAMES.match(match["value"]):
                continue
            yield Found(Kind.NAME, match.start("value"), match.end("value"))
