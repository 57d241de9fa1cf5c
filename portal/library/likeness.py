"""How alike two texts are: MinHash over three-character pieces, with bands to find candidates.

One hash for each piece, sorted into bins by its low bits (one-permutation MinHash): a page of text
costs a few milliseconds. Knows no database.
"""

import zlib
from collections.abc import Sequence

BINS = 32
ROWS = 4  # bins in a band: of texts with 80 % in common 98 of 100 are found
PIECE = 3
ALIKE = 0.8
SHORTEST = 24  # below it everything is like everything
_EMPTY = -1
_MASK = 0xFFFFFFFF


def normalised(text: str) -> str:
    """Letters and digits only: layout, punctuation and width do not make another text."""
    return "".join(char for char in text.casefold() if char.isalnum())


def signature(text: str) -> list[int]:
    """``BINS`` numbers; empty for a text that is too short to compare."""
    plain = normalised(text)
    if len(plain) < SHORTEST:
        return []
    least = [_EMPTY] * BINS
    for piece in {plain[start : start + PIECE] for start in range(len(plain) - PIECE + 1)}:
        # crc32 alone is linear: neighbouring pieces would fall into the same bins.
        number = (zlib.crc32(piece.encode()) * 0x9E3779B1) & _MASK
        bin_, value = number % BINS, number // BINS
        if least[bin_] == _EMPTY or value < least[bin_]:
            least[bin_] = value
    return _filled(least)


def _filled(least: list[int]) -> list[int]:
    """Empty bins take the value of the next that is not, in a circle (densification)."""
    found = list(least)
    for place, value in enumerate(least):
        if value == _EMPTY:
            step = next(n for n in range(1, BINS + 1) if least[(place + n) % BINS] != _EMPTY)
            found[place] = (least[(place + step) % BINS] + step * 0x27D4EB2F) & _MASK
    return found


def bands(signature: Sequence[int]) -> list[int]:
    """One number for each band: its place and its bins in 62 bits."""
    found = []
    for number in range(len(signature) // ROWS):
        part = signature[number * ROWS : (number + 1) * ROWS]
        packed = b"".join(value.to_bytes(5, "big") for value in part)
        found.append((number << 56) | (zlib.crc32(packed) << 20) | (zlib.adler32(packed) & 0xFFFFF))
    return found


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Between 0 and 1: the share of pieces that two texts have in common, about."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
