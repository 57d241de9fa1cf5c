"""Check digits, and digits as they are written apart: what is a person's number and what is not."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Said or written out: 幺三八…; four of them are a year, eleven in a row are not.
CHINESE_DIGITS: Final = dict(
    zip("〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖", "0012345678912123456789", strict=True)
)  # fmt: skip
JOINS: Final = " -\u2010\u2011\u2012\u2013\u2014\u2212.·_\u3000"


def digit_of(character: str) -> str:
    """The digit that a character stands for, in whatever script; "" for none."""
    value = unicodedata.decimal(character, None)
    if value is not None:
        return str(value)
    return CHINESE_DIGITS.get(character, "")


@dataclass(slots=True)
class DigitRun:
    """Digits that belong together, however they are separated; places in the text."""

    digits: str
    start: int
    end: int
    starts: list[int]


def digit_runs(text: str) -> Iterator[DigitRun]:
    """All runs; an X in the last place of an identity number counts as a digit."""
    run: DigitRun | None = None
    gap = 0
    for place, character in enumerate(text):
        digit = digit_of(character)
        if not digit and run and character in "xXｘＸ" and len(run.digits) == 17 and not gap:
            digit = "X"
        if digit:
            if run is None:
                run = DigitRun("", place, place, [])
            run.digits += digit
            run.starts.append(place)
            run.end, gap = place + 1, 0
        elif run is not None:
            gap += 1
            if gap > 1 or character not in JOINS:
                yield run
                run, gap = None, 0
    if run is not None:
        yield run


def has_identity_checksum(digits: str) -> bool:
    """Whether 18 places end as GB 11643 says (ISO 7064, MOD 11-2)."""
    if len(digits) != 18 or not digits[:17].isdecimal():
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits[:17]))
    return "10X98765432"[total % 11] == digits[17]


def has_luhn(digits: str) -> bool:
    """Whether a number ends with the check digit of bank cards."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0
