"""Days of the log become numbers, and what is old is forgotten."""

import datetime
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from portal.plugin_api import take_turn
from portal.search.models import LoggedSearch, LogSalt, QueryDay

_NUMBERS = ("searches", "empty", "opened", "places", "askers")


def count_log(site: int | None = None, *, today: datetime.date | None = None) -> None:
    """Make the numbers of all days that are not finished; may run any number of times.

    Args:
        site: unused: the log of all sites is kept at once.
        today: default: the day of the portal's time zone.
    """
    for day in _unfinished(today or timezone.localdate()):
        tally(day, is_over=False)


def forget_log(site: int | None = None, *, today: datetime.date | None = None) -> None:
    """Finish the days that are over, and delete what is old.

    Later in the night than others read the day's searches (``gap_signals``): until then they can
    tell its visitors apart.
    """
    today = today or timezone.localdate()
    for day in _unfinished(today):
        tally(day, is_over=day < today)
    forget(today)


def _unfinished(today: datetime.date) -> list[datetime.date]:
    days = LogSalt.objects.filter(day__lte=today).order_by("day")
    return list(days.values_list("day", flat=True))


@transaction.atomic
def tally(day: datetime.date, *, is_over: bool = True) -> None:
    """Make the numbers of one day. When it is finished its salt goes, and with it the last means to
    tell its visitors apart."""
    take_turn()
    if not LogSalt.objects.select_for_update().filter(day=day).exists():
        return  # another process was faster
    for row in counted(LoggedSearch.objects.filter(day=day)):
        QueryDay.objects.update_or_create(
            day=day,
            site=row["site"],
            language=row["language"],
            query=row["query"],
            defaults={"text": row["said"], **{name: row[name] for name in _NUMBERS}},
        )
    if is_over:
        LoggedSearch.objects.filter(day=day).update(visitor="")
        LogSalt.objects.filter(day=day).delete()


def counted(rows: "QuerySet[LoggedSearch]") -> list[dict[str, Any]]:
    """The numbers of logged searches by site, language and query, as ``QueryDay`` has them."""
    grouped = rows.values("site", "language", "query").annotate(
        said=Max("text"),
        searches=Count("token"),
        nothing=Count("token", filter=Q(total=0)),
        clicks=Count("token", filter=Q(clicked__isnull=False)),
        sum_of_places=Sum("clicked", default=0),
        people=Count("visitor", distinct=True, filter=~Q(visitor="")),
    )
    return [
        {
            "site": row["site"],
            "language": row["language"],
            "query": row["query"],
            "said": row["said"],
            "searches": row["searches"],
            "empty": row["nothing"],
            "opened": row["clicks"],
            "places": row["sum_of_places"],
            # Who could not be told apart counts as one.
            "askers": max(1, row["people"]),
        }
        for row in grouped.order_by("site", "language", "query")
    ]


@transaction.atomic
def forget(today: datetime.date) -> None:
    """Delete single searches, then the words of rare queries, then those of all."""
    take_turn()
    days = datetime.timedelta
    LoggedSearch.objects.filter(day__lt=today - days(settings.SEARCH_LOG_DAYS)).delete()
    old = QueryDay.objects.exclude(query="").filter(day__lt=today - days(settings.SEARCH_RARE_DAYS))
    rare = (
        QueryDay.objects.exclude(query="")
        .values("site", "language", "query")
        .annotate(people=Sum("askers"))
        .filter(people__lt=settings.SEARCH_PRIVACY_THRESHOLD)
        .values_list("site", "language", "query")
    )
    rare_ones = set(rare)
    _fold([row for row in old if (row.site, row.language, row.query) in rare_ones])
    last = today - days(settings.SEARCH_STATISTICS_DAYS)
    _fold(list(QueryDay.objects.exclude(query="").filter(day__lt=last)))


def _fold(rows: list[QueryDay]) -> None:
    """Add rows to the one of their day that has no words, and delete them."""
    sums: dict[tuple[datetime.date, int, str], dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(_NUMBERS, 0)
    )
    for row in rows:
        for name in _NUMBERS:
            sums[row.day, row.site, row.language][name] += getattr(row, name)
    for (day, site, language), numbers in sums.items():
        rest, _made = QueryDay.objects.get_or_create(
            day=day, site=site, language=language, query=""
        )
        for name, number in numbers.items():
            setattr(rest, name, getattr(rest, name) + number)
        rest.save()
    pks = [row.pk for row in rows]
    for start in range(0, len(pks), 500):
        QueryDay.objects.filter(pk__in=pks[start : start + 500]).delete()
