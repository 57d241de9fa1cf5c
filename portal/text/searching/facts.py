"""Numbers and dates that are written in many ways, as one word each.

An index holds these words beside the text; a query that holds the same fact looks for the word.
"""

import re

from portal.text.official.numbers import DATE, date_of

_DATE = re.compile(DATE)
_TELEPHONE = re.compile(
    r"(?<![\d.])(?:\(?0\d{2,3}\)?[- ]?)?\d{3,4}[- ]?\d{3,4}(?:[- ]\d{4})?(?![\d.])"
)
_AREA = re.compile(r"^0(?:10|2\d|[3-9]\d\d)(?=[2-8]\d{6,7}$)")
_NO_DIGIT = re.compile(r"\D")
# Of document numbers: what is written or left out as one likes.
_LOOSE = re.compile(r"[第号字年]")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_PRINTED_NUMBER = re.compile(
    r"(?P<code>[\u4e00-\u9fff]{1,12})\s?[〔\[({<【﹝]?\s?(?P<year>(?:19|20)\d\d)\s?年?\s?"
    r"[〕\])}>】﹞]?\s?(?:第|字第)?\s?(?P<serial>\d{1,5})\s?号?(?!\d)"
)
_LONGEST = 120


def dates(folded: str) -> list[str]:
    """A word for each day that a text names: d20260305."""
    if "年" not in folded and "-" not in folded and "/" not in folded and "." not in folded:
        return []
    days = (date_of(found) for found in _DATE.finditer(folded))
    return [f"d{day:%Y%m%d}" for day in days if day is not None]


def telephones(folded: str) -> list[str]:
    """The digits of each number that may be dialled, with and without the code of its area."""
    words: list[str] = []
    for found in _TELEPHONE.finditer(folded):
        digits = _NO_DIGIT.sub("", found[0])
        if len(digits) < 7:
            continue
        local = _AREA.sub("", digits)
        words += {digits, local}
    return words


def key(folded: str) -> str:
    """One word for a whole title."""
    return "".join(c for c in folded if c.isalnum())[:_LONGEST]


def number_key(folded: str) -> str:
    """One word for a whole number: 云政发202612 for 云政发〔2026〕12号 and 云政发[2026]第012号."""
    loose = _LOOSE.sub("", folded) if any(c.isdigit() for c in folded) else folded
    return key(_ZEROS.sub("", loose))


def number_keys(folded: str) -> list[str]:
    """Keys of the document numbers that a query may hold, however much stands before them."""
    keys = [number_key(folded)] if any(c.isdigit() for c in folded) else []
    for found in _PRINTED_NUMBER.finditer(folded):
        tail = f"{found['year']}{int(found['serial'])}"
        code = found["code"]
        keys += [f"{code[at:]}{tail}" for at in range(len(code) - 1)]
    return list(dict.fromkeys(keys))
