"""At least, at most, more than, less than: the words before and after a figure."""

import re
from typing import Literal

from .model import Qualifier

_BEFORE: tuple[tuple[str, Qualifier], ...] = (
    ("(?:不|未|没有?)(?:得|能|应|可|要)?(?:超过|高于|多于|大于|长于|晚于|超出)", "le"),
    ("(?:不|未)(?:得|能|应|可)?(?:少于|低于|小于|短于|早于)", "ge"),
    ("(?:达到|等于)(?:或者?|及)(?:超过|高于|大于|多于)", "ge"),
    ("(?:等于|达到)?或者?(?:低于|少于)", "le"),
    ("至多|最多|最高|最长|最大|最晚|上限|封顶|控制在", "le"),
    ("起步(?:就)?(?:是|价)?", "ge"),
    ("至少|最少|最低|最短|最小|下限|起码", "ge"),
    ("不足|不满|未满|不到|少于|低于|小于|短于", "lt"),
    ("超过|高于|多于|大于|长于|超出|逾|突破", "gt"),
    ("年满|(?<![到抵发])达到?|(?<!期)满", "ge"),
)
_BEFORE_ENGLISH: tuple[tuple[str, Qualifier], ...] = (
    (
        r"not? (?:be )?(?:more|longer|later|higher|larger|older) than|not (?:to )?exceed(?:ing)?",
        "le",
    ),
    (r"not? (?:be )?(?:less|fewer|shorter|lower|smaller|younger) than", "ge"),
    (r"at (?:the )?most|up to|maximum(?: of)?|a limit of|capped at|within", "le"),
    (r"at (?:the )?least|minimum(?: of)?|no fewer than", "ge"),
    (r"(?:less|fewer|shorter|lower|smaller|younger) than|under|below", "lt"),
    (r"(?:more|longer|higher|larger|older) than|over|above|exceed(?:s|ing)?", "gt"),
)
_AFTER: tuple[tuple[str, Qualifier], ...] = (
    ("期?(?:[(]?含[^)]{0,6}[)])?(?:及|或者?|和)?以上|起(?!施行|草|诉)|及更[多高]", "ge"),
    ("期?(?:[(]?含[^)]{0,6}[)])?(?:及|或者?|和)?以下|以内|之内|内(?!容|部|资)|封顶|为限", "le"),
)
_AFTER_ENGLISH: tuple[tuple[str, Qualifier], ...] = (
    (r"(?:or|and) (?:more|over|above|older|longer|higher)", "ge"),
    (r"(?:or|and) (?:less|under|below|younger|fewer|shorter)|or less", "le"),
)
_ROUNDED: tuple[tuple[str, Literal[-1, 0, 1]], ...] = (
    ("将近|接近|近|nearly|almost|close to", -1),
    ("大约|大概|约|about|around|approximately|some|roughly|左右|上下", 0),
    ("超过|超|逾|突破|多|余|more than|over", 1),
)


def _compiled(pairs: tuple[tuple[str, Qualifier], ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"({pattern})" for pattern, _q in pairs), re.IGNORECASE)


_FIND_BEFORE, _FIND_BEFORE_ENGLISH = _compiled(_BEFORE), _compiled(_BEFORE_ENGLISH)
_FIND_AFTER, _FIND_AFTER_ENGLISH = _compiled(_AFTER), _compiled(_AFTER_ENGLISH)
_WINDOW, _WINDOW_ENGLISH, _WINDOW_AFTER = 12, 36, 14
# So that 不得 is seen where 超过 is within the window.
_NEGATING = 3
_NEGATIONS = ("不", "未", "没", "n", "N")
_BREAK = re.compile(r"[，；。、;!?！？\n()]|, |\. |: ")
# 不超过 and 最多 are bounds: what they bound is exact.
_ROUNDED_BEFORE = [
    (re.compile(rf"(?<![不得能可最至])(?:{words})[为是达到有需要 ]{{0,2}}$", re.IGNORECASE), way)
    for words, way in _ROUNDED
]
_ROUNDED_AFTER = re.compile(r" ?(左右|上下)|(多|余)(?=[个家万亿元人户])|( or so)")


def qualifier(text: str, start: int, end: int, floor: int, *, english: bool) -> Qualifier:
    """How the figure at ``start:end`` of a folded text is bounded.

    ``floor``: where the figure before it ends; words before that belong to that one.
    """
    after = (_FIND_AFTER_ENGLISH if english else _FIND_AFTER).match(
        text[end : end + _WINDOW_AFTER].lstrip(" ")
    )
    if after and after.lastindex:
        return (_AFTER_ENGLISH if english else _AFTER)[_group(after)][1]
    if text[:start].endswith("每"):
        return ""  # 至少每200米一块 bounds the pieces
    width = _WINDOW_ENGLISH if english else _WINDOW
    window = text[max(floor, start - width - _NEGATING, 0) : start]
    window = _BREAK.split(window)[-1]
    found: Qualifier = ""
    pairs = _BEFORE_ENGLISH if english else _BEFORE
    for match in (_FIND_BEFORE_ENGLISH if english else _FIND_BEFORE).finditer(window):
        outside = match.start() < len(window) - width
        if outside and match[0][0] not in _NEGATIONS:
            continue
        found = pairs[_group(match)][1]
    return found


def rounded(text: str, start: int, end: int) -> Literal[-1, 0, 1] | None:
    """Whether the text says that the figure is rounded, and to which side."""
    before = text[max(0, start - 16) : start].rstrip(" ")
    for pattern, way in _ROUNDED_BEFORE:
        if pattern.search(before):
            return way
    after = _ROUNDED_AFTER.match(text, end)
    if after:
        return 1 if after[2] else 0
    return 1 if re.search("[多余]", text[start:end]) else None


def conflict(one: Qualifier, other: Qualifier) -> bool:
    """Whether two bounds of the same figure point in opposite directions."""
    up, down = ("le", "lt"), ("ge", "gt")
    return (one in up and other in down) or (one in down and other in up)


_NEGATION = re.compile(
    r"不(?!超过|足|满|到|少于|低于|高于|得(?:超过|少于|低于|高于)|"
    r"[能可应要](?:超过|少于|低于|高于)|同|动产|大于|小于|多于|等)"
    r"|(?:可以?|应当?|请)[^，。；;\n]{0,20}(?:投诉|举报|报修|反映)|多收"
    r"|没有?(?!超过)|未(?!满|超过|成年)|无法|无需|免(?!费|冠|签)|禁止|除外|暂停|取消|部分由|的部分|"
    r"\b(?:not(?! exceed| more| less| be more| be less)|cannot|no longer|without|except|unless)\b",
    re.IGNORECASE,
)


def negated(text: str, start: int, end: int) -> bool:
    """Whether the sentence around a figure says what may not be.

    "超过35周岁的，不能申请" and "35周岁以下的可以申请" say the same.
    """
    stops = "。；;!?！？\n"
    left = max(text.rfind(stop, max(0, start - 60), start) for stop in stops)
    rights = [at for stop in stops if (at := text.find(stop, end, end + 60)) >= 0]
    # "…的，不得…" is about the figure; in "不超过1.5米的牵引绳，每日7时至21时不得进入" it is not
    next_one = re.search(r"，[每自在至于][^，]{0,12}\d", text[end : min(rights, default=end + 60)])
    if next_one:
        rights.append(end + next_one.start())
    sentence = text[max(left + 1, start - 60, 0) : min(rights, default=end + 60)]
    return bool(_NEGATION.search(sentence))


def _group(match: re.Match[str]) -> int:
    return (match.lastindex or 1) - 1
