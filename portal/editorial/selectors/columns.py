"""Columns that nobody has written in for longer than their update period (R-PUB-30)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from portal.plugin_api import ColumnPage, ListingRow, site_home, site_of_path


@dataclass(frozen=True, slots=True)
class OverdueColumn:
    """``days`` is how long the last item is past; None: there never was one."""

    column: ColumnPage
    site_pk: int
    days: int | None

    @property
    def period(self) -> int:
        return int(self.column.update_period_days or 0)


def overdue_columns(sites: Iterable[int]) -> list[OverdueColumn]:
    """Of these sites' Chinese trees, the longest overdue first. One query for each site."""
    found = []
    now = timezone.now()
    for site_pk in sites:
        home = site_home(site_pk, settings.LANGUAGE_CODE)
        if home is None:
            continue
        last = (
            ListingRow.objects.filter(container=OuterRef("pk"))
            .order_by()
            .values("container")
            .annotate(last=Max("date"))
            .values("last")
        )
        columns = (
            ColumnPage.objects.live()
            .filter(path__startswith=home.path, update_period_days__gt=0)
            .select_related("owner_unit")
            .annotate(last=Subquery(last))
        )
        for column in columns:
            if site_of_path(column.path) != site_pk:  # of a sub-site below
                continue
            since = None if column.last is None else (now - column.last)
            if since is None or since > datetime.timedelta(days=column.update_period_days or 0):
                found.append(OverdueColumn(column, site_pk, since.days if since else None))
    return sorted(found, key=lambda row: -(row.days if row.days is not None else 10**6))
