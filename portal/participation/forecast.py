"""How a year will end at the pace so far. Pure: no database, no clock."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

# So much of the year counts as over from its first day: one interview in the first week does not
# make fifty in a year.
_LEAST_SHARE = 0.25


class Pace(StrEnum):
    REACHED = "reached"
    ON_THE_WAY = "on_the_way"
    EARLY = "early"
    BEHIND = "behind"
    MISSED = "missed"

    @property
    def label(self) -> object:
        return _LABELS[self]


_LABELS = {
    Pace.REACHED: _("reached"),
    Pace.ON_THE_WAY: _("on the way"),
    Pace.EARLY: _("nothing due yet"),
    Pace.BEHIND: _("behind"),
    Pace.MISSED: _("missed"),
}


@dataclass(frozen=True, slots=True)
class Forecast:
    """``expected``: how many there will be at the year's end. ``planned`` ones are still to come
    in the year."""

    required: int
    done: int
    planned: int
    expected: int
    pace: Pace

    @property
    def is_alarming(self) -> bool:
        return self.pace in (Pace.BEHIND, Pace.MISSED)

    @property
    def missing(self) -> int:
        """How many have to be added to what is done and planned."""
        return max(0, self.required - self.done - self.planned)


def forecast(
    *, required: int, done: int, planned: int, year: int, today: datetime.date
) -> Forecast:
    """What ``done`` and ``planned`` come to: what is planned counts, and so does the pace."""
    if today.year > year:
        pace = Pace.REACHED if done >= required else Pace.MISSED
        return Forecast(required, done, 0, done, pace)
    share = _share(year, today)
    at_this_pace = int(done / max(share, _LEAST_SHARE))
    expected = max(at_this_pace, done + planned)
    if done >= required:
        pace = Pace.REACHED
    elif expected >= required:
        pace = Pace.ON_THE_WAY
    elif done >= int(required * share):
        # As many as should be by today: later ones are only not planned yet.
        pace = Pace.EARLY if not done else Pace.ON_THE_WAY
    else:
        pace = Pace.BEHIND
    return Forecast(required, done, planned, expected, pace)


def _share(year: int, today: datetime.date) -> float:
    """How much of the year is over, from 0 to 1."""
    if today.year < year:
        return 0.0
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return ((today - first).days + 1) / ((last - first).days + 1)
