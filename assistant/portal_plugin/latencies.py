"""Durations in classes, so that percentiles of a year come from the sums of its days.

Each class is 5 % wider than the one below: a percentile is right within 5 %.
"""

import math
from collections.abc import Iterable, Mapping

_GROWTH = math.log(1.05)


def class_of(milliseconds: int) -> int:
    """The class of a duration; 0 for what took less than two milliseconds."""
    return int(math.log(milliseconds) / _GROWTH) if milliseconds > 1 else 0


def added_up(counts: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Pairs of (milliseconds, number) by class; keys are text, as JSON has them."""
    found: dict[str, int] = {}
    for milliseconds, number in counts:
        name = str(class_of(milliseconds))
        found[name] = found.get(name, 0) + number
    return found


def percentile(classes: Mapping[str, int], share: float) -> int | None:
    """The duration in milliseconds that a share (0 to 1) of all stays within; None of none."""
    total = sum(classes.values())
    if not total:
        return None
    wanted = max(1, math.ceil(total * share))
    for number in sorted(map(int, classes)):
        wanted -= classes[str(number)]
        if wanted <= 0:
            return round(math.exp((number + 0.5) * _GROWTH))
    raise AssertionError("unreachable: all have been counted")
