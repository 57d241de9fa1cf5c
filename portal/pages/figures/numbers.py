"""Numbers as people write them in tables, and as charts show them."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

# What editors write where there is no figure.
_MISSING = frozenset({"", "-", "--", "—", "——", "–", "…", "……", "...", "/", "无", "n/a", "na"})
_FACTORS = {"%": Decimal(1), "‰": Decimal(1), "万": Decimal(10**4), "亿": Decimal(10**8)}
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")
# The words for ten thousand and a hundred million, where a language counts so.
_MYRIADS = {
    "zh-hans": ("万", "亿"),
    "zh-hant": ("萬", "億"),
    "ja": ("万", "億"),
    "ko": ("만", "억"),
}


class NotANumber(ValueError):
    """A cell that should hold a figure and holds something else."""


def number(text: str) -> Decimal | None:
    """The figure in a cell; None where the cell says that there is none.

    Raises:
        NotANumber: the cell holds words.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace(" ", "").strip()
    if plain.lower() in _MISSING:
        return None
    factor = Decimal(1)
    if plain[-1] in _FACTORS:
        factor = _FACTORS[plain[-1]]
        plain = plain[:-1]
    if not _NUMBER.fullmatch(plain) or not any(sign.isdigit() for sign in plain):
        raise NotANumber(text)
    try:
        return Decimal(plain.replace(",", "")) * factor
    except InvalidOperation as error:
        raise NotANumber(text) from error


def number_text(value: Decimal | float, language: str) -> str:
    """Short enough for a label: 万 and 亿 where the language counts so, thousands elsewhere."""
    value = Decimal(str(value))
    words = _MYRIADS.get(language.lower())
    if words and abs(value) >= 10**8:
        return f"{_trimmed(value / 10**8)}{words[1]}"
    if words and abs(value) >= 10**5:
        return f"{_trimmed(value / 10**4)}{words[0]}"
    return _trimmed(value)


def _trimmed(value: Decimal) -> str:
    """At most two decimals, none that are nothing; a true minus sign."""
    places = 0 if abs(value) >= 10_000 else 2
    text = f"{value:,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text.replace("-", "−")
