"""The log is added to the figures, portion by portion, each in one transaction with its position.

Whatever ends a reader (an error, ``kill -9``, loss of power): a portion is counted wholly or not at
all, and the next reader goes on behind it.
"""

import datetime
import logging
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.visits.lines import FILE, Line, hour_name, parse
from portal.visits.models import Address, AddressDay, DayFigure, LogPosition
from portal.visits.selectors.places import Key, Place, places_of

from .summing import AddressKey, Sums, day_and_hour

logger = logging.getLogger(__name__)

# Bytes that one transaction counts: some ten thousand lines.
PORTION = 1_000_000
_MANY = 500
FILE_NAME = re.compile(r"([0-9]{8}T[0-9]{2})-[a-z0-9-]+\.log")


@dataclass(frozen=True, slots=True)
class Read:
    """What a reading has counted."""

    lines: int = 0
    unreadable: int = 0
    files: int = 0


def log_files(folder: Path) -> list[Path]:
    """The files of the log, by hour."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if FILE_NAME.fullmatch(path.name))


def read_log(
    folder: Path | None = None, *, say: Callable[[str], object] = lambda _line: None
) -> Read:
    """Count all that the log holds and that is not counted yet; how much it was."""
    lines = unreadable = files = 0
    known = dict(LogPosition.objects.values_list("name", "offset"))
    for path in log_files(folder or settings.VISITS_FOLDER):
        try:
            if path.stat().st_size <= known.get(path.name, 0):
                continue
            files += 1
            while (portion := read_portion(path)) is not None:
                lines += portion.lines
                unreadable += portion.unreadable
        except FileNotFoundError:  # another reader has counted and deleted it meanwhile
            continue
        say(f"{path.name}: {lines} lines so far")
    if unreadable:
        logger.error("%s lines of the log of visits could not be read", unreadable)
    return Read(lines, unreadable, files)


@transaction.atomic
def read_portion(path: Path) -> Read | None:
    """Count the next lines of a file; None where there is no whole one more."""
    take_readers_turn()
    position, _made = LogPosition.objects.get_or_create(name=path.name)
    text = _whole_lines(path, position.offset)
    if not text:
        return None
    lines, unreadable = [], 0
    for one in text.decode("ascii", "replace").splitlines():
        line = parse(one)
        if line is None:
            unreadable += 1
        else:
            lines.append(line)
    _count(lines)
    position.offset += len(text)
    position.lines += len(lines)
    position.unreadable += unreadable
    position.save()
    return Read(len(lines), unreadable)


def take_readers_turn() -> None:
    """Wait until no other transaction counts; the turn is held until ours ends."""
    LogPosition.objects.get_or_create(name="")
    LogPosition.objects.select_for_update().get(name="")


def _whole_lines(path: Path, offset: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(offset)
        text = stream.read(PORTION)
    end = text.rfind(b"\n") + 1
    if not end and len(text) == PORTION:
        return text  # no line is that long: passed over as one that cannot be read
    return text[:end]


# --- adding up ------------------------------------------------------------------------------------
def _count(lines: list[Line]) -> None:
    if not lines:
        return
    keys = {(day_and_hour(line.minute)[0], line.host, line.path) for line in lines}
    files = {(line.host, line.path) for line in lines if line.kind == FILE}
    addresses = _addresses({(host, path) for _day, host, path in keys}, files)
    rows = _rows_of(keys, addresses)
    # What the day's first reading found holds all day, so that a replay finds the same.
    new = keys - rows.keys()
    places = places_of({(host, path) for _day, host, path in new})

    def place_of(key: AddressKey) -> Place:
        row = rows.get(key)
        return places[key[1], key[2]] if row is None else place_of_row(row)

    sums = Sums()
    sums.add(lines, place_of)
    for key in new:
        day, host, path = key
        place = places[host, path]
        rows[key] = AddressDay(
            day=day,
            address_id=addresses[host, path],
            site=place.site,
            page_id=place.page,
            column=place.column,
            language=place.language,
            form=place.form,
            is_file=(host, path) in files,
        )
    for key, (views, entries) in sums.addresses.items():
        rows[key].views += views
        rows[key].entries += entries
    AddressDay.objects.bulk_create(
        rows.values(),
        batch_size=_MANY,
        update_conflicts=True,
        unique_fields=["address", "day"],
        update_fields=["views", "entries"],
    )
    _add_figures(sums)


def place_of_row(row: AddressDay) -> Place:
    return Place(row.site, row.page_id, row.column, row.language, row.form)


def _addresses(wanted: Collection[Key], files: Collection[Key]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    paths = sorted({path for _host, path in wanted})
    for some in _slices(paths):
        rows = Address.objects.filter(path__in=some).values_list("host", "path", "pk")
        found |= {(host, path): pk for host, path, pk in rows if (host, path) in wanted}
    missing = sorted(set(wanted) - found.keys())
    made = Address.objects.bulk_create(
        [Address(host=key[0], path=key[1], is_file=key in files) for key in missing],
        batch_size=_MANY,
    )
    return found | {(one.host, one.path): one.pk for one in made}


def _rows_of(
    keys: Collection[AddressKey], addresses: dict[Key, int]
) -> dict[AddressKey, AddressDay]:
    days = {day for day, _host, _path in keys}
    names = {addresses[host, path]: (host, path) for _day, host, path in keys}
    found: dict[AddressKey, AddressDay] = {}
    for some in _slices(sorted(names)):
        for row in AddressDay.objects.filter(address__in=some, day__in=days):
            key = (row.day, *names[row.address_id])
            if key in keys:
                found[key] = row
    return found


def _add_figures(sums: Sums) -> None:
    found: dict[tuple[datetime.date, int, str, str], DayFigure] = {}
    wanted = sorted(sums.figures)
    days, sites = {key[0] for key in wanted}, {key[1] for key in wanted}
    for some in _slices(sorted({key[3] for key in wanted})):
        for row in DayFigure.objects.filter(day__in=days, site__in=sites, key__in=some):
            found[row.day, row.site, row.subject, row.key] = row
    rows = []
    for key in wanted:
        day, site, subject, value = key
        row = found.get(key) or DayFigure(day=day, site=site, subject=subject, key=value)
        row.views += sums.figures[key][0]
        row.entries += sums.figures[key][1]
        rows.append(row)
    DayFigure.objects.bulk_create(
        rows,
        batch_size=_MANY,
        update_conflicts=True,
        unique_fields=["site", "subject", "day", "key"],
        update_fields=["views", "entries"],
    )


def _slices[T](values: list[T]) -> Iterator[list[T]]:
    return (values[start : start + _MANY] for start in range(0, len(values), _MANY))


# --- forgetting -----------------------------------------------------------------------------------
def forget_log(folder: Path | None = None, *, now: datetime.datetime | None = None) -> int:
    """Delete files of the log that are older than they are kept, and counted; how many."""
    read_log(folder)
    at = now or timezone.now()
    first = hour_name(int(at.timestamp()) // 60 - settings.VISITS_LOG_DAYS * 24 * 60)
    deleted = 0
    for path in log_files(folder or settings.VISITS_FOLDER):
        if path.name >= first:
            break
        path.unlink()
        deleted += 1
    # Rows of files of other machines too, when they are long gone there.
    gone = hour_name(int(at.timestamp()) // 60 - (settings.VISITS_LOG_DAYS + 60) * 24 * 60)
    LogPosition.objects.filter(name__lt=gone).exclude(name="").delete()
    return deleted
