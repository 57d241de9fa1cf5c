"""Plots as SVG, drawn by the server: places and sizes here, looks in ``figures.css``.

No script and no inline style. Each has a title and a description for those who do not see it, and
a table with the same numbers stands beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 960, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 12, 28
_GRID = 4
_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers for each place on the horizontal axis; None where there is nothing to say.

    ``look`` is the end of a CSS class: what it is, not which colour.
    """

    name: str
    look: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar's part, or a point of a line, with what it says when it is pointed at."""

    look: str
    x: float
    y: float
    width: float
    height: float
    tip: str


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    look: str
    path: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What the template draws."""

    key: str
    title: str
    description: str
    legend: Sequence[Series]
    bars: Sequence[Mark]
    points: Sequence[Mark]
    lines: Sequence[Line]
    grid: Sequence[Label]
    axis: Sequence[Label]

    width, height, left, right = WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT


def bars(
    key: str, title: str, description: str, labels: Sequence[str], series: Sequence[Series]
) -> Plot:
    """Stacked bars, the first series at the bottom."""
    totals = [sum(one.values[n] or 0 for one in series) for n in range(len(labels))]
    scale = _Scale(max(totals, default=0), len(labels))
    marks = []
    for place, label in enumerate(labels):
        below = 0.0
        for one in series:
            value = one.values[place] or 0
            if value:
                top = scale.y(below + value)
                marks.append(
                    Mark(
                        one.look,
                        scale.x(place) - scale.bar / 2,
                        top,
                        scale.bar,
                        scale.y(below) - top,
                        f"{label} · {one.name}: {value:g}",
                    )
                )
            below += value
    return Plot(
        key, title, description, series, marks, (), (), scale.grid(_whole), scale.axis(labels)
    )


def lines(
    key: str,
    title: str,
    description: str,
    labels: Sequence[str],
    series: Sequence[Series],
    shown: Callable[[float], str],
    highest: float | None = None,
) -> Plot:
    """Lines with a gap wherever a value is missing."""
    known = [value for one in series for value in one.values if value is not None]
    scale = _Scale(max(known, default=0) if highest is None else highest, len(labels))
    drawn, points = [], []
    for one in series:
        path, is_open = [], False
        for place, value in enumerate(one.values):
            if value is None:
                is_open = False
                continue
            x, y = scale.x(place), scale.y(value)
            path.append(f"{'L' if is_open else 'M'}{x:.1f} {y:.1f}")
            points.append(
                Mark(one.look, x, y, 0, 0, f"{labels[place]} · {one.name}: {shown(value)}")
            )
            is_open = True
        drawn.append(Line(one.look, " ".join(path)))
    return Plot(
        key, title, description, series, (), points, drawn, scale.grid(shown), scale.axis(labels)
    )


class _Scale:
    """From values to places. The highest line of the grid is a round number above the highest."""

    def __init__(self, highest: float, count: int) -> None:
        self.top = _round_up(highest)
        self.count = max(1, count)
        self.step = (WIDTH - _LEFT - _RIGHT) / self.count
        self.bar = round(max(1.0, self.step * 0.72), 2)

    def x(self, place: int) -> float:
        return round(_LEFT + self.step * (place + 0.5), 2)

    def y(self, value: float) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / self.top, 2)

    def grid(self, shown: Callable[[float], str]) -> list[Label]:
        values = [self.top * n / _GRID for n in range(_GRID + 1)]
        return [Label(_LEFT - 8, self.y(value), shown(value)) for value in values]

    def axis(self, labels: Sequence[str]) -> list[Label]:
        every = -(-len(labels) // _MOST_LABELS) or 1
        return [
            Label(self.x(place), HEIGHT - 8, label)
            for place, label in enumerate(labels)
            if place % every == 0
        ]


def _round_up(value: float) -> float:
    """The next number that its quarters are easy to read of: 1, 2, 4 or 8 times a power of ten."""
    power = 1.0
    while power * 8 < value:
        power *= 10
    while value and power / 10 >= value:
        power /= 10
    for factor in (1, 2, 4, 8):
        if value <= factor * power:
            return factor * power
    return 8 * power


def _whole(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
