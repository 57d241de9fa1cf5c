"""How much newer documents score above older ones.

A document's factor is ``(1 + recency) ** decades``, counted from a fixed day. Two documents then
stand in the same relation on every day, and the factor can be stored with the document: an index
needs no daily change for documents to grow old. Engines store it for a few levels of recency and
multiply by the nearest one inside the engine, where it counts for all hits; the hits that are asked
for are then set right to the exact level.
"""

import math

# From "not at all" to "twice as much each ten years".
LEVELS = (0.0, 0.1, 0.3, 1.0)

_DECADE = 3652.5 * 86400
_START = 1735689600  # the first second of 2025, UTC
_FURTHEST = 8.0  # decades on either side; a mistyped year must not win everything


def decades(seconds: int | None) -> float:
    """What has no date (an organisation, a service) is taken as of the fixed day."""
    if seconds is None:
        return 0.0
    return max(-_FURTHEST, min(_FURTHEST, (seconds - _START) / _DECADE))


def factor(recency: float, seconds: int | None) -> float:
    return float((1 + recency) ** decades(seconds))


def level(recency: float) -> int:
    """The place in ``LEVELS`` of the nearest level."""
    wanted = math.log1p(recency)
    return min(range(len(LEVELS)), key=lambda place: abs(math.log1p(LEVELS[place]) - wanted))


def correction(recency: float, used: int, seconds: int | None) -> float:
    """What a score made with a stored level is multiplied by for the exact one."""
    return float(((1 + recency) / (1 + LEVELS[used])) ** decades(seconds))
