"""Readings that web pages put after characters, in any bracket: 云(yún)湖, 云（yun2）湖.

For the index alone, so a rule is enough: the bracket goes where it holds a reading of the
character before it, or of as many characters as it has syllables. What is shown stays as it is.
"""

import re
from functools import lru_cache

from pypinyin import Style, pinyin

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿüê"
_PLAIN = str.maketrans(_TONED, "aaaaeeeeiiiioooouuuuvvvvnnnmve")
_BRACKET = re.compile(
    rf"(?<=[\u3400-\u9fff])[ ]?[(\[〔]\s*([a-z{_TONED}]{{1,7}}[1-5]?"
    rf"(?:[ '’·-]?[a-z{_TONED}]{{1,7}}[1-5]?){{0,7}})\s*[)\]〕]"
)
_SYLLABLE = re.compile(rf"[a-z{_TONED}]+")
_MOST = 8  # characters whose reading one bracket gives


def without_injected(text: str) -> str:
    """Folded text without readings in brackets."""
    pieces: list[str] = []
    start = 0
    for found in _BRACKET.finditer(text):
        before = text[max(start, found.start() - _MOST) : found.start()]
        if _reads(before, found[1]):
            pieces.append(text[start : found.start()])
            start = found.end()
    if not start:
        return text
    pieces.append(text[start:])
    return "".join(pieces)


def _reads(before: str, reading: str) -> bool:
    """Whether a reading is that of the last characters of a text."""
    plain = "".join(_SYLLABLE.findall(reading)).translate(_PLAIN)
    ends = {len(plain)}  # where what is still to be read may end
    for character in reversed(before):
        ends = {
            end - len(one)
            for end in ends
            for one in _readings(character)
            if plain.endswith(one, 0, end)
        }
        if not ends:
            return False
        if 0 in ends:
            return True
    return False


@lru_cache(maxsize=8192)
def _readings(character: str) -> frozenset[str]:
    if not "\u3400" <= character <= "\u9fff":
        return frozenset()
    found = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)
    return frozenset(one.replace("ü", "v") for ones in found for one in ones) | {
        one.replace("v", "u") for ones in found for one in ones
    }
