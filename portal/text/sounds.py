"""How Chinese is spelt in letters without tones, and what sounds alike to many speakers.

For looking things up: what is typed in pinyin, in initials, with a character that sounds the same.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from pypinyin import lazy_pinyin, pinyin
from pypinyin.constants import PINYIN_DICT, Style

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PARTS = re.compile(rf"([{_HAN}]+)|([a-z0-9]+)|(.)", re.DOTALL)

# Longest first: ``zh`` before ``z``.
_INITIALS = ("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")
# In the south and south-west f and h are one before u: 湖 and 扶, 花 and 发, 回 and 肥.
_F = {
    "hu": "fu", "hua": "fa", "hui": "fei", "huan": "fan", "huang": "fan", "hun": "fen",
    "huo": "fo",
}  # fmt: skip


def spelt(text: str) -> list[tuple[str, str]]:
    """Lower-case text as (sign, spelling): a character with its syllable, a run of letters and
    digits as it is. Everything else is left out. ``ü`` is written ``v``."""
    found: list[tuple[str, str]] = []
    for han, latin, _other in _PARTS.findall(text):
        if han:
            found += zip(han, _read(han), strict=True)
        elif latin:
            found.append((latin, latin))
    return found


def syllables(text: str) -> list[str]:
    """The spellings alone."""
    return [spelling for _sign, spelling in spelt(text)]


def _read(han: str) -> list[str]:
    read = lazy_pinyin(han, style=Style.NORMAL)
    if len(read) != len(han):  # a sign beyond the dictionary joined its neighbours
        read = [lazy_pinyin(sign)[0] for sign in han]
    return [syllable if syllable.isascii() else syllable.replace("ü", "v") for syllable in read]


@lru_cache(maxsize=16_384)
def readings(sign: str) -> frozenset[str]:
    """All syllables that a character can be read as."""
    return frozenset(
        one.replace("ü", "v") for one in pinyin(sign, style=Style.NORMAL, heteronym=True)[0]
    )


@lru_cache(maxsize=2048)
def loose(syllable: str) -> str:
    """One spelling for what many do not tell apart: zh/z, ch/c, sh/s, l/n, h/f, n/ng."""
    folded = _F.get(syllable, syllable)
    for whole, part in _INITIALS:
        if folded.startswith(whole):
            folded = part + folded[len(whole) :]
            break
    if folded.startswith("h"):
        folded = "f" + folded[1:]
    if folded.endswith(("ang", "eng", "ing")):
        folded = folded[:-1]
    return folded


@cache
def all_syllables() -> frozenset[str]:
    """Every syllable that a character of the dictionary has."""
    from pypinyin.style import convert

    spellings = {one for some in PINYIN_DICT.values() for one in some.split(",")}
    plain = (convert(one, Style.NORMAL, strict=False) for one in spellings)
    return frozenset(
        one for one in plain if one.isascii() and one.isalpha() and one[0] not in "iuv"
    )


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(one[:end] for one in all_syllables() for end in range(1, len(one) + 1))


def readings_of_letters(letters: str, *, most: int = 16) -> Iterator[list[str]]:
    """Letters as syllables and beginnings of syllables, in every way; few and long ones first.

    ``juzhuz`` is ju-zhu-z; ``jzz`` is j-z-z; ``xian`` is xian, then xi-an. At most ``most`` ways.
    """
    found = 0
    waiting: list[tuple[int, Sequence[str]]] = [(0, ())]
    steps = 0
    beginnings = _beginnings()
    while waiting and found < most and steps < 400:
        steps += 1
        position, parts = waiting.pop()
        if position == len(letters):
            found += 1
            yield list(parts)
            continue
        ways = [
            (position + length, [*parts, letters[position : position + length]])
            for length in range(1, min(6, len(letters) - position) + 1)
            if letters[position : position + length] in beginnings
        ]
        waiting += ways  # the longest is taken first
