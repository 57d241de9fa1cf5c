"""Tables of the assistant's figures, and the registry for those that other modules add.

    figures_panels.register("gaps", top_gaps)

A panel is a function of what is looked at and of who looks; it gives a table, or None for none.
Each table is shown below the plots and can be taken out as CSV or as a spreadsheet.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FiguresQuery:
    """What is looked at: ``sites`` None for all; ``language`` "" for every one; both days count."""

    sites: frozenset[int] | None
    language: str
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that leads somewhere; ``value`` is what files show."""

    value: str | int | float
    url: str = ""


type Value = str | int | float | Cell | None


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` names its file. ``note`` stands below the title, ``empty`` in place of no rows."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    note: str = ""
    empty: str = ""


type Panel = Callable[[FiguresQuery, Any], Table | None]

_panels: dict[str, Panel] = {}


def register(key: str, panel: Panel) -> None:
    if key in _panels:
        raise ValueError(f"two panels are called {key}")
    _panels[key] = panel


def tables_of_others(query: FiguresQuery, user: Any) -> list[Table]:
    found = (panel(query, user) for panel in _panels.values())
    return [table for table in found if table is not None]
