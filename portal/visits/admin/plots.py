"""Bars of visits; looks are in ``visits.css``."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.plugin_api import BarPlot, plot_periods, stacked_bars


@dataclass(frozen=True, slots=True)
class Step:
    """An hour, a day, or a week by its first day."""

    label: str
    views: int
    entries: int


def steps(
    days: Mapping[datetime.date, tuple[int, int]], first: datetime.date, last: datetime.date
) -> list[Step]:
    """Every day of a period, or every week of a long one, with its numbers."""
    return [Step(*row) for row in plot_periods(days, first, last)]


def bars(rows: Sequence[Step]) -> BarPlot:
    """Below the views with which a visit began, above them the others."""
    return stacked_bars(
        [
            (
                row.label,
                (
                    ("entries", _("visits"), row.entries),
                    ("further", _("further page views"), row.views - row.entries),
                ),
            )
            for row in rows
        ]
    )
