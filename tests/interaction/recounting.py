"""Counting the figures again from the open data, as a reader would who trusts no number.

Works on the cells of the exported file alone and shares no code with the portal's own counting.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable

type Row = dict[str, str]
type Figures = dict[str, float | None]
type Wanted = Callable[[Row], bool]
NOT_VALID = {"invalid", "directed", "withdrawn"}


def rows_of_csv(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def rows_of_json(rows: Iterable[dict[str, object]]) -> list[Row]:
    """The same cells: what a spreadsheet shows empty is null there."""
    return [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in rows
    ]


def recount(rows: Iterable[Row], wanted: Wanted = lambda row: True, *, part: str = "") -> Figures:
    """The figures of those events that are wanted; the others are needed to know what went before.

    Args:
        part: of a ``unit``, what it was given first counts as received; of a ``theme`` what was
            taken on in it.
    """
    histories: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        histories[row["number"]].append(row)
    received = valid = in_time = public = reopened = 0
    days: list[int] = []
    scores: list[int] = []
    for history in histories.values():
        seen: set[str] = set()
        is_public = False
        for row in history:
            event, counts = row["event"], wanted(row)
            is_first, is_end = event not in seen, row["state"] in NOT_VALID
            was_end = row["from_state"] in NOT_VALID
            seen.add(event)
            shown = {"publish": True, "withhold": False}.get(event, is_public)
            public += (shown - is_public) * counts
            is_public = shown
            if not counts:
                continue
            comes = {
                "unit": event == "assign" and row["first"] == "True",
                "theme": event == "accept" and row["from_state"] == "received",
            }.get(part, event == "receive")
            received += comes
            valid += comes + was_end - is_end if was_end != is_end else comes
            if event == "release" and is_first:
                days.append(int(row["working_days"]))
                in_time += row["in_time"] == "True"
            if event == "rate" and is_first:
                scores.append(int(row["score"]))
            reopened += row["reopened"] == "True"
    days.sort()
    count = len(days)
    return {
        "received": received,
        "valid": valid,
        "answered": count,
        "in_time": in_time,
        "in_time_share": _share(in_time, count),
        "median_days": (days[(count - 1) // 2] + days[count // 2]) / 2 if count else None,
        "mean_days": round(sum(days) / count, 1) if count else None,
        "public_share": _share(public, count),
        "satisfied_share": _share(sum(score >= 4 for score in scores), len(scores)),
        "reopened": reopened,
    }


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
