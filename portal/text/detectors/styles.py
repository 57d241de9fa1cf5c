"""Declarations of style that make text invisible."""

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|vw|vh|cm|mm|in)?")
_PX = {"px": 1, "": 1, "pt": 1.33, "em": 16, "rem": 16, "%": 0.16, "cm": 38, "mm": 3.8, "in": 96,
       "vw": 12, "vh": 8}  # fmt: skip
_RGB = re.compile(r"rgba?\(\s*(\d+)\s*,?\s*(\d+)\s*,?\s*(\d+)\s*(?:[,/]\s*([\d.]+))?")
_NAMED = {
    "white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250),
    "ivory": (255, 255, 240), "red": (255, 0, 0), "navy": (0, 0, 128), "blue": (0, 0, 255),
    "green": (0, 128, 0), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "silver": (192, 192, 192), "yellow": (255, 255, 0), "orange": (255, 165, 0),
    "maroon": (128, 0, 0), "teal": (0, 128, 128), "purple": (128, 0, 128),
    "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255),
}  # fmt: skip
type Colour = tuple[int, int, int]
PAPER: Colour = (255, 255, 255)
_TO_NOTHING = re.compile(r"scale[xy]?\(0(?:\.0+)?\)")
_OFF_SCREEN = -300
_CLOSE = 12
_MOST = 40


def declarations(style: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _COMMENT.sub("", style).split(";")[:_MOST]:
        name, colon, value = part.partition(":")
        if colon:
            value = value.strip().lower().removesuffix("!important").strip()
            found[name.strip().lower()] = value
    return found


def hides(style: dict[str, str]) -> str:
    """Why nobody sees what has this style; "" where it is seen."""
    return next(_reasons(style), "")


def _reasons(style: dict[str, str]) -> Iterator[str]:
    if style.get("display") == "none":
        yield "display"
    if style.get("visibility") in ("hidden", "collapse"):
        yield "visibility"
    size = length(style.get("font-size", ""))
    if size is not None and size <= 2:
        yield "font_size"
    if _number(style.get("opacity", "")) == 0:
        yield "opacity"
    placed = style.get("position") in ("absolute", "fixed", "relative")
    sides = ("left", "right", "top", "bottom")
    if placed and any(_is_far(style.get(side, "")) for side in sides):
        yield "position"
    if any(_is_far(style.get(name, "")) for name in ("text-indent", "margin-left", "margin-top")):
        yield "position"
    if "-9999" in style.get("margin", "") or re.search(
        r"scale[xy]?\(0(?:\.0+)?\)", style.get("transform", "")
    ):
        yield "position"
    if style.get("overflow") == "hidden" and any(
        _is_tiny(style.get(name, "")) for name in ("width", "height", "max-width", "max-height")
    ):
        yield "size"
    clip = style.get("clip", "").replace("px", "").replace(" ", "")
    if clip.startswith(("rect(0,0,0,0", "rect(1,1,1,1")):
        yield "size"
    if re.match(r"(?:inset\((?:100|50)%|circle\(0)", style.get("clip-path", "")):
        yield "size"
    if style.get("color", "") == "transparent":
        yield "colour"


def _is_far(value: str) -> bool:
    size = length(value)
    return size is not None and size <= _OFF_SCREEN


def _is_tiny(value: str) -> bool:
    size = length(value)
    return size is not None and 0 <= size <= 1


def length(value: str) -> float | None:
    """About so many pixels; None for what is no length."""
    found = _LENGTH.fullmatch(value.strip()[:20])
    return float(found[1]) * _PX[found[2] or ""] if found else None


def _number(value: str) -> float | None:
    try:
        return float(value.rstrip("%"))
    except ValueError:
        return None


def colour(value: str) -> Colour | None:
    value = value.strip().lower()[:60]
    if re.fullmatch(r"#[0-9a-f]{3,4}", value):
        return int(value[1] * 2, 16), int(value[2] * 2, 16), int(value[3] * 2, 16)
    if re.fullmatch(r"#[0-9a-f]{6}(?:[0-9a-f]{2})?", value):
        return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)
    found = _RGB.match(value)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    return _NAMED.get(value)


def background(style: dict[str, str]) -> Colour | None:
    for name in ("background-color", "background"):
        for part in (
            style.get(name, "").split(" ") if "(" not in style.get(name, "") else [style[name]]
        ):
            found = colour(part)
            if found is not None:
                return found
    return None


def are_alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _CLOSE for a, b in zip(one, other, strict=True))
