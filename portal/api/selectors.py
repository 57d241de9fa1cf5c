"""What the API reads. The cost of a list depends on its page, not on how much there is."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone
from wagtail.models import Page

from portal.core.models import ListingCount, ListingRow, Publication

# Databases limit how many SELECTs one statement may join (SQLite: 500).
MAX_PARTS = 300
COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows of a container are wanted; ``first`` and ``last`` are days, both included."""

    kind: str | None = None
    first: datetime.date | None = None
    last: datetime.date | None = None

    @property
    def is_everything(self) -> bool:
        return self.kind is None and self.first is None and self.last is None

    def rows(self, container_pk: int) -> QuerySet[ListingRow]:
        rows = ListingRow.objects.filter(container_id=container_pk)
        if self.kind is not None:
            rows = rows.filter(kind=self.kind)
        # Days that the calendars of the databases do not know leave the list open at that end.
        if self.first is not None and self.first.year > 1:
            rows = rows.filter(date__gte=_midnight(self.first))
        if self.last is not None and self.last < datetime.date.max:
            rows = rows.filter(date__lt=_midnight(self.last + datetime.timedelta(days=1)))
        return rows


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def newest(
    containers: Sequence[int], choice: Choice, *, offset: int, limit: int
) -> list[tuple[int, int]]:
    """(page, container) of the newest rows of some containers, in order.

    Each container gives its newest through the index; asking for all of them with one condition
    would make the database sort all their rows. One query for every ``MAX_PARTS`` containers.
    """
    parts = list(batched(containers, MAX_PARTS))
    skip = offset if len(parts) == 1 else 0
    found: list[tuple[Any, int, int]] = []
    for part in parts:
        found += _select(
            "SELECT date, page_id, container_id FROM ({}) AS listed"
            " ORDER BY date DESC, page_id DESC LIMIT %s OFFSET %s",
            [
                choice.rows(pk)
                .order_by("-date", "-page_id")
                .values_list("date", "page_id", "container_id")[: offset + limit]
                for pk in part
            ],
            offset + limit - skip,
            skip,
        )
    if len(parts) > 1:
        found = sorted(found, reverse=True)[offset : offset + limit]
    return [(page_pk, container_pk) for _date, page_pk, container_pk in found]


def total(containers: Sequence[int], choice: Choice) -> int | None:
    """How many rows the containers have: from the kept counts, or counted as far as is cheap."""
    if choice.is_everything:
        kept = ListingCount.objects.filter(container_id__in=containers)
        return kept.aggregate(sum=Sum("count"))["sum"] or 0
    counted = 0
    for part in batched(containers, MAX_PARTS):
        branches = [choice.rows(pk).order_by().values_list("page_id")[: COUNTED + 1] for pk in part]
        counted += _select("SELECT COUNT(*) FROM ({}) AS listed", branches)[0][0]
    return counted if counted <= COUNTED else None


def _select(statement: str, branches: Iterable[QuerySet[Any, Any]], *values: int) -> list[Any]:
    """Run a statement over several limited queries joined, which the ORM cannot do on SQLite.

    Only the ORM's own SQL is put into the statement; whatever comes from outside is a parameter.
    """
    parts: list[str] = []
    parameters: list[Any] = []
    for branch in branches:
        sql, branch_values = branch.query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS part")  # noqa: S608 - see above
        parameters += branch_values
    with connection.cursor() as cursor:
        cursor.execute(statement.format(" UNION ALL ".join(parts)), [*parameters, *values])
        rows: list[Any] = cursor.fetchall()
    return rows


def listing_rows(keys: Sequence[tuple[int, int]]) -> list[tuple[ListingRow, Publication]]:
    """The rows of ``newest`` with their page's addresses, in its order, without what is over;
    each with its publication.

    An expired page keeps its row until the clock process comes by.
    """
    page_pks = [page_pk for page_pk, _container in keys]
    rows = {
        (row.page_id, row.container_id): row
        for row in ListingRow.objects.filter(
            page_id__in=page_pks, container_id__in={container for _page, container in keys}
        )
        .select_related("page")
        .only(
            "page__url_path", "page__path", "container_id", "date", "title", "summary", "source",
            "kind", "image_url", "image_alt", "image_width", "image_height",
        )
    }  # fmt: skip
    found = public(page_pks)
    return [(rows[key], found[key[0]]) for key in keys if key in rows and key[0] in found]


def public(page_pks: Iterable[int]) -> dict[int, Publication]:
    """The publications of those of the pages that are public now, in force or not."""
    publications = Publication.objects.public().filter(page_id__in=list(page_pks), page__live=True)
    fields = publications.only("page_id", "language", "valid_from", "valid_until", "standing")
    return {publication.page_id: publication for publication in fields if publication.page_id}


def publication_of(page_pk: int) -> Publication | None:
    """The publication of a page that is public now, in force or not, with the page."""
    return (
        Publication.objects.public()
        .filter(page_id=page_pk, page__live=True)
        .select_related("page")
        .first()
    )


def translations_of(page: Page) -> list[tuple[int, str, str, str]]:
    """(pk, language, path, url_path) of the public pages that say the same in other languages."""
    found = (
        Publication.objects.public()
        .filter(page__translation_key=page.translation_key, page__live=True)
        .exclude(page_id=page.pk)
        .order_by("language", "page_id")
    )
    return list(found.values_list("page_id", "language", "page__path", "page__url_path"))


def counts(container_pks: Iterable[int]) -> dict[int, tuple[int, datetime.datetime | None]]:
    """(count, date of the newest) of containers, as kept."""
    kept = ListingCount.objects.filter(container_id__in=list(container_pks))
    return {
        pk: (count, latest)
        for pk, count, latest in kept.values_list("container_id", "count", "latest")
    }
