"""Latin letters for Chinese text: addresses (slugs) and alphabetical order."""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

_WORD = re.compile(r"[a-z0-9]+")


def _syllables(text: str) -> list[str]:
    """Lower-case ASCII words, one for each Chinese character; what has none is left out."""
    latin = " ".join(lazy_pinyin(text, errors=lambda rest: f" {rest} "))
    plain = unicodedata.normalize("NFKD", latin).lower()
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def slug(title: str, *, max_length: int = 80, fallback: str = "page") -> str:
    """An address for a title: lower-case ASCII words with hyphens, cut between words.

    Never empty and never longer than ``max_length``: a title without any Latin form gives
    ``fallback``. Not unique: two titles that sound the same give the same slug.
    """
    # Pinyin is slow, and hardly a character gives less than one letter.
    result = ""
    for word in _syllables(title[:max_length]):
        longer = f"{result}-{word}" if result else word[:max_length]
        if len(longer) > max_length:
            break
        result = longer
    return result or fallback[:max_length]


def sort_key(text: str) -> str:
    """A key for alphabetical order, syllable by syllable: 安, 安徽, 昂, 北京, Beijing.

    Its first character is the letter of an A–Z register. Text without any Latin form comes last.
    """
    return " ".join(_syllables(text)) or "~"


def spoken(text: str) -> str:
    """As it is said, with tones, in one word: 望湖 becomes Wànghú. For names, not for sentences."""
    return "".join(lazy_pinyin(text, style=Style.TONE)).capitalize()
