"""Small drawings of starters, made from their own sections: what is drawn is what one gets."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 240, 180
_MARGIN, _GAP = 12, 9
type Shape = tuple[str, float, float, float, float]  # class, x, y, width, height


def thumbnail(starter: Any) -> SafeString:
    """The top of the page as an SVG whose colours are classes of the admin's style sheet."""
    shapes: list[Shape] = []
    top = float(_MARGIN)
    if starter.kind != "channel":
        shapes += [("picture", 0, 0, WIDTH, 30), ("title", _MARGIN, 10, 80, 7)]
        top = 40.0
    _stack(shapes, starter.sections, _MARGIN, top, WIDTH - 2 * _MARGIN)
    inside = [shape for shape in shapes if shape[2] < HEIGHT]
    drawn = format_html_join(
        "",
        '<rect class="starter-{}" x="{}" y="{}" width="{}" height="{}"/>',
        ((name, f"{x:g}", f"{y:g}", f"{max(w, 1):g}", f"{h:g}") for name, x, y, w, h in inside),
    )
    return format_html(
        '<svg class="starter__picture" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        "{}</svg>",
        WIDTH,
        HEIGHT,
        drawn,
    )


def _stack(
    shapes: list[Shape], rows: list[dict[str, Any]], x: float, y: float, width: float
) -> float:
    """Draw sections below each other; gives the height that they take."""
    start = y
    for row in rows:
        y += _draw(shapes, row, x, y, width) + _GAP
    return y - start


def _draw(shapes: list[Shape], row: dict[str, Any], x: float, y: float, width: float) -> float:
    kind = row["kind"]
    if kind == "columns":
        return _columns(shapes, row, x, y, width)
    if kind == "tabs":
        shapes += [
            ("line" if number else "title", x + number * 34, y, 26, 5)
            for number in range(len(row["tabs"]))
        ]
        shapes.append(("rule", x, y + 9, width, 1))
        return 13 + _stack(shapes, row["tabs"][0]["content"], x, y + 14, width)
    drawn = list(_PARTS.get(kind, _words)(row, width))
    shapes += [(name, x + dx, y + dy, w, h) for name, dx, dy, w, h in drawn]
    return max((dy + h for _name, _dx, dy, _w, h in drawn), default=0)


def _columns(shapes: list[Shape], row: dict[str, Any], x: float, y: float, width: float) -> float:
    shares = [int(share) for share in row.get("widths", "1-1").split("-")]
    room = width - _GAP * (len(shares) - 1)
    heights = []
    for share, content in zip(shares, row["columns"], strict=True):
        own = room * share / sum(shares)
        heights.append(_stack(shapes, content, x, y, own) - _GAP)
        x += own + _GAP
    return max(heights)


# --- kinds: shapes from the upper corner of the section ------------------------------------------
def _head(width: float) -> list[Shape]:
    return [("title", 0, 0, min(width * 0.4, 46), 5), ("rule", 0, 8, width, 1)]


def _feed(row: dict[str, Any], width: float) -> Iterator[Shape]:
    yield from _head(width)
    style = row.get("style", "list")
    if style == "cards":
        for number in range(3):
            left = number * (width + 6) / 3
            yield ("picture", left, 13, width / 3 - 4, 20)
            yield ("line", left, 36, width / 3 - 12, 3)
        return
    if style == "lead":
        yield ("picture", 0, 13, width * 0.5, 38)
        for number in range(4):
            yield ("line", width * 0.55, 15 + number * 10, width * 0.42, 3)
        return
    for number in range(min(row.get("count", 4), 4)):
        if style in ("dates", "pictures"):
            yield ("picture", 0, 13 + number * 12, 12, 9)
            yield ("line", 16, 15 + number * 12, width - 20, 3)
        else:
            yield ("line", 0, 14 + number * 8, width * (0.9 - number * 0.08), 3)


def _hero(row: dict[str, Any], width: float) -> Iterator[Shape]:
    dark = row.get("style") == "dark"
    yield ("dark" if dark else "ground", 0, 0, width, 44)
    yield ("picture", width * 0.42, 0, width * 0.58, 44)
    yield ("white" if dark else "title", 8, 10, width * 0.26, 6)
    yield ("line", 8, 20, width * 0.3, 3)
    yield ("white" if dark else "button", 8, 29, 28, 8)


def _services(row: dict[str, Any], width: float) -> Iterator[Shape]:
    yield from _head(width)
    across = 4 if width > 150 else 2
    for number in range(min(len(row.get("items") or row.get("groups") or ()), across)):
        left = number * width / across
        yield ("icon", left, 14, 10, 10)
        yield ("line", left + 14, 17, width / across - 22, 3)


def _leaders(row: dict[str, Any], width: float) -> Iterator[Shape]:
    yield from _head(width)
    across = 4 if width > 150 else 2
    for number in range(across):
        left = number * width / across
        yield ("picture", left, 13, 14, 18)
        yield ("line", left + 18, 16, width / across - 26, 3)
        yield ("line", left + 18, 23, width / across - 32, 3)


def _frame(row: dict[str, Any], width: float) -> Iterator[Shape]:
    height = min(width * 0.45, 48)
    yield ("picture", 0, 0, width, height)
    yield ("button", width / 2 - 6, height / 2 - 6, 12, 12)


def _notice(row: dict[str, Any], width: float) -> Iterator[Shape]:
    yield ("ground", 0, 0, width, 22)
    yield ("button", 0, 0, 3, 22)
    yield ("title", 10, 5, width * 0.3, 4)
    yield ("line", 10, 13, width * 0.7, 3)


def _heading(row: dict[str, Any], width: float) -> Iterator[Shape]:
    yield ("title", 0, 0, width * 0.5, 7)


def _rule(row: dict[str, Any], width: float) -> Iterator[Shape]:
    yield ("rule", 0, 0, width, 1)


def _words(row: dict[str, Any], width: float) -> Iterator[Shape]:
    if row.get("title"):
        yield from _head(width)
    for number in range(3):
        yield ("line", 0, 14 + number * 7, width * (0.95 - 0.15 * (number == 2)), 3)


_PARTS = {
    "feed": _feed,
    "keyword_feed": _feed,
    "hero": _hero,
    "services": _services,
    "service_groups": _services,
    "links": _services,
    "topics": _services,
    "sub_sites": _services,
    "leaders": _leaders,
    "image": _frame,
    "video": _frame,
    "map": _frame,
    "carousel": _frame,
    "chart": _frame,
    "notice": _notice,
    "section_heading": _heading,
    "separator": _rule,
}
