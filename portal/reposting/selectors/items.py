"""The queue, and how fast reposts were."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone

from portal.plugin_api import Clock
from portal.reposting.models import ItemState, UpstreamItem, UpstreamSource


def queue(sites: Collection[int] | None) -> QuerySet[UpstreamItem]:
    rows = (
        UpstreamItem.objects.all() if sites is None else UpstreamItem.objects.filter(site__in=sites)
    )
    return rows.select_related("source", "clock", "site", "page").defer("html")


def late(now: datetime.datetime | None = None) -> Q:
    """Still to be reposted, and its time is over."""
    return Q(
        state__in=UpstreamItem.OPEN,
        clock__state=Clock.State.RUNNING,
        clock__due_at__lt=now or timezone.now(),
    )


@dataclass(frozen=True, slots=True)
class QueueCounts:
    new: int
    taken: int
    drafted: int
    late: int


def counts(rows: QuerySet[UpstreamItem]) -> QueueCounts:
    """One query, over what is open."""
    found = (
        rows.filter(state__in=UpstreamItem.OPEN)
        .order_by()
        .aggregate(
            new=Count("pk", filter=Q(state=ItemState.NEW)),
            taken=Count("pk", filter=Q(state=ItemState.TAKEN)),
            drafted=Count("pk", filter=Q(state=ItemState.DRAFTED)),
            late=Count("pk", filter=late()),
        )
    )
    return QueueCounts(**found)


@dataclass(frozen=True, slots=True)
class Speed:
    """One source in a period (R-PUB-09). ``minutes`` is the average of what is public."""

    source: UpstreamSource
    wanted: int
    in_time: int
    late: int
    waiting: int
    minutes: int | None


def wanted_in(
    sites: Collection[int], since: datetime.datetime, until: datetime.datetime
) -> QuerySet[UpstreamItem]:
    """What was to be reposted: set aside and double items are not."""
    return UpstreamItem.objects.filter(
        site__in=sites, published_at__gte=since, published_at__lt=until
    ).exclude(state=ItemState.SET_ASIDE)


def _missed(now: datetime.datetime) -> Q:
    return Q(in_time=False) | late(now)


def speeds(
    sites: Collection[int], since: datetime.datetime, until: datetime.datetime
) -> list[Speed]:
    """By source. Two queries."""
    now = timezone.now()
    rows = (
        wanted_in(sites, since, until)
        .order_by()
        .values("source")
        .annotate(
            wanted=Count("pk"),
            on_time=Count("pk", filter=Q(in_time=True)),
            missed=Count("pk", filter=_missed(now)),
            average=Avg("minutes"),
        )
    )
    found = {row["source"]: row for row in rows}
    sources = UpstreamSource.objects.filter(pk__in=found).select_related("site")
    return [
        Speed(
            source=source,
            wanted=row["wanted"],
            in_time=row["on_time"],
            late=row["missed"],
            waiting=row["wanted"] - row["on_time"] - row["missed"],
            minutes=None if row["average"] is None else round(row["average"]),
        )
        for source in sources
        if (row := found[source.pk])
    ]


def missed(
    sites: Collection[int], since: datetime.datetime, until: datetime.datetime
) -> QuerySet[UpstreamItem]:
    """What came too late, or is not there although its time is over."""
    return (
        wanted_in(sites, since, until)
        .filter(_missed(timezone.now()))
        .select_related("source", "clock", "page", "site")
        .defer("html")
        .order_by("published_at", "pk")
    )
