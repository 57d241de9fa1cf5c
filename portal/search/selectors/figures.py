"""Figures of the public search: how much, what is popular, what fails. From ``QueryDay`` alone."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, Max, QuerySet, Sum
from django.db.models.functions import Coalesce

from portal.search.models import QueryDay

MOST = 100
# A query of one visitor alone is not shown by its words.
LEAST_ASKERS = 2
# So many searches must have found something before one may say that hardly anybody opened it.
LEAST_FOUND = 5
# Opened after fewer than one in so many searches: little of use was there.
ONE_IN = 10


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; ``sites``: of these alone (primary keys), None: of all."""

    first: datetime.date
    last: datetime.date
    sites: Collection[int] | None = None

    @property
    def rows(self) -> "QuerySet[QueryDay]":
        found = QueryDay.objects.filter(day__range=(self.first, self.last))
        return found if self.sites is None else found.filter(site__in=self.sites)


@dataclass(frozen=True, slots=True)
class Numbers:
    """``place``: the mean place of what was opened, None: nothing was."""

    searches: int
    empty: int
    opened: int
    places: int

    @property
    def place(self) -> float | None:
        return self.places / self.opened if self.opened else None

    @property
    def empty_share(self) -> float | None:
        return self.empty / self.searches if self.searches else None

    @property
    def opened_share(self) -> float | None:
        found = self.searches - self.empty
        return min(1.0, self.opened / found) if found else None


@dataclass(frozen=True, slots=True)
class QueryNumbers(Numbers):
    site: int
    language: str
    query: str
    text: str
    askers: int


def totals(period: Period) -> Numbers:
    """All searches of the period, with those whose words are kept no more."""
    sums = period.rows.aggregate(
        **{name: Coalesce(Sum(name), 0) for name in ("searches", "empty", "opened", "places")}
    )
    return Numbers(**sums)


def by_day(period: Period) -> dict[datetime.date, tuple[int, int]]:
    """(searches, of these without a result) of each day that has any."""
    rows = period.rows.values("day").annotate(all=Sum("searches"), nothing=Sum("empty"))
    return {row["day"]: (row["all"], row["nothing"]) for row in rows.order_by("day")}


def popular(period: Period, count: int = MOST) -> list[QueryNumbers]:
    """What was looked for most."""
    return _queries(_grouped(period).order_by("-all", "-people", "query")[:count])


def without_results(
    period: Period, count: int = MOST, *, askers: int = LEAST_ASKERS
) -> list[QueryNumbers]:
    """What was mostly looked for in vain."""
    rows = _grouped(period, askers).filter(nothing__gt=0, nothing__gte=F("all") - F("nothing"))
    return _queries(rows.order_by("-nothing", "-people", "query")[:count])


def hardly_opened(
    period: Period, count: int = MOST, *, askers: int = LEAST_ASKERS
) -> list[QueryNumbers]:
    """What finds something that hardly anybody opens."""
    rows = _grouped(period, askers).filter(
        all__gte=F("nothing") + LEAST_FOUND, all__gt=F("nothing") + F("clicks") * ONE_IN
    )
    return _queries(rows.order_by("-all", "-people", "query")[:count])


def threshold() -> int:
    """From so many people on a query becomes a task."""
    return int(settings.SEARCH_PRIVACY_THRESHOLD)


def _grouped(period: Period, askers: int = LEAST_ASKERS) -> Any:
    return (
        period.rows.exclude(query="")
        .values("site", "language", "query")
        .annotate(
            said=Max("text"),
            all=Sum("searches"),
            nothing=Sum("empty"),
            clicks=Sum("opened"),
            sum_of_places=Sum("places"),
            people=Sum("askers"),
        )
        .filter(people__gte=askers)
    )


def _queries(rows: Any) -> list[QueryNumbers]:
    return [
        QueryNumbers(
            searches=row["all"],
            empty=row["nothing"],
            opened=row["clicks"],
            places=row["sum_of_places"],
            site=row["site"],
            language=row["language"],
            query=row["query"],
            text=row["said"],
            askers=row["people"],
        )
        for row in rows
    ]
