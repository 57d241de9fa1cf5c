"""How likely one word was typed in place of another: the cost of the slips that it would take."""

from collections.abc import Sequence
from functools import lru_cache

from portal.text.lookalikes import look_alike
from portal.text.script import has_han
from portal.text.sounds import loose, readings

# What happens often costs little. One slip of the keyboard or of the ear is about 1.
SAME_SOUND = 1.0
LIKE_SOUND = 1.4
LIKE_SHAPE = 1.2
NEAR_SOUND = 2.2
OTHER_SIGN = 2.8
DOUBLED = 1.0
SWAPPED = 1.2
TOO_FEW = 1.8
TOO_MANY = 3.6
LETTER = 1.5

_FAR = 99.0


def slips(typed: str, meant: str, spellings: Sequence[str] = ()) -> float:
    """What it costs to have typed one for the other; 0 for the same.

    ``spellings``: how the typed signs are read where they stand, beside what they can be read as.
    """
    rows, columns = len(typed), len(meant)
    if abs(rows - columns) > 2:
        return _FAR
    table = [[0.0] * (columns + 1) for _row in range(rows + 1)]
    for row in range(1, rows + 1):
        table[row][0] = row * TOO_MANY
    for column in range(1, columns + 1):
        table[0][column] = column * TOO_FEW
    for row in range(1, rows + 1):
        one = typed[row - 1]
        again = row > 1 and one == typed[row - 2]
        spelling = spellings[row - 1] if row <= len(spellings) else ""
        for column in range(1, columns + 1):
            other = meant[column - 1]
            cost = min(
                table[row - 1][column - 1] + (0 if one == other else swap(one, other, spelling)),
                table[row - 1][column] + (DOUBLED if again else TOO_MANY),
                table[row][column - 1] + TOO_FEW,
            )
            if (
                row > 1 and column > 1 and one == meant[column - 2] and typed[row - 2] == other
                and one != other
            ):  # fmt: skip
                cost = min(cost, table[row - 2][column - 2] + SWAPPED)
            table[row][column] = cost
    return table[rows][columns]


@lru_cache(maxsize=65_536)
def swap(one: str, other: str, spelling: str = "") -> float:
    """One sign for another."""
    if not (has_han(one) and has_han(other)):
        return LETTER if one.isalnum() and other.isalnum() else OTHER_SIGN
    mine, theirs = readings(one), readings(other)
    if spelling:
        mine |= {spelling}
    if mine & theirs:
        return SAME_SOUND
    if look_alike(one, other):
        return LIKE_SHAPE
    if {loose(reading) for reading in mine} & {loose(reading) for reading in theirs}:
        return LIKE_SOUND
    if {_initial(reading) for reading in mine} & {_initial(reading) for reading in theirs}:
        return NEAR_SOUND
    return OTHER_SIGN


def _initial(reading: str) -> str:
    return reading[:2] if reading[1:2] == "h" else reading[:1]
