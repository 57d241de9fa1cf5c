"""Where lines of Chinese text may end.

Between any two Hanzi, but no line begins with closing punctuation (避头) and none ends with an
opening mark (避尾); words and numbers of Latin letters stay whole, unless one alone is wider than
the line.
"""

import re
from collections.abc import Callable

_NO_START = frozenset("、，。；：？！）〕》〉”’」』】…—～·％‰℃,.;:?!)]}%°")
_NO_END = frozenset("（〔《〈“‘「『【([{￥$")
# A document number's year and serial stay together: 〔2026〕12号.
_PIECE = re.compile(r"\s+|〔\d{4}〕\d+号|[A-Za-z0-9][A-Za-z0-9.,:/@_+\-%]*|.", re.DOTALL)

type Width = Callable[[str], float]


def clusters(text: str) -> list[str]:
    """The smallest parts that are never divided, in order; joined they are the text."""
    found: list[str] = []
    glued = False  # the next piece must not begin a line
    for piece in _PIECE.findall(text):
        if found and (glued or (piece in _NO_START and not found[-1].isspace())):
            found[-1] += piece
        else:
            found.append(piece)
        glued = piece in _NO_END
    return found


def break_lines(text: str, room: float, width: Width) -> list[str]:
    """The lines of a text; ``width`` measures in the unit of ``room``. Nothing but blanks is lost.

    Line ends in the text begin a new line; blanks at both ends of a line are left out.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _without_widow(paragraph, room, width)
    return lines


def _without_widow(paragraph: str, room: float, width: Width) -> list[str]:
    """No last line of one sign, where a little less room gives it company on as many lines."""
    lines = _break(paragraph, room, width)
    if len(lines) < 2 or len(lines[-1].rstrip("".join(_NO_START))) > 1:
        return lines
    narrow = room - width("\u4e2d")
    if any(width(cluster) > narrow for cluster in clusters(paragraph)):
        return lines
    narrower = _break(paragraph, narrow, width)
    return narrower if len(narrower) == len(lines) else lines


def _break(paragraph: str, room: float, width: Width) -> list[str]:
    lines: list[str] = []
    line = ""
    for cluster in clusters(paragraph):
        if width((line + cluster).rstrip()) <= room:
            line += cluster if line else cluster.lstrip()
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = cluster.lstrip()
        while len(line) > 1 and width(line) > room:
            head = _fitting(line, room, width)
            lines.append(line[:head])
            line = line[head:]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _fitting(text: str, room: float, width: Width) -> int:
    """How many characters fit; at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    return low
