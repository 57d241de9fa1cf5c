"""Activities of a year, counted by column, against the number that each site has to reach."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from portal.participation.forecast import Forecast, Pace, forecast
from portal.participation.models import Activity, ActivityKind, ServiceTeam, SiteClass, YearlyNumber
from portal.plugin_api import Action, is_enabled, sites_allowing

from .hub import ENDS

SLUG = "participation"
_Counted = YearlyNumber.Counted
# Where a row of the table was never made: the working standards of the State Council (R-INT-15/16).
_DEFAULTS = {SiteClass.PORTAL: 6, SiteClass.SUB_SITE: 3}


@dataclass(frozen=True, slots=True)
class ColumnCount:
    """What one column has of one kind in a year. ``column`` None: the site has no such column.

    ``owed``: how many of the year are over and have no published result.
    """

    site_pk: int
    site_name: str
    column: int | None
    column_title: str
    counted: str
    forecast: Forecast
    owed: int

    @property
    def counted_label(self) -> object:
        return _Counted(self.counted).label


def required_numbers() -> dict[tuple[str, str], int]:
    """By (class of site, what is counted)."""
    found: dict[tuple[str, str], int] = {
        (site_class, counted): number
        for site_class, number in _DEFAULTS.items()
        for counted in _Counted.values
    }
    rows = YearlyNumber.objects.values_list("site_class", "counted", "number")
    return found | {(site_class, counted): number for site_class, counted, number in rows}


def sites_counted(user: Any) -> Collection[int] | None:
    """The sites whose counts an account may read: who works on content there, and who reads the
    records; None: all."""
    change, read = (
        sites_allowing(user, action) for action in (Action.PAGE_CHANGE, Action.PUBLICATION_RECORD)
    )
    return None if change is None or read is None else change | read


def yearly_counts(
    sites: Collection[int] | None, year: int, *, now: datetime.datetime | None = None
) -> list[ColumnCount]:
    """By site, what is counted, and column. Three queries, whatever there is.

    A column that had such an activity once is counted every year; a site without any has one line
    for each kind, so that nothing missing stays unseen. Pages in other languages repeat those in
    Chinese and are not counted.
    """
    now = now or timezone.now()
    required = required_numbers()
    rows = _grouped(sites, year, now)
    found: list[ColumnCount] = []
    for site in _sites(sites):
        if not is_enabled(SLUG, site["pk"]):
            continue
        for counted in _Counted.values:
            own = [row for row in rows if (row["site"], row["counted"]) == (site["pk"], counted)]
            for row in own or [_nothing()]:
                number = required[(_class_of(site["kind"]), counted)]
                found.append(
                    ColumnCount(
                        site["pk"],
                        site["short_name"],
                        row["column"],
                        row["title"] or "",
                        counted,
                        forecast(
                            required=number,
                            done=row["done"],
                            planned=row["planned"],
                            year=year,
                            today=timezone.localdate(now),
                        ),
                        row["owed"],
                    )
                )
    return found


def alarming(counts: Collection[ColumnCount]) -> list[ColumnCount]:
    """Those that will not reach their number at this pace, the worst first."""
    found = [count for count in counts if count.forecast.is_alarming]
    return sorted(found, key=lambda row: (row.forecast.pace != Pace.MISSED, -row.forecast.missing))


def _nothing() -> dict[str, Any]:
    return {"column": None, "title": "", "done": 0, "planned": 0, "owed": 0}


def _class_of(site_kind: str) -> str:
    return SiteClass.PORTAL if site_kind == "portal" else SiteClass.SUB_SITE


def _sites(sites: Collection[int] | None) -> QuerySet[Any, dict[str, Any]]:
    records = ServiceTeam._meta.get_field("site").related_model._default_manager.filter(
        state="running"
    )
    if sites is not None:
        records = records.filter(pk__in=sites)
    return records.order_by("pk").values("pk", "kind", "short_name")


def _grouped(
    sites: Collection[int] | None, year: int, now: datetime.datetime
) -> list[dict[str, Any]]:
    """Asking counts from the day it opens, an interview when it has been held."""
    zone = timezone.get_current_timezone()
    first = datetime.datetime(year, 1, 1, tzinfo=zone)
    after = datetime.datetime(year + 1, 1, 1, tzinfo=zone)
    in_year = Q(opens_at__gte=first, opens_at__lt=after)
    has_begun = Q(opens_at__lte=now)
    is_over = Q(ends__lte=now)
    # One that was announced and never held does not count; one held elsewhere has a result.
    was_held = is_over & (
        Q(started_at__isnull=False) | Q(ended_at__isnull=False) | Q(result_at__isnull=False)
    )
    counts_now = Q(page__live=True) & (
        (Q(counted=_Counted.ASKING) & has_begun) | (Q(counted=_Counted.INTERVIEWS) & was_held)
    )
    is_to_come = ~is_over & ~counts_now
    activities = Activity.objects.filter(
        site__isnull=False, page__locale__language_code=settings.LANGUAGE_CODE
    )
    if sites is not None:
        activities = activities.filter(site__in=sites)
    grouped = (
        activities.annotate(
            ends=ENDS,
            counted=Case(
                When(kind=ActivityKind.INTERVIEW, then=Value(_Counted.INTERVIEWS.value)),
                default=Value(_Counted.ASKING.value),
            ),
        )
        .values("site", "counted", "column", title=F("column__title"))
        .annotate(
            done=Count("pk", filter=in_year & counts_now),
            planned=Count("pk", filter=in_year & is_to_come),
            owed=Count("pk", filter=in_year & counts_now & is_over & Q(result_at__isnull=True)),
        )
        .order_by("site", "counted", "column__title", "column")
    )
    return [dict(row) for row in grouped]
