"""Where everything of a picture stands: a tall sheet for phones, from the top down."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import segno
from django.utils.translation import gettext as _

from .breaking import break_lines
from .colours import Colours, colours_of
from .content import (
    Comparison,
    Facts,
    Figures,
    Notice,
    Part,
    Picture,
    Section,
    Steps,
    Text,
    from_blocks,
    words_of,
)
from .drawing import Box, Disc, Drawing, Polygon, Words
from .fonts import FontMetrics, Metrics, metrics

WIDTH = 1080
# Beyond this no messenger shows an image, and nobody reads it to its end.
MOST_PIXELS = 16_000
_MARGIN = 48
_PADDING = 48
_INNER = WIDTH - 2 * (_MARGIN + _PADDING)
_LEFT = _MARGIN + _PADDING


def lay_out(picture: Picture, colours: Colours, measure: Metrics | None = None) -> Drawing:
    """The drawing of a picture, as high as it must be."""
    measure = measure or metrics()
    sheet = _Sheet(colours, measure)
    sheet.head(picture)
    numbered = sum(bool(section.heading) for section in picture.sections) > 1
    number = 0
    for section in picture.sections:
        number += bool(section.heading)
        sheet.card(section, number if numbered and section.heading else 0)
    sheet.foot(picture)
    return Drawing(
        WIDTH,
        math.ceil(sheet.y),
        colours.paper,
        sheet.shapes,
        sheet.words,
        title=picture.title,
        alt=words_of(picture),
        is_measured=isinstance(measure, FontMetrics),
    )


def is_too_long(blocks: Iterable[Mapping[str, Any]]) -> bool:
    """Whether stored blocks make more than one picture can hold; asked before publishing."""
    return lay_out(Picture("", "", from_blocks(blocks)), colours_of("")).height > MOST_PIXELS


class _Sheet:
    """Collects shapes and words; ``y`` is how far down it is filled."""

    def __init__(self, colours: Colours, measure: Metrics) -> None:
        self.colours = colours
        self.measure = measure
        self.shapes: list[Box | Disc | Polygon] = []
        self.words: list[Words] = []
        self.y = 0.0

    # --- words ------------------------------------------------------------------------------
    def lines(self, text: str, room: float, size: int, style: str) -> list[str]:
        return break_lines(text, room, lambda part: self.measure.width(part, size, style))

    def put(
        self,
        text: str,
        x: float,
        y: float,
        *,
        room: float,
        size: int,
        fill: str,
        style: str = "regular",
        leading: float = 1.5,
        align: str = "start",
    ) -> float:
        """Write a text whose first line begins at height ``y``; where it ends."""
        for line in self.lines(text, room, size, style):
            width = self.measure.width(line, size, style)
            left = {"start": x, "middle": x + (room - width) / 2, "end": x + room - width}[align]
            # The base line of Chinese signs lies 0.88 em below their top.
            base = y + size * (leading - 1) / 2 + size * 0.88
            if line:
                self.words.append(Words(left, base, line, size, style, fill, width))
            y += size * leading
        return y

    def height_of(
        self, text: str, room: float, size: int, style: str = "regular", leading: float = 1.5
    ) -> float:
        return len(self.lines(text, room, size, style)) * size * leading

    # --- head and foot ----------------------------------------------------------------------
    def head(self, picture: Picture) -> None:
        colours, room = self.colours, WIDTH - 2 * 72
        top = 76.0
        kicker_width = self.measure.width(picture.kicker, 34, "bold")
        self.shapes.append(Box(72, top, kicker_width + 56, 64, colours.on_brand, 32))
        self.put(picture.kicker, 100, top + 7, room=kicker_width + 2, size=34, style="bold",
                 fill=colours.brand_strong)  # fmt: skip
        if picture.publisher:
            self.put(picture.publisher, 72 + kicker_width + 80, top + 9,
                     room=room - kicker_width - 80, size=30, fill=colours.on_brand_soft,
                     align="end")  # fmt: skip
        y = self.put(picture.title, 72, top + 104, room=room, size=76, style="serif",
                     fill=colours.on_brand, leading=1.32)  # fmt: skip
        if picture.subtitle:
            y = self.put(picture.subtitle, 72, y + 20, room=room, size=34,
                         fill=colours.on_brand_soft, leading=1.45)  # fmt: skip
        height = y + 150
        # The band lies below its words: it is put first, when its height is known.
        self.shapes[:0] = [
            Box(0, 0, WIDTH, height, colours.brand),
            Polygon(_hills(height, 130, 0.9), colours.brand_strong),
            Polygon(_hills(height, 84, 2.6), _mixed(colours.brand, colours.brand_strong)),
            Polygon(_water(height, 10), colours.paper),
        ]
        self.y = height + 24

    def foot(self, picture: Picture) -> None:
        colours = self.colours
        top = self.y + 24
        code = _code(picture.address) if picture.address else []
        tile = 216.0 if code else 0.0
        left = 72 + (tile + 44 if code else 0)
        room = WIDTH - left - 72
        y = top + 92
        if picture.publisher:
            y = self.put(picture.publisher, left, y, room=room, size=42, style="serif",
                         fill=colours.on_brand, leading=1.4) + 6  # fmt: skip
        if code:
            y = self.put(_("Scan to read it all, clause by clause."), left, y, room=room, size=32,
                         fill=colours.on_brand_soft)  # fmt: skip
        for line in picture.lines:
            y = self.put(line, left, y, room=room, size=28, fill=colours.on_brand_soft)
        bottom = max(y, top + 84 + tile) + 60
        self.shapes += [
            Box(0, top + 24, WIDTH, bottom - top - 24, colours.brand_strong),
            Polygon(_water_above(top + 24, 10), colours.brand_strong),
        ]
        if code:
            self.shapes.append(Box(72, top + 84, tile, tile, "#ffffff", 12))
            cell = (tile - 32) / len(code)
            self.shapes += _cells(code, 72 + 16, top + 84 + 16, cell)
        self.y = bottom

    # --- cards ------------------------------------------------------------------------------
    def card(self, section: Section, number: int) -> None:
        """A white card; its height is known when it is full, so its ground goes below later."""
        place, top = len(self.shapes), self.y
        self.y += _PADDING - 6
        if section.heading:
            self._heading(section.heading, number)
        for position, part in enumerate(section.parts):
            if position or section.heading:
                self.y += 28
            self._part(part)
        self.y += _PADDING
        ground = Box(_MARGIN, top, WIDTH - 2 * _MARGIN, self.y - top, self.colours.surface, 20)
        edge = replace(ground, y=top + 2, x=_MARGIN - 1, width=ground.width + 2,
                       fill=self.colours.line)  # fmt: skip
        self.shapes[place:place] = [edge, ground]
        self.y += 32

    def _heading(self, text: str, number: int) -> None:
        colours = self.colours
        left = _LEFT
        if number:
            self.shapes.append(Disc(left + 32, self.y + 36, 32, colours.brand))
            self.put(str(number), left, self.y + 9, room=64, size=36, style="bold",
                     fill=colours.on_brand, align="middle")  # fmt: skip
            left += 88
        else:
            self.shapes.append(Box(left, self.y + 10, 10, 52, colours.brand, 5))
            left += 34
        self.y = self.put(text, left, self.y + 4, room=_LEFT + _INNER - left, size=48,
                          style="serif", fill=colours.brand_strong, leading=1.35)  # fmt: skip

    def _part(self, part: Part) -> None:
        match part:
            case Text(text):
                self.y = self.put(text, _LEFT, self.y, room=_INNER, size=38, leading=1.65,
                                  fill=self.colours.ink)  # fmt: skip
            case Notice(text):
                self._notice(text)
            case Figures(items):
                self._figures(items)
            case Facts(items):
                self._facts(items)
            case Steps(items):
                self._steps(items)
            case Comparison():
                self._comparison(part)

    def _notice(self, text: str) -> None:
        colours, top, room = self.colours, self.y, _INNER - 84
        label = self.put(_("Please note"), _LEFT + 44, top + 26, room=room, size=34, style="bold",
                         fill=colours.alert)  # fmt: skip
        end = self.put(text, _LEFT + 44, label, room=room, size=36, fill=colours.ink,
                       leading=1.55) + 26  # fmt: skip
        self.shapes += [
            Box(_LEFT, top, _INNER, end - top, colours.alert_soft, 12),
            Box(_LEFT, top, 10, end - top, colours.alert, 5),
        ]
        self.y = end

    def _figures(self, items: tuple[tuple[str, str, str], ...]) -> None:
        across = min(3 if len(items) != 4 else 2, len(items))
        for start in range(0, len(items), across):
            row = items[start : start + across]
            room = _INNER / across
            ends = [
                self._figure(item, _LEFT + place * room, room, place > 0)
                for place, item in enumerate(row)
            ]
            for place in range(1, len(row)):
                height = max(ends) - self.y - 20
                self.shapes.append(
                    Box(_LEFT + place * room, self.y + 16, 2, height, self.colours.line)
                )
            self.y = max(ends) + 20

    def _figure(self, item: tuple[str, str, str], left: float, room: float, inset: bool) -> float:
        value, unit, label = item
        left, room = left + (28 if inset else 0), room - 44
        size = 92
        while size > 40 and self.measure.width(value, size, "bold") > room:
            size -= 4
        base = self.y + 92
        width = self.measure.width(value, size, "bold")
        y = self.put(value, left, base - size * 1.02, room=max(room, width), size=size,
                     style="bold", fill=self.colours.brand, leading=1.2)  # fmt: skip
        if unit:
            unit_width = self.measure.width(unit, 36, "bold")
            if width + 12 + unit_width <= room:
                self.put(unit, left + width + 12, base - 38, room=unit_width + 1, size=36,
                         style="bold", fill=self.colours.brand, leading=1.0)  # fmt: skip
            else:
                y = self.put(unit, left, y, room=room, size=36, style="bold",
                             fill=self.colours.brand)  # fmt: skip
        return self.put(label, left, y + 2, room=room, size=32, fill=self.colours.ink_soft)

    def _facts(self, items: tuple[tuple[str, str], ...]) -> None:
        colours = self.colours
        label_room = 212.0
        text_left, text_room = _LEFT + label_room + 36, _INNER - label_room - 36
        for position, (label, text) in enumerate(items):
            if position:
                self.y += 22
            label_height = self.height_of(label, label_room - 36, 34, "bold", 1.4)
            chip = max(label_height + 24, 72)
            self.shapes.append(Box(_LEFT, self.y, label_room, chip, colours.brand_soft, 12))
            self.put(label, _LEFT + 18, self.y + (chip - label_height) / 2, room=label_room - 36,
                     size=34, style="bold", fill=colours.brand_strong, leading=1.4,
                     align="middle")  # fmt: skip
            end = self.put(text, text_left, self.y + 6, room=text_room, size=38,
                           fill=colours.ink, leading=1.55)  # fmt: skip
            self.y = max(end, self.y + chip)

    def _steps(self, items: tuple[tuple[str, str], ...]) -> None:
        colours, left, room = self.colours, _LEFT + 96, _INNER - 96
        for position, (title, text) in enumerate(items):
            top, place = self.y, len(self.shapes)
            y = self.put(title, left, top + 2, room=room, size=40, style="bold",
                         fill=colours.ink, leading=1.4)  # fmt: skip
            if text:
                y = self.put(text, left, y + 2, room=room, size=36, fill=colours.ink_soft,
                             leading=1.55)  # fmt: skip
            self.y = max(y, top + 68)
            if position < len(items) - 1:
                self.y += 26
                line = Box(_LEFT + 30, top + 36, 4, self.y - top - 8, colours.brand_line)
                self.shapes.insert(place, line)
            self.shapes.append(Disc(_LEFT + 32, top + 32, 30, colours.brand))
            self.put(str(position + 1), _LEFT, top + 6, room=64, size=34, style="bold",
                     fill=colours.on_brand, align="middle")  # fmt: skip

    def _comparison(self, part: Comparison) -> None:
        colours = self.colours
        label_room = 196.0
        cell = (_INNER - label_room - 16) / 2
        left, right = _LEFT + label_room, _LEFT + label_room + cell + 16
        top, place = self.y, len(self.shapes)
        ends = [
            self.put(text, x + 16, top + 14, room=cell - 32, size=36, style="bold", fill=fill,
                     align="middle", leading=1.3)
            for text, x, fill in ((part.before, left, colours.ink_soft),
                                  (part.after, right, colours.on_brand))
        ]  # fmt: skip
        self.y = max(ends) + 14
        head_end = self.y
        for label, before, after in part.items:
            self.shapes.append(Box(_LEFT, self.y, _INNER, 2, colours.line))
            ends = [
                self.put(label, _LEFT, self.y + 20, room=label_room - 20, size=34, style="bold",
                         fill=colours.ink, leading=1.4),
                self.put(before, left + 20, self.y + 18, room=cell - 40, size=34,
                         fill=colours.ink_soft),
                self.put(after, right + 20, self.y + 18, room=cell - 40, size=34, style="bold",
                         fill=colours.brand_strong),
            ]  # fmt: skip
            self.y = max(ends) + 20
        # The grounds of the two columns, below the lines between the rows.
        self.shapes[place:place] = [
            Box(left, top, cell, self.y - top, colours.paper, 12),
            Box(right, top, cell, self.y - top, colours.brand_soft, 12),
            Box(right, top, cell, head_end - top, colours.brand, 12),
            Box(right, head_end - 12, cell, 12, colours.brand),
        ]


# --- scenery --------------------------------------------------------------------------------
def _hills(base: float, height: float, shift: float) -> tuple[tuple[float, float], ...]:
    """Hills behind a lake: three slow waves, the second the highest."""
    points = [
        (
            float(x),
            base - height * (0.6 + _swell(x, shift)),
        )
        for x in range(0, WIDTH + 1, 12)
    ]
    return ((0.0, base), *points, (float(WIDTH), base))


def _swell(x: float, shift: float) -> float:
    return 0.38 * math.sin(x / 212 + shift) + 0.2 * math.sin(x / 97 + 2 * shift)


def _water(base: float, height: float) -> tuple[tuple[float, float], ...]:
    points = [(float(x), base - 26 + height * math.sin(x / 86)) for x in range(0, WIDTH + 1, 10)]
    return (*points, (float(WIDTH), base + 2), (0.0, base + 2))


def _water_above(base: float, height: float) -> tuple[tuple[float, float], ...]:
    points = [(float(x), base - 8 + height * math.sin(x / 86 + 2)) for x in range(0, WIDTH + 1, 10)]
    return (*points, (float(WIDTH), base + 2), (0.0, base + 2))


def _mixed(one: str, other: str) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{(a + b) // 2:02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def _code(address: str) -> list[list[int]]:
    """The QR code of an address as rows of 0 and 1."""
    return [[int(cell) for cell in row] for row in segno.make(address, error="m").matrix]


def _cells(code: list[list[int]], left: float, top: float, cell: float) -> list[Box]:
    """Dark cells, those beside each other in one box: no seams between them."""
    found = []
    for y, row in enumerate(code):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                found.append(
                    Box(left + x * cell, top + y * cell, run * cell, cell + 0.5, "#000000")
                )
            x += run or 1
    return found
