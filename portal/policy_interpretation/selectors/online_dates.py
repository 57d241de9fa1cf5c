"""When documents came online, measured by their date: each of them, and body by body (R-PUB-14)."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from portal.plugin_api import Action, sites_allowing
from portal.policy_interpretation.models import PolicyRecord
from portal.policy_interpretation.models.documents import BodyLevel, Disclosure

# Carried with their source: when these come online is a matter of reposting.
CARRIED = (BodyLevel.NATIONAL, BodyLevel.PROVINCIAL)
_DAY = datetime.timedelta(days=1)


def sites_read(user: Any) -> set[int] | None:
    """The sites whose report an account reads: where it works, and where it reads the records."""
    found: set[int] = set()
    for action in (Action.PAGE_CHANGE, Action.PUBLICATION_RECORD):
        sites = sites_allowing(user, action)
        if sites is None:
            return None
        found |= sites
    return found


def online_dates(
    sites: Collection[int] | None,
    first: datetime.date,
    last: datetime.date,
    *,
    carried: bool = False,
) -> Any:
    """The public documents of a period that are in the scope of proactive disclosure.

    A document belongs to the period by its date; one without a date by the day it came online.
    Each has ``online_on`` and ``stated_on`` (the day that its page states), days of the portal's
    time zone whatever the reader's is, and ``days`` from its date until it was online: a
    ``timedelta``, negative where it was online before its date, None without a date.
    """
    zone = timezone.get_default_timezone()
    dated = Q(issued_on__range=(first, last))
    undated = Q(
        issued_on=None,
        page__first_published_at__gte=_midnight(first, zone),
        page__first_published_at__lt=_midnight(last + _DAY, zone),
    )
    found = PolicyRecord.objects.filter(
        dated | undated,
        page__live=True,
        page__alias_of=None,
        page__disclosure=Disclosure.ACTIVE,
        page__first_published_at__isnull=False,
    )
    if sites is not None:
        found = found.filter(site__in=sites)
    if not carried:
        found = found.exclude(level__in=CARRIED)
    return found.annotate(
        online_on=TruncDate("page__first_published_at", tzinfo=zone),
        stated_on=TruncDate("published_at", tzinfo=zone),
        days=ExpressionWrapper(F("online_on") - F("issued_on"), output_field=DurationField()),
    )


def _midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()), zone)


def later_than(found: Any, days: int | None) -> Any:
    """Those that took longer, and those of which nobody can say it; None: all. Worst first."""
    if days is not None:
        found = found.filter(Q(days__gt=days * _DAY) | Q(issued_on=None))
    return found.order_by(F("days").desc(nulls_first=True), "-page__first_published_at", "pk")


@dataclass(frozen=True, slots=True)
class BodyRow:
    """The documents of a body. ``in_step``: online on their date or before; ``median`` and
    ``worst`` are days, None where no document has a date."""

    name: str
    count: int
    in_step: int
    undated: int
    median: float | None
    worst: int | None


def by_body(found: Any) -> list[BodyRow]:
    """A line for each lead body, that with the most documents first. One query, which counts by
    body and days: databases have no median in common."""
    counted = found.order_by().values_list("lead_body", "days").annotate(Count("pk"))
    bodies: dict[str, list[tuple[int | None, int]]] = {}
    for name, days, number in counted:
        bodies.setdefault(name, []).append((days.days if days is not None else None, number))
    rows = [_body_row(name, pairs) for name, pairs in bodies.items()]
    return sorted(rows, key=lambda row: (-row.count, row.name))


def _body_row(name: str, pairs: Iterable[tuple[int | None, int]]) -> BodyRow:
    undated, dated = 0, []
    for days, number in pairs:
        if days is None:
            undated += number
        else:
            dated.append((days, number))
    dated.sort()
    return BodyRow(
        name=name,
        count=undated + sum(number for _days, number in dated),
        in_step=sum(number for days, number in dated if days <= 0),
        undated=undated,
        median=median_of(dated),
        worst=dated[-1][0] if dated else None,
    )


def median_of(counted: list[tuple[int, int]]) -> float | None:
    """The median of sorted values that are given with how often each occurs; None of nothing."""
    total = sum(number for _value, number in counted)
    if not total:
        return None
    middle = [_at(counted, (total - 1) // 2), _at(counted, total // 2)]
    return sum(middle) / 2


def _at(counted: list[tuple[int, int]], place: int) -> int:
    for value, number in counted:
        place -= number
        if place < 0:
            return value
    raise IndexError(place)
