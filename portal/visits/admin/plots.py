"""Bars of visits as SVG, drawn by the server; looks are in ``visits.css``.

No script and no inline style. Title and description are for those who do not see it; a table with
the same numbers stands below.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

WIDTH, HEIGHT = 960, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 12, 28
_GRID = 4
_MOST_LABELS = 8
# More bars than that cannot be told apart: then one is a week.
MOST_BARS = 100


@dataclass(frozen=True, slots=True)
class Step:
    """An hour, a day, or a week by its first day."""

    label: str
    views: int
    entries: int


@dataclass(frozen=True, slots=True)
class Bar:
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
class Plot:
    """What the template draws."""

    bars: Sequence[Bar]
    grid: Sequence[Label]
    axis: Sequence[Label]

    width, height, left, right = WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT


def steps(
    days: Mapping[datetime.date, tuple[int, int]], first: datetime.date, last: datetime.date
) -> list[Step]:
    """Every day of a period, or every week of a long one, with its numbers."""
    length = (last - first).days + 1
    width = 1 if length <= MOST_BARS else 7
    found = []
    for start in range(0, length, width):
        inside = [
            days.get(first + datetime.timedelta(days=day), (0, 0))
            for day in range(start, min(start + width, length))
        ]
        label = f"{first + datetime.timedelta(days=start):%m-%d}"
        found.append(Step(label, sum(one[0] for one in inside), sum(one[1] for one in inside)))
    return found


def bars(rows: Sequence[Step]) -> Plot:
    """Below the views with which a visit began, above them the others."""
    top = _round_up(max((row.views for row in rows), default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(rows))
    width = round(max(1.0, step * 0.72), 2)

    def x(place: int) -> float:
        return round(_LEFT + step * (place + 0.5), 2)

    def y(value: float) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top, 2)

    drawn = []
    for place, row in enumerate(rows):
        left = round(x(place) - width / 2, 2)
        for look, low, high, name in (
            ("entries", 0, row.entries, _("visits")),
            ("further", row.entries, row.views, _("further page views")),
        ):
            if high > low:
                tip = f"{row.label} · {name}: {high - low:,}"
                drawn.append(Bar(look, left, y(high), width, round(y(low) - y(high), 2), tip))
    grid = [
        Label(_LEFT - 8, y(top * line / _GRID), f"{top * line / _GRID:,g}")
        for line in range(_GRID + 1)
    ]
    every = -(-len(rows) // _MOST_LABELS) or 1
    axis = [
        Label(x(place), HEIGHT - 8, row.label)
        for place, row in enumerate(rows)
        if place % every == 0
    ]
    return Plot(drawn, grid, axis)


def _round_up(value: int) -> int:
    """The next number whose quarters are whole: 4, 8, 20, 40, 80 …"""
    power = 1
    while True:
        for factor in (4, 8, 20):
            if value <= factor * power:
                return factor * power
        power *= 10
