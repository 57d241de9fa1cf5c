"""Characters at places on pages: what PDF and OFD have in common. Imports nothing heavy.

All lengths are in points from the upper left corner; ``y`` is the line that the letters stand on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

type Character = tuple[str, float, float, float, float]  # text, left, right, y, size

_SAME_LINE = 0.15
_CLOSE = 0.35


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that touch each other, of one size."""

    text: str
    x0: float
    x1: float
    y: float
    size: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight stroke, as a thin box."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Page:
    """``turned``: text that does not run from left to right, such as a watermark.

    ``unmapped``: characters that are drawn without being named, U+FFFD in the runs.
    """

    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    turned: list[str] = field(default_factory=list)
    images: int = 0
    unmapped: int = 0

    @property
    def characters(self) -> int:
        return sum(len(run.text) for run in self.runs)


def runs_of(characters: Iterable[Character]) -> Iterator[Run]:
    """Neighbours in the order of drawing, put together; sizes and places are in points."""
    text, x0, x1, y, size = "", 0.0, 0.0, 0.0, 0.0
    for own, left, right, base, height in characters:
        near = abs(left - x1) <= _CLOSE * height
        if text and near and abs(base - y) <= _SAME_LINE * height and abs(height - size) < 0.05:
            text, x1 = text + own, max(x1, right)
            continue
        if text:
            yield Run(text, x0, x1, y, size)
        text, x0, x1, y, size = own, left, right, base, height
    if text:
        yield Run(text, x0, x1, y, size)


def rules_of_box(x0: float, y0: float, x1: float, y1: float, *, thin: float = 3.0) -> list[Rule]:
    """A drawn box as strokes: itself where it is thin, otherwise its four sides."""
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    if x1 - x0 <= thin or y1 - y0 <= thin:
        return [Rule(x0, y0, x1, y1)]
    return [
        Rule(x0, y0, x1, y0),
        Rule(x0, y1, x1, y1),
        Rule(x0, y0, x0, y1),
        Rule(x1, y0, x1, y1),
    ]
