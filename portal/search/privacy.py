"""Whether what somebody typed into the search field tells of a person: then it is not kept.

Rather one query too many is left out of the log than one person's data kept in it.
"""

import re
from functools import cache
from itertools import groupby
from typing import Final

import rjieba

from portal.text.detectors import Detectors, Finding, Kind, WordLists
from portal.text.segmentation import query_tokens

LONGEST_SCANNED = 500
LONGEST_KEPT = 60
_PERSONAL: Final = frozenset({
    Kind.IDENTITY, Kind.BANK_CARD, Kind.MOBILE, Kind.EMAIL, Kind.ADDRESS, Kind.PASSPORT,
    Kind.PLATE, Kind.PERSONAL_LIST,
})  # fmt: skip
# Telephones of homes, order and case numbers, codes of letters: all of them lead to somebody.
_MANY_DIGITS = re.compile(r"\d(?:[ \-·.]?\d){6,}")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[ \-—~至到]+(?:19|20)\d\d)?(?!\d)")
# The hundred commonest family names, and those of two characters.
_FAMILY: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范廖石金贾夏韦付方邹熊白孟秦邱侯江尹薛闫段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴"
)
_LONG_FAMILY: Final = frozenset({
    "欧阳", "司马", "诸葛", "上官", "皇甫", "尉迟", "夏侯", "东方", "慕容", "令狐", "司徒", "公孙",
})  # fmt: skip
_TITLED = re.compile(rf"[{''.join(sorted(_FAMILY))}][\u4e00-\u9fff]{{0,2}}(?:先生|女士|小姐|同志)")


def holds_personal_data(text: str, *, was_found: bool) -> bool:
    """Whether a query must not be kept.

    Args:
        text: as it was typed.
        was_found: whether anything public was found for it. A name that is public (of a book, of
            an office holder) finds something; one that finds nothing is taken for a private
            person's.
    """
    text = text[:LONGEST_SCANNED]
    if _MANY_DIGITS.search(_YEARS.sub(" ", text)):
        return True
    if any(finding.kind in _PERSONAL for finding in _scan(text)):
        return True
    return not was_found and looks_like_a_name(text)


def looks_like_a_name(text: str) -> bool:
    """Whether part of a text could be a Chinese person's name: a family name and one or two
    characters that form no known word."""
    for part in re.split(r"[^\u4e00-\u9fff]+", text):
        tokens = query_tokens(part)
        if len(tokens) == 1 and _is_name(part):
            return True
        for is_single, run in groupby(tokens, key=lambda token: len(token) == 1):
            letters = "".join(run)
            if is_single and letters[0] in _FAMILY and 2 <= len(letters) <= 3:
                return True
        if any(token in _LONG_FAMILY or token[:2] in _LONG_FAMILY for token in tokens):
            return True
    return _TITLED.search(text) is not None


def _is_name(word: str) -> bool:
    """A word of the dictionary that is somebody's name (李四光)."""
    tags = rjieba.tag(word, False)
    return len(word) in (2, 3) and word[0] in _FAMILY - {word[1]} and tags == [(word, "nr")]


def _scan(text: str) -> list[Finding]:
    return _detectors().scan_text(text).findings


@cache
def _detectors() -> Detectors:
    """Without word lists: what somebody types may be wrong, and that is no matter here."""
    return Detectors(lists=WordLists())
