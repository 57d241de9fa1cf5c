"""One written form for what readers take as the same, by language.

Everything in this package works on folded text, so both sides of a search meet.
"""

import re
import unicodedata
from functools import cache

from portal.text.script import to_simplified
from portal.text.segmentation import normalise

from .injected import without_injected

# Nothing that is read: joiners, directions, soft hyphens, tags, signs of lost characters, halves.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffd\U000e0000-\U000e01ef\ud800-\udfff]"
)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
# Single characters set apart: 关 于 印 发. Two alone may be two words.
_SPACED = re.compile(
    "(?<![\u3400-\u9fff])[\u3400-\u9fff](?:[ \u3000\u00a0]{1,2}[\u3400-\u9fff]){2,}"
    "(?![\u3400-\u9fff])"
)
_SPACES = re.compile(r"\s+")

# Harakat, tatweel, and letters that are written one for the other.
_ARABIC_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_ARABIC_LETTERS = str.maketrans("أإآٱىةؤئکی", "اااايهوءكي")
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def seen(text: str) -> str:
    """The text without what nobody sees; control characters part words as spaces do."""
    if text.isascii():
        return _CONTROLS.sub(" ", text) if not text.isprintable() else text
    return _CONTROLS.sub(" ", _UNSEEN.sub("", text))


def fold(text: str, language: str) -> str:
    """The text as it is cut and compared: lower case, one width, one script, no decoration.

    Chinese: simplified, without readings that a page put in brackets after its characters, and
    without spaces within words. Arabic: without vowel signs. Latin letters lose their accents.
    """
    text = seen(text)
    if text.isascii():
        return text.lower()
    text = normalise(text)
    if language.startswith("zh"):
        return _chinese(text)
    if language == "ar":
        text = _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS).translate(_ARABIC_DIGITS)
    return text if language in ("ja", "ko") else without_accents(text)


def _chinese(text: str) -> str:
    if "(" in text or "[" in text or "〔" in text:
        text = without_injected(text)
    text = to_simplified(text)
    if " " in text:
        text = _SPACED.sub(lambda found: _SPACES.sub("", found[0]), text)
    return text


def without_accents(text: str) -> str:
    """Latin letters without accents, ё as е; of other scripts everything stays."""
    if text.isascii():
        return text
    return text.translate(_accents())


@cache
def _accents() -> dict[int, str]:
    """Letters of Latin with marks → their letters."""
    table = {ord("ё"): "е", ord("ß"): "ss", ord("æ"): "ae", ord("œ"): "oe", ord("ø"): "o"}
    table |= {ord("ı"): "i", ord("ł"): "l", ord("đ"): "d"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        parts = unicodedata.normalize("NFD", chr(code))
        if len(parts) > 1 and parts[0].isascii():
            table[code] = parts[0]
    return table
