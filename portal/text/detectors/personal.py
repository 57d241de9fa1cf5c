"""Where people live and how they are reached; lists of persons who are owed protection."""

import re
from collections.abc import Iterator
from typing import Final

from .findings import Finding, Grade, Kind
from .folding import Folded

PROVINCES: Final = (
    "京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊使"
)
EMAIL: Final = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}+\s?[@＠]\s?[\w-]{1,63}+(?:[.．][\w-]{1,63}+){1,4}"
)
PASSPORT: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[EGDSPegdsp]\d{8}|[Ee][A-Ha-hJ-Nj-nP-Zp-z]\d{7}"
    r"|[HMhm]\d{8}(?:\d{2})?|[A-Z]{1,2}\d{7,8})(?![A-Za-z0-9])"
)
NAMED_PASSPORT: Final = re.compile(
    r"(?:护照|護照|通行证|通行證|居留证|证件号码?|passport|permit|旅券|여권|паспорт|passeport)"
    r"(?:号码?|號碼?|\s?(?:no|number|numéro)\.?)?\s{0,2}(?:是|为|為|is|:|：|#|№)?\s{0,2}"
    r"(?P<value>(?=[A-Za-z]*\d)[A-Za-z0-9]{6,12})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
PLATE: Final = re.compile(
    rf"[{PROVINCES}]\s?[A-HJ-NP-Za-hj-np-z]\s?[·•.\-]?\s?"
    r"(?=[A-Za-z0-9]*\d)[A-HJ-NP-Za-hj-np-z0-9]{4,6}[挂学警港澳領领]?(?![A-Za-z0-9])"
)
# Given out to persons; an office has an address of its own.
_FREE_MAIL: Final = frozenset({
    "qq.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com",
    "foxmail.com", "gmail.com", "hotmail.com", "outlook.com", "139.com", "189.cn",
    "yahoo.com", "icloud.com", "aliyun.com", "live.com", "vip.qq.com", "vip.163.com",
})  # fmt: skip
_LATIN_END = re.compile(r"[!-~]+\s?$")
_ROOM = re.compile(r"\d{1,5}(?:-\d{1,4})? ?室|\d{1,3}单元 ?\d{2,5}(?!\d)")
_ROAD_AND_NUMBER = re.compile(
    r"(?:路|街|巷|道|弄|村|组|里|苑|园|庄|小区|社区|胡同|坊)\d{1,5}(?:-\d{1,4})?[号幢栋弄]"
    r"|\d{1,4}(?:幢|栋|号楼)"
)
_OFFICE = re.compile(
    r"大楼|大厦|中心|广场|办公|政府|行政|机关|大院|服务|局|委|院|馆|银行|公司|写字楼|商务"
)
_LONGEST_ADDRESS = 60
_STARTS_ADDRESS = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9\-·]")
_CUE_OF_ADDRESS = re.compile(r"(?:住址?(?:为|在|于|是)?|现住|住所地?|地址(?:为|是)?|户籍地?|籍贯)")
_PERSON = re.compile(r"姓 ?名|户主|监护人|受助人|患者|申请人")
_PERSONAL_COLUMN = re.compile(
    r"身份证|证件|公民身份|电话|手机|联系方式|病种|病情|诊断|残疾|等级证|家庭住址|住址|户籍|银行卡|卡号|账号|帐号|监护人|"
    r"出生|年龄|低保|致贫|健康状况"
)
_NOT_PERSONAL = re.compile(r"职务|分工|单位电话|办公电话|办公室")
_MOST_COLUMNS = 40


def find_personal(folded: Folded) -> Iterator[Finding]:
    yield from _emails(folded)
    yield from _addresses(folded)
    yield from _documents(folded)
    yield from _headings(folded)


def _emails(folded: Folded) -> Iterator[Finding]:
    for match in EMAIL.finditer(folded.text):
        host = match[0].rpartition("@")[2].strip().lower()
        if host.endswith((".gov.cn", "@gov.cn")) or host == "gov.cn":
            continue
        # Chinese words stand right before an address without a space.
        local = _LATIN_END.search(match[0].partition("@")[0])
        start = match.start() + (local.start() if local else 0)
        at_most = None if host in _FREE_MAIL else Grade.NOTE
        yield Finding(
            Kind.EMAIL, start, match.end(), folded.text[start : match.end()], "email",
            at_most=at_most,
        )  # fmt: skip


def _addresses(folded: Folded) -> Iterator[Finding]:
    text = folded.text
    done = 0
    for room in _ROOM.finditer(text):
        low = max(done, room.start() - _LONGEST_ADDRESS)
        window = text[low : room.start()]
        breaks = [found.end() for found in _STARTS_ADDRESS.finditer(window)]
        begin = low + (breaks[-1] if breaks else 0)
        cues = [found.end() for found in _CUE_OF_ADDRESS.finditer(text, begin, room.start())]
        begin = cues[-1] if cues else begin
        inside = text[begin : room.end()]
        if _ROAD_AND_NUMBER.search(inside) is None:
            continue
        done = room.end()
        at_most = Grade.NOTE if _OFFICE.search(inside) and not cues else None
        yield Finding(Kind.ADDRESS, begin, room.end(), inside, "address", at_most=at_most)


def _documents(folded: Folded) -> Iterator[Finding]:
    for kind, pattern in ((Kind.PASSPORT, NAMED_PASSPORT), (Kind.PLATE, PLATE)):
        for match in pattern.finditer(folded.text):
            group = "value" if "value" in pattern.groupindex else 0
            yield Finding(kind, *match.span(group), match[group], str(kind))


def _headings(folded: Folded) -> Iterator[Finding]:
    """Rows of cells (apart by tabs) that head a table of persons."""
    text = folded.text
    at = 0
    for line in text.split("\n"):
        if "\t" in line:
            cells = [cell.strip() for cell in line.split("\t", _MOST_COLUMNS)]
            yield from _heading(cells, line, at)
        at += len(line) + 1


def _heading(cells: list[str], line: str, at: int) -> Iterator[Finding]:
    if any(len(cell) > 20 for cell in cells):
        return  # what is said in sentences is no heading
    person = next((found for cell in cells if (found := _PERSON.search(cell))), None)
    if person is None or any(_NOT_PERSONAL.search(cell) for cell in cells):
        return
    named = [cell for cell in cells if _PERSONAL_COLUMN.search(cell)]
    if not named:
        return
    start = at + line.index(person[0])
    yield Finding(
        Kind.PERSONAL_LIST, start, start + len(person[0]), person[0], "、".join(named)[:80]
    )
