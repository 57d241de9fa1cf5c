"""What stood before: 由20日压缩到7日, 比上届增加2万元, where the clauses have what stands now."""

import re
from collections.abc import Sequence

from .index import Index
from .model import Statement
from .sameness import same

_FROM = re.compile("[由从][^，。；;\n]{0,16}$")
_CHANGED = re.compile(
    "[^，。；;\n]{0,4}(?:提高|增加|上调|上升|扩大|延长|放宽|降低?|减少?|下调|下降|缩短|压缩|压减|调整|改|涨|升)[到至为成]"
)
_FAR = 20
_COMPARED = re.compile(
    "比(?:上[年月届次季]|去年|前年|往年|20\\d\\d年)[^，。；;\\n]{0,8}"
    "(?:提高|增加|增长|上升|多|减少|降低|下降|缩短|少)了?约?近?$"
)
_COMPARES = re.compile("[比较](?:上|去年|前|20)|同比|增长|下降")


def is_former(
    plain: str, statement: Statement, statements: Sequence[Statement], index: Index
) -> bool:
    """Whether a figure is what the next one has taken the place of, where a clause has the next one
    only. ``statements`` are those of the text, in reading order.
    """
    start, end = statement.span
    after = _CHANGED.match(plain, end)
    if not after or not _FROM.search(plain[max(0, start - _FAR) : start]):
        return False
    new = next((one for one in statements if one.span[0] >= after.end()), None)
    if new is None or new.span[0] - after.end() > _FAR or new.kind != statement.kind:
        return False
    ruled = [one for one in index.of_unit(new.kind, new.unit) if same(new, one.statement)]
    return bool(ruled) and not any(
        _FROM.search(one.clause.plain[: one.statement.span[0]]) for one in ruled
    )


def is_compared(plain: str, statement: Statement, index: Index) -> bool:
    """Whether a figure says how much more than before it is, where no clause looks back."""
    start = statement.span[0]
    before = plain[max(0, start - _FAR) : start]
    return bool(_COMPARED.search(before)) and not _COMPARES.search(index.text)
