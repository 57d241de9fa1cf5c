"""Which answers are others than before: two runs of the same questions, one beside the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """``OTHER``: as right or wrong as before, but not the same."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stand:
    """How a question is answered.

    ``status``: as of the answers. ``shown``: the entry that is given, or those that are offered,
    in their order. ``rank``: the place of the first entry that is expected, from 1; None where it
    is not among those that were looked at, or none is expected. ``right``: as its owner wants it.
    """

    status: str
    shown: tuple[str, ...]
    rank: int | None
    right: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A question that is not answered as before."""

    question: str
    before: Stand
    after: Stand

    @property
    def direction(self) -> Direction:
        if self.before.right == self.after.right:
            return Direction.OTHER
        return Direction.BETTER if self.after.right else Direction.WORSE


_FIRST = (Direction.WORSE, Direction.OTHER, Direction.BETTER)


def moves(before: Mapping[str, Stand], after: Mapping[str, Stand]) -> Sequence[Move]:
    """What differs among the questions that both know, the worst first."""
    found = [
        Move(question, before[question], stand)
        for question, stand in after.items()
        if question in before and before[question] != stand
    ]
    return sorted(found, key=lambda move: _FIRST.index(move.direction))
