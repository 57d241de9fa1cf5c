"""A text as it is compared: one width, one kind of dash and space, without what nobody sees."""

import re
from dataclasses import dataclass

# Characters that take no room: put between the digits of a number they hide it from a search.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u202f\u205f\u3000"
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\u30fc"
_ONE_TO_ONE = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{ord(space): " " for space in _SPACES},
    **{ord(dash): "-" for dash in _DASHES},
    # Digits that only look otherwise: 𝟏, Ⓐ is no letter of a number.
    **{0x1D7CE + place: str(place % 10) for place in range(50)},
    **{0x0660 + place: str(place) for place in range(10)},
    **{0x06F0 + place: str(place) for place in range(10)},
}


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` to search in; ``place(n)`` is where its nth character stands in the original."""

    text: str
    lower: str
    places: list[int] | None

    def place(self, index: int) -> int:
        return index if self.places is None else self.places[index]


def fold(text: str) -> Folded:
    places: list[int] | None = None
    plain = text.translate(_ONE_TO_ONE)
    if INVISIBLE.search(plain):
        places, parts, last = [], [], 0
        for found in INVISIBLE.finditer(plain):
            places += range(last, found.start())
            parts.append(plain[last : found.start()])
            last = found.end()
        places += range(last, len(plain) + 1)
        parts.append(plain[last:])
        plain = "".join(parts)
    lower = plain.lower()
    # A few letters grow when they are made small (İ): places would no longer agree.
    return Folded(plain, lower if len(lower) == len(plain) else plain, places)
