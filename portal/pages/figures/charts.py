"""Charts as drawings: places and words only. Colours and patterns come from the style sheet.

Every chart is drawn twice, wide and narrow, so that its words keep their size on a phone. Values
stand beside what they belong to; nothing is told by colour alone.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .words import shortened, width, wrapped

KINDS = ("column", "bar", "line", "share")
WIDE, NARROW = 680, 320
_SIZE, _LINE = 14, 20
_NOTHING = 1e-9  # smaller than anything that a table tells apart
type Value = Decimal | None
type Say = Callable[[Decimal], str]


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is to be drawn. ``say`` writes a value as a label."""

    kind: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    say: Say

    @property
    def known(self) -> list[Decimal]:
        return [value for one in self.series for value in one.values if value is not None]


@dataclass(frozen=True, slots=True)
class Word:
    x: float
    y: float
    text: str
    anchor: str = "start"
    kind: str = "label"


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Path:
    """``kind``: line (a series), slice (of a whole), mark (a point), grid or zero (rules)."""

    d: str
    kind: str
    series: int = 0


@dataclass(slots=True)
class Drawing:
    width: int
    height: int = 0
    size: str = "wide"
    boxes: list[Box] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def word(
        self, x: float, y: float, text: str, anchor: str = "start", kind: str = "label"
    ) -> None:
        self.words.append(Word(_r(x), _r(y), text, anchor, kind))

    def box(self, x: float, y: float, w: float, h: float, series: int) -> None:
        self.used.add(series)
        self.boxes.append(Box(_r(x), _r(y), _r(max(w, 0)), _r(max(h, 0)), series))

    def path(self, d: str, kind: str, series: int = 0) -> None:
        self.used.add(series)
        self.paths.append(Path(d, kind, series))


def draw(chart: Chart) -> tuple[Drawing, Drawing]:
    """The wide and the narrow drawing."""
    return (_draw(chart, WIDE, "wide"), _draw(chart, NARROW, "narrow"))


def _draw(chart: Chart, across: int, size: str) -> Drawing:
    drawing = Drawing(across, size=size)
    if chart.kind == "share":
        _share(drawing, chart)
    elif chart.kind == "line":
        _line(drawing, chart)
    elif chart.kind == "column" and _columns_fit(chart, across):
        _column(drawing, chart)
    else:
        _bar(drawing, chart)
    return drawing


def _r(value: float) -> float:
    return round(float(value), 1)


def _range(values: Sequence[Decimal]) -> tuple[float, float]:
    """From the lowest to the highest, with zero between; never nothing."""
    low = min(0.0, *(float(value) for value in values)) if values else 0.0
    high = max(0.0, *(float(value) for value in values)) if values else 0.0
    return (low, high if high - low > _NOTHING else low + 1.0)


def _legend(drawing: Drawing, chart: Chart, top: float) -> float:
    """The names of several series with their patterns; returns where the drawing goes on."""
    if len(chart.series) < 2:
        return top
    x, y = 0.0, top
    for index, one in enumerate(chart.series, start=1):
        name = shortened(one.name, drawing.width - 30, _SIZE)
        needed = 26 + width(name, _SIZE) + 20
        if x and x + needed > drawing.width:
            x, y = 0.0, y + _LINE + 4
        if chart.kind == "line":
            drawing.path(f"M{_r(x)} {_r(y + 10)}h20", "line", index)
            drawing.path(_mark(x + 10, y + 10, index), "mark", index)
        else:
            drawing.box(x, y + 3, 18, 14, index)
        drawing.word(x + 26, y + 15, name)
        x += needed
    return y + _LINE + 12


# --- bars ----------------------------------------------------------------------------------------
def _bar(drawing: Drawing, chart: Chart) -> None:
    """Bars that lie: the label above them, the value at their end. Long labels have room."""
    y = _legend(drawing, chart, 0)
    low, high = _range(chart.known)
    widest = max((width(chart.say(value), _SIZE) for value in chart.known), default=0) + 8
    left = widest if low < 0 else 0.0
    scale = (drawing.width - left - widest) / (high - low)
    zero = left - low * scale
    top = y
    thick = 18 if len(chart.series) > 1 else 22
    for place, label in enumerate(chart.labels):
        for line in wrapped(label, drawing.width, _SIZE, 2):
            drawing.word(0, y + 15, line)
            y += _LINE
        y += 2
        for index, one in enumerate(chart.series, start=1):
            value = one.values[place]
            middle = y + thick / 2 + 5
            if value is None:
                drawing.word(zero + 6, middle, "—", kind="missing")
            else:
                end = zero + float(value) * scale
                drawing.box(min(zero, end), y, abs(end - zero), thick, index)
                before = value < 0
                drawing.word(
                    end - 6 if before else end + 6, middle, chart.say(value),
                    "end" if before else "start", "value",
                )  # fmt: skip
            y += thick + 3
        y += 9
    drawing.height = math.ceil(y)
    drawing.path(f"M{_r(zero)} {_r(top)}V{_r(y - 6)}", "zero")


