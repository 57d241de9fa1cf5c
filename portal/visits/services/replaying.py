"""A day is added up anew from its log and compared with the stored figures."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.visits.lines import Line, hour_name, parse
from portal.visits.models import AddressDay, DayFigure, LogPosition
from portal.visits.selectors.places import Place

from .reading import log_files, place_of_row, take_readers_turn
from .summing import AddressKey, Sums, day_and_hour


class CannotReplay(Exception):
    """Why a day cannot be added up anew."""


@dataclass(frozen=True, slots=True)
class Difference:
    """``what``: an address, or a part of a site's day. (views, entries) of both."""

    what: str
    log: tuple[int, int]
    stored: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Replay:
    day: datetime.date
    lines: int
    views: int
    entries: int
    differences: tuple[Difference, ...]
    uncounted_bytes: int


@transaction.atomic
def replay(day: datetime.date, folder: Path | None = None) -> Replay:
    """Compare the figures of a day with what its log says, as far as that is counted.

    Raises:
        CannotReplay: the log of the day is kept no more, or its numbers were never in a log.
    """
    take_readers_turn()
    if DayFigure.objects.filter(day=day, is_invented=True).exists():
        raise CannotReplay(f"The figures of {day} are invented: they belong to the demo city.")
    oldest = timezone.localdate() - datetime.timedelta(days=settings.VISITS_LOG_DAYS)
    if day <= oldest:
        raise CannotReplay(f"The log of {day} is kept no more (VISITS_LOG_DAYS).")
    reader = _Lines(day, folder or settings.VISITS_FOLDER)
    rows = {
        (row.day, row.address.host, row.address.path): row
        for row in AddressDay.objects.filter(day=day).select_related("address")
    }
    unknown = Place(site=-1)

    def place_of(key: AddressKey) -> Place:
        row = rows.get(key)
        return unknown if row is None else place_of_row(row)

    sums = Sums()
    sums.add(reader, place_of)
    stored_addresses = {key: (row.views, row.entries) for key, row in rows.items()}
    stored_figures = {
        (row.day, row.site, row.subject, row.key): (row.views, row.entries)
        for row in DayFigure.objects.filter(day=day)
    }
    differences = [
        *_differences(sums.addresses, stored_addresses, lambda key: f"{key[1]}{key[2]}"),
        *_differences(sums.figures, stored_figures, lambda key: f"{key[1]} {key[2]} {key[3]}"),
    ]
    return Replay(
        day,
        reader.count,
        sum(numbers[0] for numbers in sums.addresses.values()),
        sum(numbers[1] for numbers in sums.addresses.values()),
        tuple(differences),
        reader.uncounted,
    )


class _Lines:
    """The lines of one day, of all files that can hold some, as far as they are counted."""

    def __init__(self, day: datetime.date, folder: Path) -> None:
        self.day, self.count, self.uncounted = day, 0, 0
        zone = timezone.get_default_timezone()
        start = datetime.datetime.combine(day, datetime.time(), tzinfo=zone)
        first = int(start.timestamp()) // 60
        hours = {hour_name(first + hour * 60) for hour in range(-1, 26)}
        self.files = [path for path in log_files(folder) if path.name.partition("-")[0] in hours]
        self.offsets = dict(LogPosition.objects.values_list("name", "offset"))

    def __iter__(self) -> Iterator[Line]:
        for path in self.files:
            until, read = self.offsets.get(path.name, 0), 0
            self.uncounted += path.stat().st_size - until
            with path.open("rb") as stream:
                for text in stream:
                    read += len(text)
                    if read > until:
                        break
                    line = parse(text.decode("ascii", "replace"))
                    if line is not None and day_and_hour(line.minute)[0] == self.day:
                        self.count += 1
                        yield line


def _differences(summed: Any, stored: Any, name: Any) -> Iterator[Difference]:
    for key in sorted(summed.keys() | stored.keys()):
        log, kept = tuple(summed.get(key, (0, 0))), stored.get(key, (0, 0))
        if log != kept:
            yield Difference(name(key), log, kept)
