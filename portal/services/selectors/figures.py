"""Counts of services and service figures of sites (R-SVC-17, 21)."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Max

from portal.plugin_api import is_enabled, page_today, public_pages
from portal.services.models import GuideRecord, ServiceFigure, ServiceSettings
from portal.services.models.guides import WHOLLY_ONLINE

from .oversight import months_ago


@dataclass(slots=True)
class SiteCounts:
    """Of one site. ``latest`` is the newest month with a figure; figures are this year's sums,
    but the registered users, which are the newest number."""

    site: int
    items: int = 0
    wholly_online: int = 0
    without_level: int = 0
    cases_natural: int | None = None
    cases_legal: int | None = None
    online_cases: int | None = None
    registered_users: int | None = None
    latest: datetime.date | None = None
    is_stale: bool = False
    levels: dict[int, int] = field(default_factory=dict)


_SUMMED = (
    ServiceFigure.What.CASES_NATURAL,
    ServiceFigure.What.CASES_LEGAL,
    ServiceFigure.What.ONLINE_CASES,
)


def counts_of(sites: Iterable[int], today: datetime.date | None = None) -> list[SiteCounts]:
    """By site, in the order given. Four queries, whatever their number."""
    today = today or page_today()
    found = {site: SiteCounts(site) for site in sites}
    _count_guides(found)
    year = today.replace(month=1, day=1)
    rows = ServiceFigure.objects.filter(site__in=found)
    for site, what, value in rows.filter(month__gte=year).values_list("site", "what", "value"):
        if what in _SUMMED:
            setattr(found[site], what, (getattr(found[site], what) or 0) + value)
    users = rows.filter(what=ServiceFigure.What.REGISTERED_USERS).order_by("month")
    for site, value in users.values_list("site", "value"):
        found[site].registered_users = value
    latest, months = _latest(found), _months(found)
    for site, row in found.items():
        row.latest = latest.get(site)
        row.is_stale = _is_stale(row.latest, months.get(site), today)
    return list(found.values())


def _count_guides(found: dict[int, SiteCounts]) -> None:
    """Public originals where they stand. Aliases repeat what counts elsewhere."""
    rows = GuideRecord.objects.filter(public_pages("page__path"), site__in=found)
    counted = rows.order_by().values_list("site", "page__online_level__rank").annotate(Count("pk"))
    for site, rank, count in counted:
        row = found[site]
        row.items += count
        if rank is None:
            row.without_level += count
        else:
            row.levels[rank] = count
            row.wholly_online += count if rank >= WHOLLY_ONLINE else 0


def stale_sites(sites: set[int] | None, today: datetime.date | None = None) -> list[int]:
    """Sites that have guides and whose figures are older than their setting (None: all sites).

    Three queries: this stands on the first page of the admin.
    """
    today = today or page_today()
    rows = (
        GuideRecord.objects.all() if sites is None else GuideRecord.objects.filter(site__in=sites)
    )
    found = rows.order_by().values_list("site", flat=True).distinct()
    wanted = sorted(pk for pk in found if is_enabled("services", pk))
    latest, months = _latest(wanted), _months(wanted)
    return [pk for pk in wanted if _is_stale(latest.get(pk), months.get(pk), today)]


def _latest(sites: Collection[int]) -> dict[int, datetime.date]:
    rows = ServiceFigure.objects.filter(site__in=sites).order_by()
    return dict(rows.values_list("site").annotate(Max("month")))


def _months(sites: Collection[int]) -> dict[int, int]:
    rows = ServiceSettings.objects.filter(site__in=sites)
    return dict(rows.values_list("site", "figures_months"))


def _is_stale(latest: datetime.date | None, months: int | None, today: datetime.date) -> bool:
    limit = months_ago(months or ServiceSettings.DEFAULT_MONTHS, today)
    return latest is None or latest < limit
