"""What a text is compared by in the translation memory: its shape, its keys, its likeness.

Digits are made alike (a date or a sum is another one in the next text), tags and spaces are left
out. A text is stored under the smallest hashes of its groups of three characters (bottom-k
sketch): two texts that share most of their groups share some of these keys, so that a look-up by
index finds them among a hundred thousand. No Django here.
"""

import hashlib
import html
import re
from collections import Counter

KEYS = 8
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def plain(text: str) -> str:
    """Inline HTML as plain text."""
    return html.unescape(_TAG.sub("", text))


def shape_of(text: str) -> str:
    """Plain, without spaces, every number a single 0."""
    return _DIGITS.sub("0", _SPACE.sub("", plain(text)).lower())


def digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def keys_of(shape: str) -> list[int]:
    """At most ``KEYS`` numbers that stand for the shape."""
    return sorted(_hash(gram) for gram in set(_grams(f"^{shape}$", 3)))[:KEYS]


def likeness(first: str, second: str) -> float:
    """0 to 1: how much of the pairs of characters two shapes have in common (Dice)."""
    if first == second:
        return 1.0
    one, other = Counter(_grams(first, 2)), Counter(_grams(second, 2))
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else 0.0


def _grams(text: str, size: int) -> list[str]:
    return [text[place : place + size] for place in range(max(len(text) - size + 1, 1))]


def _hash(gram: str) -> int:
    # Signed, as databases have them; 62 bits are plenty.
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest()) >> 2
