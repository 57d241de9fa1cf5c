"""The private characters that stand for marks between rendering and sending."""

import re
from urllib.parse import quote

FIRST = 0xF0000  # plane 15: for private use, and used by no font of the portal
MOST = 2000


def character(number: int) -> str:
    return chr(FIRST + number)


ALL = re.compile(f"[{chr(FIRST)}-{chr(FIRST + MOST)}]")
# As they come out in JSON, in addresses and as numbers.
_ESCAPED = re.compile(
    r"\\u[dD][bB]8[01]\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    + "|"
    + re.escape(quote(chr(FIRST))[:6])
    + r"%[89ABab][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]"
    + r"|&#x[fF]0[0-7][0-9a-fA-F]{2};|&#98[34]\d{3};"
)


def without(html: str) -> str:
    """The same without any of the characters, written in whatever way."""
    return _ESCAPED.sub("", ALL.sub("", html))
