"""Received and answered letters by month as SVG, drawn by the server; looks are in ``admin.css``.

The table with the same numbers stands below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 960
HEIGHT: Final = 220
_LEFT, _BOTTOM, _TOP = 48, 28, 12
_MOST: Final = 24


@dataclass(frozen=True, slots=True)
class Bar:
    look: str
    x: float
    y: float
    width: float
    height: float
    tip: str


@dataclass(frozen=True, slots=True)
class Plot:
    bars: Sequence[Bar]
    labels: Sequence[tuple[float, str]]
    grid: Sequence[tuple[float, str]]

    width, height = WIDTH, HEIGHT


def by_month(rows: Sequence[tuple[str, int, int]], names: tuple[str, str]) -> Plot:
    """Two bars for each (month, received, answered), the oldest first."""
    rows = rows[-_MOST:]
    top = _round_up(max((max(received, answered) for _m, received, answered in rows), default=0))
    step = (WIDTH - _LEFT) / max(1, len(rows))
    room = HEIGHT - _BOTTOM - _TOP
    bars, labels = [], []
    for place, (month, *values) in enumerate(rows):
        left = _LEFT + place * step + step * 0.15
        labels.append((round(left + step * 0.35, 1), month))
        for number, (value, look) in enumerate(zip(values, ("received", "answered"), strict=True)):
            height = room * value / top
            bars.append(
                Bar(
                    look,
                    round(left + number * step * 0.36, 1),
                    round(HEIGHT - _BOTTOM - height, 1),
                    round(step * 0.33, 1),
                    round(height, 1),
                    f"{month} {names[number]}: {value}",
                )
            )
    grid = [
        (round(HEIGHT - _BOTTOM - room * line / 4, 1), f"{top * line / 4:g}") for line in range(5)
    ]
    return Plot(bars, labels, grid)


def _round_up(value: int) -> int:
    """The next number whose quarters are whole."""
    power = 1
    while True:
        for factor in (4, 8, 20):
            if value <= factor * power:
                return factor * power
        power *= 10
