"""How wide words are in a drawing, guessed on the safe side, and what to do when they are not."""

import unicodedata


def width(text: str, size: float) -> float:
    """The width of a text in pixels, a little more rather than less."""
    units = sum(
        1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.62 if sign.isupper() else 0.56
        for sign in text
    )
    return units * size


def shortened(text: str, room: float, size: float) -> str:
    """The text, or its beginning with an ellipsis (the table below has the whole)."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def wrapped(text: str, room: float, size: float, most: int) -> list[str]:
    """The text in at most so many lines, broken between words or between Hanzi."""
    lines: list[str] = []
    rest = text.strip()
    while rest and len(lines) < most - 1 and width(rest, size) > room:
        cut = len(rest)
        while cut > 1 and width(rest[:cut], size) > room:
            cut -= 1
        space = rest.rfind(" ", 1, cut + 1)
        if space > 0 and not _is_wide(rest[cut - 1]):
            cut = space
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest or not lines:
        lines.append(shortened(rest, room, size))
    return lines


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"
