"""Telephone numbers of China: for people abroad with the country's code, for dialling as RFC 3966.

What is no number that can be called from abroad (110, 12345, 400 numbers) stays as it is printed.
"""

import re
from typing import Final

COUNTRY: Final = "+86"
# Short numbers of every city (12345, 12333 …); from elsewhere they are dialled with its area code.
_SHORT: Final = 5
_THREE = r"010|02[0-9]"
_NUMBER = re.compile(
    rf"(?<![\d+])(?:\(|（)?(?P<area>{_THREE}|0[3-9]\d{{2}})(?:\)|）)?[-－—– ]?"
    r"(?P<local>[2-8]\d{2,3}[- ]?\d{4}|1\d{3}[- ]?\d{4}|12\d{3})"
    r"(?P<extension>(?:转|轉|-|－)\d{1,6})?(?!\d)"
    r"|(?<![\d+])(?P<mobile>1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)"
)


def international(text: str) -> str:
    """The numbers in a text as they are dialled from abroad: ``+86 571 8765 4321``."""
    return _NUMBER.sub(lambda found: _printed(found), text)


def _printed(found: re.Match[str]) -> str:
    if found["mobile"]:
        digits = _digits(found["mobile"])
        return f"{COUNTRY} {digits[:3]} {digits[3:7]} {digits[7:]}"
    local = _digits(found["local"])
    if len(local) == _SHORT:
        return f"{COUNTRY} {found['area'][1:]} {local}"
    printed = f"{COUNTRY} {found['area'][1:]} {local[:-4]} {local[-4:]}"
    extension = _digits(found["extension"] or "")
    return f"{printed} ext. {extension}" if extension else printed


def dialled(text: str) -> str:
    """The value of a ``tel:`` link for a printed number; of several, the first."""
    found = _NUMBER.search(text)
    if found is None:
        return "".join(sign for sign in text if sign.isdigit() or sign in "+*#")
    if found["mobile"]:
        return COUNTRY + _digits(found["mobile"])
    extension = _digits(found["extension"] or "")
    number = COUNTRY + found["area"][1:] + _digits(found["local"])
    return f"{number};ext={extension}" if extension else number


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
