"""Bars of searches by day; looks are in ``desk.css``."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.plugin_api import BarPlot, plot_periods, stacked_bars


@dataclass(frozen=True, slots=True)
class Step:
    """A day, or a week by its first day."""

    label: str
    searches: int
    empty: int


def steps(
    days: Mapping[datetime.date, tuple[int, int]], first: datetime.date, last: datetime.date
) -> list[Step]:
    """Every day of a period, or every week of a long one, with its numbers."""
    return [Step(*row) for row in plot_periods(days, first, last)]


def bars(rows: Sequence[Step]) -> BarPlot:
    """Below what found something, above it what found nothing."""
    return stacked_bars(
        [
            (
                row.label,
                (
                    ("found", _("found something"), row.searches - row.empty),
                    ("empty", _("found nothing"), row.empty),
                ),
            )
            for row in rows
        ]
    )