# --- columns -------------------------------------------------------------------------------------
def _columns_fit(chart: Chart, across: int) -> bool:
    """Whether every column has room for its value, and every label for itself."""
    if not chart.labels:
        return False
    group = across / len(chart.labels)
    one = group * 0.8 / max(len(chart.series), 1)
    values = max((width(chart.say(value), _SIZE) for value in chart.known), default=0)
    label_lines = max(len(wrapped(label, group - 6, _SIZE, 4)) for label in chart.labels)
    narrow_label = group - 6 < 3 * _SIZE
    return values + 2 <= one and label_lines <= 3 and not narrow_label


def _column(drawing: Drawing, chart: Chart) -> None:
    top = _legend(drawing, chart, 0) + _LINE
    low, high = _range(chart.known)
    tall = 220.0
    below = float(_LINE) if low < 0 else 0.0
    scale = tall / (high - low)
    zero = top + high * scale
    bottom = top + tall + below
    group = drawing.width / len(chart.labels)
    thick = min(group * 0.8 / len(chart.series), 84.0)
    for place, label in enumerate(chart.labels):
        centre = group * (place + 0.5)
        start = centre - thick * len(chart.series) / 2
        for index, one in enumerate(chart.series, start=1):
            x = start + thick * (index - 1)
            value = one.values[place]
            if value is None:
                drawing.word(x + thick / 2, zero - 6, "—", "middle", "missing")
                continue
            end = zero - float(value) * scale
            drawing.box(x + 1, min(zero, end), thick - 2, abs(end - zero), index)
            drawing.word(
                x + thick / 2, end + 16 if value < 0 else end - 6, chart.say(value),
                "middle", "value",
            )  # fmt: skip
        for number, line in enumerate(wrapped(label, group - 6, _SIZE, 3)):
            drawing.word(centre, bottom + 18 + number * _LINE, line, "middle")
            drawing.height = max(drawing.height, math.ceil(bottom + 26 + number * _LINE))
    drawing.path(f"M0 {_r(zero)}H{drawing.width}", "zero")


# --- lines ---------------------------------------------------------------------------------------
def _line(drawing: Drawing, chart: Chart) -> None:
    top = _legend(drawing, chart, 0) + _LINE
    low, high = _span(chart.known)
    steps = _steps(low, high)
    low, high = steps[0], steps[-1]
    tall = 220.0
    scale = tall / (high - low)
    names = [chart.say(Decimal(str(step))) for step in steps]
    left = max(width(name, _SIZE) for name in names) + 10
    right = max((width(chart.say(value), _SIZE) for value in _last_values(chart)), default=0) + 14
    room = drawing.width - left - right
    for step, name in zip(steps, names, strict=True):
        y = top + (high - step) * scale
        drawing.path(
            f"M{_r(left)} {_r(y)}H{_r(drawing.width - right)}", "zero" if step == 0 else "grid"
        )
        drawing.word(left - 8, y + 5, name, "end", "scale")
    many = len(chart.labels)
    places = [left + (room * n / (many - 1) if many > 1 else room / 2) for n in range(many)]
    ends: list[tuple[float, float, str]] = []
    for index, one in enumerate(chart.series, start=1):
        points = [
            None if value is None else (x, top + (high - float(value)) * scale)
            for x, value in zip(places, one.values, strict=True)
        ]
        drawing.path(_stroke(points), "line", index)
        for point in points:
            if point is not None and (many <= 24 or point is points[-1]):
                drawing.path(_mark(*point, index), "mark", index)
        last = next((n for n in reversed(range(many)) if points[n] is not None), None)
        if last is not None:
            ends.append((*points[last], chart.say(one.values[last])))  # type: ignore[misc, arg-type]
    for x, y, text in _apart(ends):
        drawing.word(x + 9, y + 5, text, kind="value")
    bottom = top + tall
    _labels_below(drawing, chart.labels, places, bottom)
    drawing.height = math.ceil(bottom + _LINE + 10)


def _span(values: list[Decimal]) -> tuple[float, float]:
    """The range of a line: zero only where it is near, since a line shows change."""
    if not values:
        return (0.0, 1.0)
    low, high = float(min(values)), float(max(values))
    if high - low <= _NOTHING:
        low, high = min(low, 0.0), max(high, 0.0)
        return (low, high if high - low > _NOTHING else low + 1.0)
    if low > 0 and low < (high - low) * 2:
        low = 0.0
    if high < 0 and -high < (high - low) * 2:
        high = 0.0
    return (low, high)


def _steps(low: float, high: float) -> list[float]:
    """Four or five round numbers that hold the range between them."""
    rough = (high - low) / 4 or 1.0
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(step * n, 10) for n in range(first, max(last, first + 1) + 1)]


def _last_values(chart: Chart) -> list[Decimal]:
    last = (next((v for v in reversed(one.values) if v is not None), None) for one in chart.series)
    return [value for value in last if value is not None]


