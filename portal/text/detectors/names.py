"""Names of units and titles of leaders, compared with the register."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pypinyin import lazy_pinyin

from portal.text.script import to_simplified

from .findings import Finding, Kind
from .folding import Folded

_TITLES = (
    "市委书记", "市委副书记", "区委书记", "县委书记", "党组书记", "党组副书记",
    "常务副市长", "副市长", "市长", "常务副区长", "副区长", "区长", "副县长", "县长",
    "秘书长", "副秘书长", "局长", "副局长", "主任", "副主任", "主席", "副主席",
    "书记", "副书记", "常委", "巡视员", "检察长", "院长",
)  # fmt: skip
_TITLE_BEFORE = re.compile(
    "(?:" + "|".join(sorted(_TITLES, key=len, reverse=True)) + ")(?=[ \u3000]?$)"
)
_TITLE_BEHIND = re.compile(r"[ \u3000]?(" + "|".join(sorted(_TITLES, key=len, reverse=True)) + ")")
# Signs that are taken for each other by their looks.
_LOOK_ALIKE = frozenset(
    frozenset(pair)
    for pair in (
        "育肓", "未末", "己已", "已巳", "己巳", "人入", "土士", "日曰", "大太", "市巿",
        "局居", "冶治", "拆折", "侯候", "博搏", "辩辨", "辨辩", "茶荼", "戌戍", "戊戌",
        "暑署", "晴睛", "赢羸", "县具", "健建", "障章", "镇填", "管菅", "斤斥", "千干",
    )
)  # fmt: skip
_SHORTEST = 5
# A half that stands in a text more often is no sign of anything.
_MOST_TIMES = 3000


@dataclass(frozen=True)
class Register:
    """Full names of units, and the titles of each leader, as they are to be written.

    ``known``: other names that are right although they look like one of ``units``.
    """

    units: frozenset[str] = frozenset()
    leaders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @cached_property
    def _halves(self) -> dict[tuple[str, bool], "_Rest"]:
        """(half, is the front one) → the other halves: with one wrong sign, one is still right."""
        found: dict[tuple[str, bool], _Rest] = defaultdict(_Rest)
        for name in sorted(self.units):
            if len(name) >= _SHORTEST:
                front, back = name[: len(name) // 2], name[len(name) // 2 :]
                found[front, True].add(back)
                found[back, False].add(front)
        return found

    @cached_property
    def _leader(self) -> re.Pattern[str] | None:
        names = sorted((name for name in self.leaders if len(name) > 1), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, names))) if names else None

    def near_misses(self, text: str) -> Iterator[tuple[int, str, str]]:
        """(place, what is written, the name it is to be), each once."""
        seen: set[int] = set()
        for (half, is_front), rest in self._halves.items():
            place, times = text.find(half), 0
            while place >= 0 and times < _MOST_TIMES:
                for size in rest.sizes:
                    start = place if is_front else place - size
                    at = place + len(half) if is_front else start
                    other = text[at : at + size] if at >= 0 else ""
                    right = rest.one_sign_away(other) if start not in seen else ""
                    if right:
                        written = half + other if is_front else other + half
                        if written not in self.units and written not in self.known:
                            seen.add(start)
                            yield start, written, half + right if is_front else right + half
                place, times = text.find(half, place + 1), times + 1


class _Rest:
    """Halves that go with one half, to be found from a half with one wrong sign."""

    def __init__(self) -> None:
        self.sizes: set[int] = set()
        self._exact: set[str] = set()
        self._open: dict[str, str] = {}  # one sign left open → the half

    def add(self, half: str) -> None:
        self.sizes.add(len(half))
        self._exact.add(half)
        for place in range(len(half)):
            self._open.setdefault(half[:place] + "\0" + half[place + 1 :], half)

    def one_sign_away(self, written: str) -> str:
        """The half that was meant, where one sign only sounds or looks like the right one."""
        if len(written) not in self.sizes or written in self._exact:
            return ""
        for place, sign in enumerate(written):
            half = self._open.get(written[:place] + "\0" + written[place + 1 :])
            if half is not None and _are_alike(sign, half[place]):
                return half
        return ""


def _are_alike(one: str, other: str) -> bool:
    if not ("\u4e00" <= one <= "\u9fff" and "\u4e00" <= other <= "\u9fff"):
        return False
    if frozenset((one, other)) in _LOOK_ALIKE:
        return True
    if to_simplified(one) == to_simplified(other):
        return False  # 雲湖市: another script, on Japanese pages the right one
    return lazy_pinyin(one) == lazy_pinyin(other)


def find_names(folded: Folded, register: Register) -> Iterator[Finding]:
    text = folded.text
    for start, written, name in register.near_misses(text):
        yield Finding(Kind.UNIT_NAME, start, start + len(name), written, "register", name)
    if register._leader is None:
        return
    order = {name: place for place, name in enumerate(register.leaders)}
    last: tuple[int, str] | None = None
    for match in register._leader.finditer(text):
        titles = register.leaders[match[0]]
        yield from _title(text, match, titles)
        if (
            last is not None
            and text[last[0] : match.start()] == "、"
            and order[last[1]] > order[match[0]]
        ):
            yield Finding(
                Kind.LEADER_TITLE, match.start() - len(last[1]) - 1, match.end(),
                f"{last[1]}、{match[0]}", "order", f"{match[0]}、{last[1]}",
            )  # fmt: skip
        last = match.end(), match[0]


def _title(text: str, match: re.Match[str], titles: tuple[str, ...]) -> Iterator[Finding]:
    if not titles:
        return
    before = _TITLE_BEFORE.search(text[max(0, match.start() - 7) : match.start()])
    if before is not None:
        if not _is_theirs(before[0], titles):
            start = match.start() - (min(7, match.start()) - before.start())
            written = text[start : match.end()]
            right = written.replace(before[0], titles[0], 1)
            yield Finding(Kind.LEADER_TITLE, start, match.end(), written, "register", right)
        return
    behind = _TITLE_BEHIND.match(text, match.end())
    if behind is not None and not _is_theirs(behind[1], titles):
        written = text[match.start() : behind.end()]
        yield Finding(
            Kind.LEADER_TITLE, match.start(), behind.end(), written, "register",
            f"{match[0]}{titles[0]}",
        )  # fmt: skip


def _is_theirs(title: str, titles: tuple[str, ...]) -> bool:
    """副市长 for a 常务副市长 is courtesy; 市长 is another post."""
    return any(
        own == title or (own.endswith(title) and ("副" not in own or title.startswith("副")))
        for own in titles
    )
