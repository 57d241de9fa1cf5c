"""What a text speaks of, as weighted terms: pairs of Hanzi, single ones at less weight, words.

Pairs and not words of a dictionary: cut differently in letter and reply, words would not meet.
Single Hanzi catch what people shorten (犬 in 养犬, 犬只).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from portal.text.segmentation import dense_runs, pairs

# Grammar: says nothing about the matter.
_GRAMMAR: Final = frozenset(
    "的了是在我有和不人这一个上也到说要就去你会着没看好自己们那么吗呢吧啊从把被还能可以请问怎么什多少谁哪何"
    "您及与或为并由其于已将经按"
)
# What stands in every reply, and the form of rules and telephones.
_FURNITURE: Final = re.compile(
    r"0\d{2,3}-\d{7,8}|1\d{10}|您好|你好|依据|根据|规定|办法|条例|电话|咨询|联系|感谢|反映"
    r"|第[一二三四五六七八九十百千零\d]+[条款项]|中华人民共和国"
)
# People write as they speak, offices as the rules do.
_EVERYDAY: Final = (
    ("狗", "犬"), ("电瓶车", "电动自行车"), ("房产证", "不动产权证"), ("医保", "医疗保险"),
    ("社保", "社会保险"), ("低保", "最低生活保障"), ("个税", "个人所得税"), ("打工", "务工"),
    ("上户口", "落户"), ("红绿灯", "信号灯"), ("公租房", "公共租赁住房"), ("歌厅", "歌舞娱乐"),
    ("KTV", "歌舞娱乐"), ("练歌房", "歌舞娱乐"), ("网约车", "网络预约出租汽车"),
    ("工钱", "工资"), ("小孩", "儿童"), ("孩子", "儿童"), ("上班", "工作"), ("地铁", "轨道交通"),
    ("公交", "公共汽车"), ("停车位", "泊位"), ("车位", "泊位"), ("看病", "就医"),
    ("养老金", "养老待遇"), ("健身房", "健身"), ("小贩", "摊贩"), ("工地", "施工"),
)  # fmt: skip
_SINGLE: Final = 0.6
_HALF_GRAMMAR: Final = 0.5

Terms = Mapping[str, float]


@lru_cache(maxsize=4096)
def terms(text: str) -> Terms:
    """The terms of a text with the weight of their form; the weight of rarity comes later."""
    plain = _FURNITURE.sub(" ", text)
    for everyday, official in _EVERYDAY:
        if everyday in plain:
            plain = plain.replace(everyday, official)
    found: dict[str, float] = {}
    for run, is_dense in dense_runs(plain):
        if not is_dense:
            found[run] = 1.0
            continue
        for pair in pairs(run):
            if len(pair) == 2:
                grammar = (pair[0] in _GRAMMAR) + (pair[1] in _GRAMMAR)
                if grammar < 2:
                    found[pair] = 1.0 if grammar == 0 else _HALF_GRAMMAR
        for sign in run:
            if sign not in _GRAMMAR:
                found[sign] = _SINGLE
    return found


class Rarity:
    """How much a term tells apart, over the texts of one desk."""

    def __init__(self, texts: Iterable[Terms]) -> None:
        self._counts: Counter[str] = Counter()
        self._texts = 0
        for found in texts:
            self._counts.update(found.keys())
            self._texts += 1

    def of(self, term: str) -> float:
        return math.log((self._texts + 1) / (self._counts[term] + 0.5)) if self._texts else 1.0

    def likeness(self, one: Terms, other: Terms) -> float:
        """From 0 (nothing in common) to 1."""
        shared = one.keys() & other.keys()
        if not shared:
            return 0.0
        product = sum(one[term] * other[term] * self.of(term) ** 2 for term in shared)
        return product / (self._length(one) * self._length(other))

    def _length(self, found: Terms) -> float:
        return math.sqrt(sum((weight * self.of(term)) ** 2 for term, weight in found.items()))
