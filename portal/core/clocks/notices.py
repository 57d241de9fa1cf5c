"""The holiday notices that come with the portal, and how they get into the database."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .calendar import ONE_DAY, DayKind

FILE = Path(__file__).parent / "data" / "notices.yaml"


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's notice. ``days`` are (date, kind, name) in the order of the file."""

    year: int
    source: str
    title: str
    issued_on: datetime.date
    days: tuple[tuple[datetime.date, DayKind, str], ...]


def read_notices(path: Path = FILE) -> list[Notice]:
    """All notices of the file, by year."""
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Notice(
            year=row["year"],
            source=row["source"],
            title=row["title"],
            issued_on=row["issued_on"],
            days=tuple(_days(row["days"])),
        )
        for row in rows
    ]


def load_notices(year_model: Any, day_model: Any) -> list[int]:
    """Store the notices of years that the database does not know; the years that were added.

    A year that is there is left alone, with whatever an administrator has made of it; so is a
    single day. The models are arguments because migrations have their own.
    """
    known = set(year_model.objects.values_list("year", flat=True))
    added = []
    for notice in read_notices():
        if notice.year in known:
            continue
        year_model.objects.create(
            year=notice.year,
            source=notice.source,
            title=notice.title,
            issued_on=notice.issued_on,
        )
        taken = set(day_model.objects.values_list("date", flat=True))
        day_model.objects.bulk_create(
            day_model(date=date, kind=kind.value, name=name, source=notice.source)
            for date, kind, name in notice.days
            if date not in taken
        )
        added.append(notice.year)
    return added


def _days(rows: list[dict[str, Any]]) -> Iterator[tuple[datetime.date, DayKind, str]]:
    for row in rows:
        for date in _range(row["holiday"]):
            yield date, DayKind.HOLIDAY, row["name"]
        for date in row.get("make_up", ()):
            yield date, DayKind.MAKE_UP, row["name"]


def _range(value: datetime.date | str) -> Iterator[datetime.date]:
    if isinstance(value, datetime.date):
        yield value
        return
    first, last = (datetime.date.fromisoformat(part) for part in value.split(".."))
    while first <= last:
        yield first
        first += ONE_DAY
