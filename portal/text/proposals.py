"""What an editor would otherwise type by hand: an abstract and keywords, taken from the text.

Nothing is invented: the abstract is made of sentences as they stand in the text, the keywords are
words of it.
"""

import math
import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher

import rjieba

ABSTRACT_LENGTH = 150
KEYWORDS = 5

_SENTENCE = re.compile(r"[^。！？!?；;]*[。！？!?；;]+[”’」』）)\"']*|[^。！？!?；;]+$")
# What stands before the text proper: to whom it goes, the number, who reported it.
_SALUTATION = re.compile(r"[：:]$")
_DOCUMENT_NUMBER = re.compile(r"[〔\[（(]\d{4}[〕\]）)]\s*\d+\s*号")
_BYLINE = re.compile(
    r"^(?:[（(【]?(?:本报|本网|新华社|记者|通讯员)[^，。]{0,30}(?:讯|电|报道|日电)[）)】]?[：:，,\s]*)"
)
_SHORTEST_PARAGRAPH = 20
# Nouns of all kinds, verbal nouns and foreign words; not names of persons.
_TELLING = frozenset({"n", "ns", "nt", "nz", "vn", "eng", "l", "j", "i"})
_COMMON_WORDS = """
    工作 情况 问题 方面 时间 单位 部门 人员 内容 要求 有关 相关 进行 市民 群众 同志 记者 全市 我市
    人民政府 政府 办公室 通知 公告 通告 附件 目前 项目 活动 服务 管理 建设 发展 实施 今年 去年
"""
_TOO_COMMON = frozenset(_COMMON_WORDS.split())


def abstract(text: str, length: int = ABSTRACT_LENGTH) -> str:
    """The first whole sentences of the text proper that fit into ``length`` characters.

    A first sentence that is longer is cut at a comma and ends with "…".
    """
    found = ""
    for paragraph in _paragraphs(text):
        for sentence in _SENTENCE.findall(paragraph):
            if found and len(found) + len(sentence) > length:
                return _closed(found)
            found += sentence
            if len(found) > length:
                return _cut(found, length)
        if len(found) >= length // 2:
            break
    return _closed(found)


def keywords(text: str, title: str = "", count: int = KEYWORDS) -> list[str]:
    """The words that say most about the text, the most telling first; those of the title lead."""
    in_title = {word for word, _kind in rjieba.tag(title, False)}
    frequency: Counter[str] = Counter()
    for word, kind in rjieba.tag(f"{title}。{text}", False):
        if _tells(word, kind):
            frequency[word] += 1
    # Long words say more than short ones; a word of the title counts three times.
    weight = {
        word: times * math.log(1 + len(word)) * (3 if word in in_title else 1)
        for word, times in frequency.items()
    }
    ranked = sorted(weight, key=lambda word: (-weight[word], word))
    chosen: list[str] = []
    for word in ranked:
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return chosen[:count]


def is_nearly_same(title: str, other: str) -> bool:
    """Whether two titles differ in marks, spaces or a few characters only."""
    one, two = _bare(title), _bare(other)
    if not one or not two:
        return False
    if one == two:
        return True
    if _numbers(one) != _numbers(two):  # the third notice is another than the second
        return False
    return min(len(one), len(two)) >= 6 and SequenceMatcher(None, one, two).ratio() >= 0.88


def _paragraphs(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    proper = [
        _BYLINE.sub("", line)
        for line in lines
        if len(line) >= _SHORTEST_PARAGRAPH
        and not _SALUTATION.search(line)
        and not (_DOCUMENT_NUMBER.search(line) and len(line) < 40)
    ]
    return proper or [line for line in lines if line]


def _cut(text: str, length: int) -> str:
    beginning = text[: length - 1]
    comma = max(beginning.rfind(mark) for mark in "，,、")
    return (beginning[:comma] if comma > length // 2 else beginning) + "…"


def _closed(text: str) -> str:
    text = text.strip()
    return f"{text[:-1]}。" if text.endswith(("；", ";")) else text


def _tells(word: str, kind: str) -> bool:
    is_word = len(word) > 1 and not any(character.isdigit() for character in word)
    return is_word and kind in _TELLING and word not in _TOO_COMMON


_NUMERAL = re.compile(r"\d+|第?[〇零一二三四五六七八九十百]+(?=[次批期号年月日季届])")


def _numbers(text: str) -> list[str]:
    return _NUMERAL.findall(text)


def _bare(title: str) -> str:
    composed = unicodedata.normalize("NFKC", title).lower()
    return "".join(character for character in composed if character.isalnum())
