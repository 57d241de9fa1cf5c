"""How well the functions of the portal do their work, in figures that name nobody (R-ASSESS-17).

Each plugin measures its own function from what it counted anyway; the core puts them side by side
and says, by the plugin's own mark, what is worth a look. Nothing here follows a visitor.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from portal.plugins.slots import Registry


class MeasureUnit(StrEnum):
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    DAYS = "days"
    SCORE = "score"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of a function in a period.

    ``value`` is None where there was nothing to measure; shares lie between 0 and 1, scores
    between 1 and 5. ``of`` is how many cases it comes from (0: it is a count itself): from too few
    nothing is concluded. ``at_least`` or ``at_most`` is the mark; without one the figure is only
    told. ``advice`` says what to do where the mark is missed, ``url`` leads to where that is done.
    """

    key: str
    label: Any
    value: float | None
    unit: MeasureUnit = MeasureUnit.COUNT
    of: int = 0
    at_least: float | None = None
    at_most: float | None = None
    advice: Any = ""
    url: str = ""


@runtime_checkable
class MeasuredFunction(Protocol):
    """A function that can be measured. ``title`` is what editors call it; ``order`` sorts."""

    title: Any
    order: int

    def measures(
        self, *, site: int | None, first: datetime.date, last: datetime.date
    ) -> Sequence[Measure]:
        """The figures of these days (both included) at a site; None: of all sites.

        Few queries, whatever was counted. Nothing about single visitors.
        """
        ...


measured_functions: Registry[MeasuredFunction] = Registry(
    "measured_functions",
    MeasuredFunction,  # type: ignore[type-abstract]
    doc="""
    Functions of the portal with figures of how well they work: the report "How the functions do"
    shows them beside those of the period before, with advice where a mark is missed. ``key`` of a
    measure is part of the exported table: do not rename it.
    """,
)
