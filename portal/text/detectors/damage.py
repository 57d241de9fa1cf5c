"""What texts from damaged sources look like: figures lost, readings injected, odd signs."""

import re
from collections.abc import Iterator

from .findings import Finding, Grade, Kind
from .folding import INVISIBLE, Folded

_LOST = re.compile(
    r"(?:不?超过|不少于|不多于|不低于|不高于|不短于|不长于|少于|多于)(?:小时|天|次|分钟|个工作日|个月)"
    r"(?=[内以的未更，,。、；;不恢]|$)"
    r"|(?:通报|更新|检查|抽查|演练)次 ?[，,] ?(?:下线|关停|整改|停用)(?:天|小时)"
    r"|(?:下线|停用|空白)(?:天|小时)(?=[内以的，,。、；;]|$)"
    r"|“”|‘’"
    r"|[?？]?。?[▍▌▎█]+\^?|\ufffd+|□{2,}|锟斤拷|烫烫烫"
)
_READING = re.compile(
    r"(?<=[\u4e00-\u9fff])[(（](?=[^)）]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ])"
    r"[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü ]{1,40}[)）]"
)
_RESIDUE = re.compile(
    r"^['\"]>|(?<=\n)['\"]>"
    r"|(?:点击数|点击率|浏览次数) ?[:：]? ?\d+|上一篇 ?[:：]|下一篇 ?[:：]"
    r"|【打印】|【关闭窗口】|【字体"
)
_MOST_INVISIBLE = 20


def find_damage(folded: Folded, original: str) -> Iterator[Finding]:
    text = folded.text
    for match in _LOST.finditer(text):
        yield Finding(Kind.LOST_TEXT, *match.span(), match[0], "lost")
    for match in _READING.finditer(text):
        yield Finding(Kind.LOST_TEXT, *match.span(), match[0], "reading", "")
    for match in _RESIDUE.finditer(text):
        yield Finding(Kind.SCRAPE_RESIDUE, *match.span(), match[0], "residue")
    if folded.places is not None:
        hidden = len(INVISIBLE.findall(original))
        if hidden > _MOST_INVISIBLE:
            yield Finding(Kind.INVISIBLE, 0, 0, "", "characters", at_most=Grade.NOTE)
