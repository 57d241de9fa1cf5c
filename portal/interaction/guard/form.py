"""What a reply has to have, and must not have, whatever it is about."""

import re
from collections.abc import Iterator
from typing import Final

from portal.text.detectors import Detectors, Kind

from .findings import Finding, LetterText

_SHORT: Final = 30
_GAP: Final = re.compile(r"[{｛][^{}｛｝\n]{0,40}[}｝]|[×X]{3,}|_{3,}|＿{2,}|（\s*待[填补]\s*）")
_FORWARDED: Final = re.compile(
    r"(?:已|将)?(?:您的)?(?:来信|信件|问题|诉求|意见|反映)?[^。；]{0,12}"
    r"(?:转交|转送|转给|转至|移交|转办|转达|交由|批转)[^。；]{0,30}(?:处理|办理|核实|研究|阅处|部门|单位|局|科)?"
)
_WAIT: Final = re.compile(
    r"(?:请|敬请)?(?:您)?(?:耐心|静候|稍候|等待|等候|留意|关注)[^。；]{0,12}(?:等待|等候|答复|回复|结果|通知|进展|后续)?"
    r"|(?:尽快|及时|后续)(?:给您|向您|与您|予以|为您)?(?:答复|回复|处理|办理|解决|联系)"
)
# Says that something was found, decided or is so.
_SUBSTANCE: Final = re.compile(
    r"经(?:核实|核查|查|调查|现场|检测|评估|研究|比对|踏勘|复核|核算)|已(?:更换|修复|责令|立案|处罚|整改|补发|退还|恢复|完成|列入|调整|"
    r"增设|约谈|安排|清理|改|更新)|可以|不可以|不能|不需要|应当|标准为|属于|不属于|符合|《[^》]{4,}》第"
)
_BASIS: Final = re.compile(
    r"《[^》]{3,}》|(?:依据|根据|按照|依照|遵照)[^，。；]{0,24}(?:法|条例|办法|规定|细则|通知|意见|方案|标准|政策|规则)"
    r"|第[一二三四五六七八九十百零\d]+条"
)
_CONTACT: Final = re.compile(
    r"(?<!\d)(?:0\d{2,3}[-－—]?\d{7,8}|1[23]\d{3}|9[56]\d{3,4}|1\d{10}|400[-－]?\d{3}[-－]?\d{4})(?!\d)|[\w.]+@[\w.]+"
    r"|(?:窗口|服务台|柜台|地址)[^。；]{0,20}(?:号|楼|层|路)"
)
_NEXT: Final = re.compile(
    r"请(?!问|求)|可以|您可|可(?:到|在|向|凭|拨|持|于|就近|通过|登录|拨打|申请|致电|前往)|将(?:于|在|由|会|对|把|给)|预计|"
    r"(?:月|年|本周|下周|日)(?:底|内|前|起|完成)|届时|逾期|如(?:仍|再|有|需|果|您)|若"
)
_GREETING: Final = re.compile(
    r"^\s*(?:尊敬的|敬爱的)?\s*(?P<name>[\u4e00-\u9fff]{1,4}?)"
    r"(?P<title>先生|女士|小姐|同志|老师|同学)\s*[：:，,！!]?"
)
# Words that stand before a title without being a name.
_NO_NAME: Final = frozenset({"", "该", "这位", "网友", "市民", "各位", "来信", "写信", "匿名"})
_PERSONAL: Final = frozenset(
    {Kind.IDENTITY, Kind.BANK_CARD, Kind.MOBILE, Kind.ADDRESS, Kind.PASSPORT, Kind.EMAIL}
)
# Shorter data of the writer (a surname, a house number) meets by chance.
_SHORTEST_DATA: Final = 5


def form(letter: LetterText, reply: str) -> Iterator[Finding]:
    if len(reply.strip()) < _SHORT:
        yield Finding("too_short", blocking=False)
    for gap in _GAP.finditer(reply):
        yield Finding("gap", blocking=True, span=gap.span(), detail=gap[0][:40])
    yield from _only_forwarded(reply)
    if _BASIS.search(reply) is None:
        yield Finding("no_basis", blocking=False)
    if _CONTACT.search(reply) is None:
        yield Finding("no_contact", blocking=False)
    if _NEXT.search(reply) is None:
        yield Finding("no_next_step", blocking=False)
    yield from _greeting(letter, reply)
    yield from _numbers(letter, reply)
    yield from _personal(letter, reply)


_MUCH_MORE: Final = 160


def _only_forwarded(reply: str) -> Iterator[Finding]:
    forwarded = _FORWARDED.search(reply)
    waiting = _WAIT.search(reply)
    if forwarded is None or waiting is None or len(reply) > _MUCH_MORE:
        return
    if _SUBSTANCE.search(reply) is None:
        yield Finding("forwarded_only", blocking=True, span=forwarded.span())


def _greeting(letter: LetterText, reply: str) -> Iterator[Finding]:
    found = _GREETING.match(reply)
    if found is None or not letter.sender_name:
        return
    name = found["name"]
    if name in _NO_NAME or letter.sender_name.startswith(name):
        return
    yield Finding(
        "salutation", blocking=True, span=found.span("name"), detail=name + found["title"]
    )


def _numbers(letter: LetterText, reply: str) -> Iterator[Finding]:
    """Numbers of the same make as this letter's that are not its own."""
    if not letter.number:
        return
    make = "".join(
        r"\d" if sign.isdecimal() else "[A-Z0-9]" if sign.isalpha() else re.escape(sign)
        for sign in letter.number
    )
    any_letter = re.sub(r"\\d", "[A-Z0-9]", make)
    for found in re.finditer(rf"(?<![A-Za-z0-9]){any_letter}(?![A-Za-z0-9])", reply):
        if found[0] != letter.number and any(sign.isdecimal() for sign in found[0]):
            yield Finding("other_number", blocking=True, span=found.span(), detail=found[0])


def _personal(letter: LetterText, reply: str) -> Iterator[Finding]:
    given = [datum.strip() for datum in letter.sender_data if len(datum.strip()) >= _SHORTEST_DATA]
    taken: list[tuple[int, int]] = []
    for datum in given:
        at = reply.find(datum)
        if at >= 0:
            taken.append((at, at + len(datum)))
            yield Finding("writer_data", blocking=False, span=taken[-1], detail=datum)
    for found in Detectors().scan_text(reply).findings:
        if found.kind not in _PERSONAL or found.start == found.end:
            continue
        if any(start < found.end and found.start < end for start, end in taken):
            continue
        span = (found.start, found.end)
        if found.text in letter.text:  # the writer gave it: the reply goes to the writer
            yield Finding("writer_data", blocking=False, span=span, detail=found.text)
        elif found.at_most is None:
            yield Finding("third_person", blocking=True, span=span, detail=found.text)
