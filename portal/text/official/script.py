"""Text made comparable: one form for both scripts and both widths, of the same length.

Patterns are written once, in simplified characters and half-width signs, and matched against
``matchable(text)``. Its positions are those of ``text``, so what is found is cut from the text as
it was printed.
"""

import re
from functools import cache, lru_cache
from typing import Literal

from opencc import OpenCC

type Script = Literal["simplified", "traditional"]

_HAN = range(0x3400, 0xA000)
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_ALIKE = {
    "\u3000": " ",
    "\u00a0": " ",
    "\u200b": " ",
    "\ufeff": " ",
    "\t": " ",
    "「": "“",
    "」": "”",
    "﹝": "〔",
    "﹞": "〕",
    "［": "[",
    "］": "]",
    "【": "[",
    "】": "]",
    "〈": "<",
    "〉": ">",
    "﹙": "(",
    "﹚": ")",
    "∶": ":",
    "﹕": ":",
    "﹒": ".",
    "﹐": ",",
    "○": "〇",
    "◯": "〇",
    "●": "〇",
    "О": "〇",
    "Ο": "〇",
    "–": "-",
    "－": "-",
}
_SPACE = re.compile(r"\s+")
_HAN_SIGN = re.compile(r"[\u4e00-\u9fff]")
# The same short lines are looked at several times on their way.
_CACHED = 120
# So much of a text tells its script.
_SAMPLE = 20_000


@cache
def _simplified() -> dict[int, str]:
    """Each traditional character that has one simplified form."""
    characters = [chr(code) for code in _HAN]
    forms = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        ord(character): form
        for character, form in zip(characters, forms, strict=True)
        if character != form and len(form) == 1
    }


@cache
def _table() -> dict[int, str | int]:
    """Every character of the basic plane, most of them as they are.

    ``str.translate`` is seven times faster where no look-up fails.
    """
    table: dict[int, str | int] = {code: code for code in range(0x10000)}
    table.update(_simplified())
    table.update({code: chr(code - 0xFEE0) for code in _FULL_WIDTH})
    table.update({ord(sign): like for sign, like in _ALIKE.items()})
    return table


@lru_cache(maxsize=1024)
def _short_matchable(text: str) -> str:
    return text.translate(_table())


def matchable(text: str) -> str:
    """``text`` in simplified characters and half-width signs, of exactly the same length."""
    return _short_matchable(text) if len(text) < _CACHED else text.translate(_table())


def simplified(text: str) -> str:
    """``text`` with each traditional character replaced; signs and length stay."""
    return text.translate(_simplified())


def squeezed(text: str) -> str:
    """``text`` without any white space: two readings of a text are compared in this form."""
    return _SPACE.sub("", text)


def comparable(text: str) -> str:
    """What two spellings of one title have in common: no spaces, one script, one width."""
    return _SPACE.sub("", matchable(text))


def script_of(text: str) -> Script:
    """The script that a text is written in: the one that more of its telling characters belong to.

    Some simplified characters are also traditional ones (后, 里); a few of the traditional kind in
    a simplified text are quotations or names.
    """
    sample = text[:_SAMPLE]
    traditional = sum(map(_telling().__contains__, sample))
    return "traditional" if traditional * 8 > len(_HAN_SIGN.findall(sample)) else "simplified"


@cache
def _telling() -> frozenset[str]:
    return frozenset(map(chr, _simplified()))
