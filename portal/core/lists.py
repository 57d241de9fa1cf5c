"""Reading listing rows for public pages.

These few queries are written in SQL: building the same statements through the ORM costs more than
everything else that a list page does (a third of an article's CPU, half of a home's, measured).
They are constants; values go in as parameters only.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from .extension_points import trust_labels
from .models import ListingCount, mark_text
from .structure import STEPLEN, Structure


@dataclass(frozen=True, slots=True)
class Row:
    """A list item as templates print it. ``date`` is aware; images have width and height in px.

    ``mark`` says, in the reader's language, that the item is not (or not wholly) in force; else "".
    """

    pk: int
    title: str
    url: str
    date: datetime.datetime
    date_text: str
    summary: str
    source: str
    kind: str
    image_url: str
    image_alt: str
    image_width: int
    image_height: int
    is_pinned: bool
    image_srcset: str = ""
    column_title: str = ""
    is_external: bool = False
    mark: str = ""


# Table and column names are those of ListingRow and Page; a test reads every column back.
_COLUMNS = (
    "r.page_id, p.url_path, p.path, r.title, r.date, r.summary, r.source, r.kind, r.image_url, "
    "r.image_alt, r.image_width, r.image_height, r.is_pinned, r.image_srcset, r.mark"
)
_FROM = "FROM core_listingrow r JOIN wagtailcore_page p ON p.id = r.page_id "
# The rows are found in the index alone before anything is joined: page 500 costs little more
# than page 1.
_NEWEST = (
    "SELECT * FROM (SELECT {number} AS number, "
    f"{_COLUMNS} FROM (SELECT id FROM core_listingrow WHERE container_id = %s "
    "ORDER BY is_pinned DESC, date DESC, page_id DESC LIMIT %s OFFSET %s) chosen "
    "JOIN core_listingrow r ON r.id = chosen.id JOIN wagtailcore_page p ON p.id = r.page_id "
    "ORDER BY r.is_pinned DESC, r.date DESC, r.page_id DESC) AS rows_{number}"
)
_NEIGHBOUR = (
    f"SELECT * FROM (SELECT {{number}} AS number, {_COLUMNS} {_FROM}"
    "WHERE r.container_id = %s AND r.is_own AND (r.date, r.page_id) {sign} (%s, %s) "
    "ORDER BY r.date {order}, r.page_id {order} LIMIT 1) AS rows_{number}"
)
_NEIGHBOURS = " UNION ALL ".join(
    (
        _NEIGHBOUR.format(number=0, sign=">", order="ASC"),
        _NEIGHBOUR.format(number=1, sign="<", order="DESC"),
    )
)
_UNITS = (
    f"SELECT * FROM (SELECT {{number}} AS number, {_COLUMNS} {_FROM}"
    "WHERE r.container_id = %s AND r.kind IN ('leader', 'organisation') ORDER BY p.path LIMIT %s"
    ") AS rows_{number}"
)
_WITH_KEYWORD = (
    "SELECT * FROM (SELECT {number} AS number, "
    f"{_COLUMNS} FROM (SELECT row_id FROM core_listingkeyword WHERE home_id = %s AND keyword = %s "
    "ORDER BY date DESC, row_id DESC LIMIT %s) chosen "
    "JOIN core_listingrow r ON r.id = chosen.row_id JOIN wagtailcore_page p ON p.id = r.page_id "
    "ORDER BY r.date DESC, r.id DESC) AS rows_{number}"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece of a container's list: the newest first, pinned ones before."""

    container_pk: int
    limit: int
    offset: int = 0
    sql: ClassVar[str] = _NEWEST

    @property
    def parameters(self) -> tuple[Any, ...]:
        return (self.container_pk, self.limit, self.offset)


@dataclass(frozen=True, slots=True)
class WantedUnits:
    """Leaders or institutions of a column, in the order of the tree and not of time."""

    column_pk: int
    limit: int = 300
    sql: ClassVar[str] = _UNITS

    @property
    def parameters(self) -> tuple[Any, ...]:
        return (self.column_pk, self.limit)


@dataclass(frozen=True, slots=True)
class WantedKeyword:
    """The newest items of a site (by its home) that carry a keyword, as ``keywords`` stores it."""

    home_pk: int
    keyword: str
    limit: int
    sql: ClassVar[str] = _WITH_KEYWORD

    @property
    def parameters(self) -> tuple[Any, ...]:
        return (self.home_pk, self.keyword, self.limit)


