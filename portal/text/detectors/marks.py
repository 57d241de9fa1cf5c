"""Marks of secrecy and of internal papers, as they stand on the paper; not news about secrecy."""

import re
from collections.abc import Iterator

from .findings import Finding, Kind
from .folding import Folded

_MARKS = re.compile(
    r"(?:绝密|机密|秘密) ?[★☆*]"
    r"|密级 ?[:：] ?(?P<level>绝密|机密|秘密)"
    r"|公开(?:方式|属性) ?[:：] ?(?P<closed>不予公开|不公开)"
    r"|此(?:件|文) ?(?P<paper>不得公开|不予公开|不公开|不得外传)"
    r"|[(（【\[](?P<bracket>不得公开|不予公开|不得外传)[)）】\]]"
    r"|(?P<leaked>不得外传)(?=[\s，,。!！)）】]|$)(?<![^，,、\s（(【]不得外传)"
    r"|会后(?P<back>收回)"
    r"|征求意见稿[(（]内部[)）]|工作预案[(（]内部[)）]"
)


def find_marks(folded: Folded) -> Iterator[Finding]:
    for match in _MARKS.finditer(folded.text):
        start, end = match.span(match.lastgroup or 0)
        yield Finding(Kind.SECRET_MARK, start, end, folded.text[start:end], "mark")
