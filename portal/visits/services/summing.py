"""From lines of the log to numbers of days: the one place where they are added up."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils import timezone

from portal.visits.lines import FILE, Line
from portal.visits.models import Subject
from portal.visits.selectors.places import Place

type AddressKey = tuple[datetime.date, str, str]  # day, host, path
type FigureKey = tuple[datetime.date, int, str, str]  # day, site, subject, key


@dataclass(slots=True)
class Sums:
    """(views, entries) by address, and by what a site's day is divided by."""

    addresses: dict[AddressKey, list[int]] = field(default_factory=dict)
    figures: dict[FigureKey, list[int]] = field(default_factory=dict)

    def add(self, lines: Iterable[Line], place_of: Callable[[AddressKey], Place]) -> None:
        for line in lines:
            day, hour = day_and_hour(line.minute)
            key = (day, line.host, line.path)
            entries = int(line.is_entry)
            _add(self.addresses, key, entries)
            place = place_of(key)
            for subject, value in _parts(line, place, hour):
                _add(self.figures, (day, place.site, subject, value), entries)


def _add[K](sums: dict[K, list[int]], key: K, entries: int) -> None:
    numbers = sums.get(key)
    if numbers is None:
        sums[key] = [1, entries]
    else:
        numbers[0] += 1
        numbers[1] += entries


def _parts(line: Line, place: Place, hour: str) -> tuple[tuple[str, str], ...]:
    if line.kind == FILE:
        return ((Subject.FILES.value, ""),)
    source = f"{line.source}:{line.referrer}" if line.referrer else line.source
    return (
        (Subject.HOUR.value, hour),
        (Subject.SOURCE.value, source),
        (Subject.DEVICE.value, line.device),
        (Subject.LANGUAGE.value, place.form),
        (Subject.COLUMN.value, str(place.column or "")),
    )


@lru_cache(maxsize=4096)
def day_and_hour(minute: int) -> tuple[datetime.date, str]:
    """Day and hour in the portal's time zone."""
    moment = datetime.datetime.fromtimestamp(minute * 60, timezone.get_default_timezone())
    return moment.date(), f"{moment:%H}"
