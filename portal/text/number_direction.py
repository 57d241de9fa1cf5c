"""Telephone numbers in text that is written from right to left. Knows no Django.

Digits behind an Arabic letter count as Arabic ones, and groups of those follow each other from the
right: ``+86 999 1000 0266`` would be read ``0266 1000 999 86+``. An isolate of its own keeps them.
"""

import re

_TOKEN = re.compile(
    r"<!--.*?-->"
    r"|<(?P<raw>script|style|textarea|title|option)\b[^>]*>.*?</(?P=raw)\s*>"
    r"|<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL | re.IGNORECASE,
)
_NUMBER = re.compile(r"\+\d{1,3}(?:[ \u00a0-]\d{2,})+(?! ?\d)")


def isolate_numbers(html: str) -> str:
    """The document with each international number of its texts in ``<bdi dir="ltr">``."""
    if "+" not in html:
        return html
    parts: list[str] = []
    last = 0
    for token in _TOKEN.finditer(html):
        parts += [_isolated(html[last : token.start()]), token[0]]
        last = token.end()
    parts.append(_isolated(html[last:]))
    return "".join(parts)


def _isolated(text: str) -> str:
    return _NUMBER.sub(r'<bdi dir="ltr">\g<0></bdi>', text) if "+" in text else text
