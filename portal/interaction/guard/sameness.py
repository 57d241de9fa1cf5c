"""The same words again: as the answer to another letter, and as a share of a unit's replies."""

import re
from collections.abc import Sequence
from typing import Final

_PIECE: Final = 8
_SAME: Final = 0.85
_NUMBERS: Final = re.compile(r"[\d\s\W]+")
_SENTENCES: Final = re.compile(r"[。！？!?；;\n]+")
_SHORTEST_SENTENCE: Final = 8


def _pieces(text: str) -> frozenset[str]:
    """Overlapping pieces without numbers and signs: a changed date makes no other answer."""
    plain = _NUMBERS.sub("", text)
    return frozenset(plain[at : at + _PIECE] for at in range(max(1, len(plain) - _PIECE + 1)))


def alike(one: str, other: str) -> float:
    """How much two texts have in common, 1 for the same words (Jaccard over pieces)."""
    first, second = _pieces(one), _pieces(other)
    return len(first & second) / len(first | second)


def is_same(one: str, other: str) -> bool:
    """Whether two replies are one text with other numbers in it (R-INT-28)."""
    lengths = sorted((len(one), len(other)))
    if lengths[0] < lengths[1] * 0.7:
        return False
    return alike(one, other) >= _SAME


def template_share(replies: Sequence[str]) -> float:
    """Which part of the sentences of several replies stand in another one of them as well."""
    where: dict[str, set[int]] = {}
    counted: list[tuple[int, str]] = []
    for place, reply in enumerate(replies):
        for sentence in _SENTENCES.split(reply):
            plain = _NUMBERS.sub("", sentence)
            if len(plain) >= _SHORTEST_SENTENCE:
                where.setdefault(plain, set()).add(place)
                counted.append((place, plain))
    if not counted:
        return 0.0
    repeated = sum(len(plain) for _place, plain in counted if len(where[plain]) > 1)
    return repeated / sum(len(plain) for _place, plain in counted)
