"""Stacked bars over time as SVG, drawn by the server; looks are in the style of who shows them.

No script and no inline style. A title and a description are for those who do not see it; a table
with the same numbers stands below.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 960, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 12, 28
_GRID = 4
_MOST_LABELS = 8
# More bars than that cannot be told apart: then one is a week.
MOST_BARS = 100


@dataclass(frozen=True, slots=True)
class PlotBar:
    """``look`` is the end of a CSS class: what it is, not which colour."""

    look: str
    x: float
    y: float
    width: float
    height: float
    tip: str


@dataclass(frozen=True, slots=True)
class PlotLabel:
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class BarPlot:
    """What the template draws."""

    bars: Sequence[PlotBar]
    grid: Sequence[PlotLabel]
    axis: Sequence[PlotLabel]

    width, height, left, right = WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT


def plot_periods(
    days: Mapping[datetime.date, tuple[int, int]], first: datetime.date, last: datetime.date
) -> list[tuple[str, int, int]]:
    """Every day of a period, or every week of a long one: (label, sums of both numbers)."""
    length = (last - first).days + 1
    width = 1 if length <= MOST_BARS else 7
    found = []
    for start in range(0, length, width):
        inside = [
            days.get(first + datetime.timedelta(days=day), (0, 0))
            for day in range(start, min(start + width, length))
        ]
        label = f"{first + datetime.timedelta(days=start):%m-%d}"
        found.append((label, sum(one[0] for one in inside), sum(one[1] for one in inside)))
    return found


def stacked_bars(rows: Sequence[tuple[str, Sequence[tuple[str, str, int]]]]) -> BarPlot:
    """One bar for each row.

    Args:
        rows: (label, its parts from below: (look, name, number)).
    """
    heights = [sum(number for _look, _name, number in parts) for _label, parts in rows]
    top = _round_up(max(heights, default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(rows))
    width = round(max(1.0, step * 0.72), 2)

    def x(place: int) -> float:
        return round(_LEFT + step * (place + 0.5), 2)

    def y(value: float) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top, 2)

    drawn = []
    for place, (label, parts) in enumerate(rows):
        left, low = round(x(place) - width / 2, 2), 0
        for look, name, number in parts:
            high = low + number
            if number > 0:
                tip = f"{label} · {name}: {number:,}"
                drawn.append(PlotBar(look, left, y(high), width, round(y(low) - y(high), 2), tip))
            low = high
    grid = [
        PlotLabel(_LEFT - 8, y(top * line / _GRID), f"{top * line / _GRID:,g}")
        for line in range(_GRID + 1)
    ]
    every = -(-len(rows) // _MOST_LABELS) or 1
    axis = [
        PlotLabel(x(place), HEIGHT - 8, label)
        for place, (label, _parts) in enumerate(rows)
        if place % every == 0
    ]
    return BarPlot(drawn, grid, axis)


def _round_up(value: int) -> int:
    """The next number whose quarters are whole: 4, 8, 20, 40, 80 …"""
    power = 1
    while True:
        for factor in (4, 8, 20):
            if value <= factor * power:
                return factor * power
        power *= 10