type AnyWanted = Wanted | WantedUnits | WantedKeyword


def read_lists(
    wanted: Sequence[AnyWanted], found: Structure, viewer_host: str | None
) -> list[list[Row]]:
    """Several lists with one query, in the order they were asked for."""
    if not wanted:
        return []
    sql = " UNION ALL ".join(piece.sql.format(number=n) for n, piece in enumerate(wanted))
    parameters = [value for piece in wanted for value in piece.parameters]
    return _read(sql, parameters, len(wanted), found, viewer_host)


def read_list(wanted: AnyWanted, found: Structure, viewer_host: str | None) -> list[Row]:
    return read_lists([wanted], found, viewer_host)[0]


def neighbours(
    page_pk: int,
    date: datetime.datetime,
    column_pk: int,
    found: Structure,
    viewer_host: str | None,
) -> tuple[Row | None, Row | None]:
    """(newer, older) of a page of this date in its own column; None at either end. One query."""
    moment = connection.ops.adapt_datetimefield_value(date)
    place = [column_pk, moment, page_pk]
    newer, older = _read(_NEIGHBOURS, place + place, 2, found, viewer_host)
    return (newer[0] if newer else None, older[0] if older else None)


def units(column_pk: int, found: Structure, viewer_host: str | None) -> list[Row]:
    """Leaders or institutions of a column, in the order of the tree and not of time."""
    return read_list(WantedUnits(column_pk), found, viewer_host)


def count(container_pk: int) -> int:
    """How many rows a container has, as it was kept when they were written."""
    kept = ListingCount.objects.filter(container_id=container_pk).values_list("count", flat=True)
    return kept[0] if kept else 0


def date_text(date: datetime.datetime | None) -> str:
    """``YYYY-MM-DD HH:MM`` on the 24-hour clock of the portal's time zone (R-COL-15)."""
    return timezone.localtime(date).strftime("%Y-%m-%d %H:%M") if date else ""


def _read(
    sql: str, parameters: list[Any], number: int, found: Structure, viewer_host: str | None
) -> list[list[Row]]:
    result: list[list[Row]] = [[] for _ in range(number)]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for place, *values in cursor.fetchall():
            result[int(place)].append(_row(values, found, viewer_host))
    if (get_language() or settings.LANGUAGE_CODE) != settings.LANGUAGE_CODE:
        return _trusted(result)
    return result


def _trusted(lists: list[list[Row]]) -> list[list[Row]]:
    """Rows of translations that a machine made say so (in foreign languages: one query more)."""
    labels = trust_labels([row.pk for rows in lists for row in rows])
    machine = {pk: str(label.label) for pk, label in labels.items() if label.made_by != "human"}
    if not machine:
        return lists
    return [
        [
            replace(row, mark=row.mark or machine[row.pk]) if row.pk in machine else row
            for row in rows
        ]
        for rows in lists
    ]


def to_rows(query: Any, found: Structure, viewer_host: str | None) -> list[Row]:
    """Rows from a ``ListingRow`` queryset, for the rare lists that are not a container's."""
    fields = "page_id page__url_path page__path title date summary source kind image_url image_alt"
    more = "image_width image_height is_pinned image_srcset mark"
    return [
        _row(values, found, viewer_host)
        for values in query.values_list(*f"{fields} {more}".split())
    ]


def _row(values: Iterable[Any], found: Structure, viewer_host: str | None) -> Row:
    pk, url_path, path, title, stored, summary, source, kind, image, alt, *rest = values
    width, height, pinned, srcset, mark = rest
    date = _aware(stored)
    column = found.nearest(path[:-STEPLEN])
    return Row(
        pk=pk,
        title=title,
        url=found.url(url_path, viewer_host),
        date=date,
        date_text=date_text(date),
        summary=summary,
        source=source,
        kind=kind,
        image_url=image,
        image_alt=alt,
        image_width=width,
        image_height=height,
        is_pinned=bool(pinned),
        image_srcset=srcset,
        column_title=column.title if column else "",
        mark=mark_text(mark) if mark else "",
    )


def _aware(stored: datetime.datetime | str) -> datetime.datetime:
    """SQLite gives times as text, in UTC without saying so."""
    date = parse_datetime(stored) if isinstance(stored, str) else stored
    if date is None:
        raise ValueError(f"{stored!r} in a listing row is no time")
    return date if timezone.is_aware(date) else date.replace(tzinfo=datetime.UTC)