def _stroke(points: list[tuple[float, float] | None]) -> str:
    """A line that stops where a value is missing."""
    parts, pen_down = [], False
    for point in points:
        if point is None:
            pen_down = False
            continue
        parts.append(f"{'L' if pen_down else 'M'}{_r(point[0])} {_r(point[1])}")
        pen_down = True
    return "".join(parts) or "M0 0"


def _mark(x: float, y: float, series: int) -> str:
    """A point; each series has a shape of its own."""
    x, y = _r(x), _r(y)
    shapes = (
        f"M{_r(x - 4.5)} {y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
        f"M{_r(x - 4.5)} {_r(y - 4.5)}h9v9h-9z",
        f"M{x} {_r(y - 6)}l6 10.5h-12z",
        f"M{x} {_r(y - 6)}l6 6l-6 6l-6 -6z",
        f"M{x} {_r(y + 6)}l-6 -10.5h12z",
        f"M{_r(x - 6)} {_r(y - 2)}h4v-4h4v4h4v4h-4v4h-4v-4h-4z",
    )
    return shapes[(series - 1) % len(shapes)]


def _apart(ends: list[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """The labels at the ends of lines, moved down where they would cover one another."""
    moved: list[tuple[float, float, str]] = []
    floor = -math.inf
    for x, y, text in sorted(ends, key=lambda end: end[1]):
        y = max(y, floor)
        moved.append((x, y, text))
        floor = y + 16
    return moved


def _labels_below(
    drawing: Drawing, labels: Sequence[str], places: list[float], bottom: float
) -> None:
    """As many labels as have room, always the last."""
    room = (places[-1] - places[0]) / max(len(places) - 1, 1) if len(places) > 1 else drawing.width
    widest = max((width(label, _SIZE) for label in labels), default=0) + 12
    every = max(1, math.ceil(widest / max(room, 1)))
    shown = set(range(0, len(labels), every))
    last = len(labels) - 1
    shown = {n for n in shown if last - n >= every} | {last}
    for n in sorted(shown):
        anchor = "start" if n == 0 and last else "end" if n == last and last else "middle"
        x = places[n]
        beside = {"start": drawing.width - x, "end": x, "middle": 2 * min(x, drawing.width - x)}
        limit = beside[anchor] if len(shown) == 1 else min(beside[anchor], room * every)
        text = shortened(labels[n], limit, _SIZE)
        drawing.word(places[n], bottom + 22, text, anchor)


# --- shares --------------------------------------------------------------------------------------
def _share(drawing: Drawing, chart: Chart) -> None:
    """A ring, and beside it (on a phone below) every part with its name and share."""
    values = [max(value or Decimal(0), Decimal(0)) for value in chart.series[0].values]
    total = sum(values, Decimal(0)) or Decimal(1)
    outer, inner = 110.0, 62.0
    beside = drawing.size == "wide"
    cx, cy = (outer + 2 if beside else drawing.width / 2), outer + 2
    turned = 0.0
    for index, value in enumerate(values, start=1):
        part = float(value / total)
        if part > 0:
            drawing.path(_ring(cx, cy, outer, inner, turned, turned + part), "slice", index)
        turned += part
    x = 2 * outer + 40 if beside else 0.0
    room = drawing.width - x - 24
    lines = [wrapped(f"{label}", room - 90, _SIZE, 2) for label in chart.labels]
    tall = sum(len(line) * _LINE + 8 for line in lines)
    y = max(0.0, cy - tall / 2) if beside else 2 * outer + 20
    for index, (line, value) in enumerate(zip(lines, values, strict=True), start=1):
        drawing.box(x, y + 3, 18, 14, index)
        for number, text in enumerate(line):
            drawing.word(x + 26, y + 15 + number * _LINE, text)
        drawing.word(drawing.width, y + 15, percent(value, total), "end", "value")
        y += len(line) * _LINE + 8
    drawing.height = math.ceil(max(y, 2 * outer + 4))


def percent(value: Decimal, total: Decimal) -> str:
    share = value / total * 100
    text = f"{share:.1f}"
    return f"{text.removesuffix('.0')}%"


def _ring(cx: float, cy: float, outer: float, inner: float, start: float, end: float) -> str:
    if end - start > 0.9999:  # an arc cannot end where it began
        return (
            f"M{_r(cx)} {_r(cy - outer)}a{outer} {outer} 0 1 1 -0.1 0z"
            f"M{_r(cx)} {_r(cy - inner)}a{inner} {inner} 0 1 0 -0.1 0z"
        )
    large = 1 if end - start > 0.5 else 0

    def at(radius: float, turn: float) -> str:
        angle = 2 * math.pi * turn
        return f"{_r(cx + radius * math.sin(angle))} {_r(cy - radius * math.cos(angle))}"

    return (
        f"M{at(outer, start)}A{outer} {outer} 0 {large} 1 {at(outer, end)}"
        f"L{at(inner, end)}A{inner} {inner} 0 {large} 0 {at(inner, start)}z"
    )
