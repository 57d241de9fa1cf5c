"""Reading clocks: of a subject, of an account, and what a date would be."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.core import roles, structure
from portal.core.models import Clock, ClockAlarm, SiteRoleGroup
from portal.core.roles import Action
from portal.plugins.sites import SiteLike, site_pk

from . import terms
from .calendar import ONE_DAY
from .worktime import Due, Limit

# From here on administrators are told that next year's notice is missing: it comes in November.
WARN_FROM = (11, 1)


@dataclass(frozen=True, slots=True)
class OfficeState:
    """Whether people are at work at a site at a moment: until when, or from when on again."""

    is_open: bool
    changes_at: datetime.datetime


def office_state(site: SiteLike, now: datetime.datetime | None = None) -> OfficeState:
    """Whether a site's office hours run now, by its work calendar. No query in the usual case."""
    now = now or timezone.now()
    times = terms.work_time(site_pk(site) or 0)
    for begin, end in times.sessions_from(now.astimezone(times.zone).date()):
        if now < end:
            return OfficeState(begin <= now, end if begin <= now else begin)
    raise AssertionError("working time never ends")


def clocks_of(subject: str) -> QuerySet[Clock]:
    """All clocks of a subject, the open ones first, then the latest."""
    return Clock.objects.filter(subject=subject).order_by("stopped_at", "-started_at", "-pk")


def due(site: SiteLike, limit: Limit, started_at: datetime.datetime | None = None) -> Due:
    """When a limit would end at a site that began then (by default now), with warnings."""
    return terms.work_time(site_pk(site) or 0).due(started_at or timezone.now(), limit)


def working_days_since(
    site: SiteLike, days: Iterable[datetime.date], today: datetime.date | None = None
) -> dict[datetime.date, int]:
    """How many working days have passed since each of many days: in one walk through the calendar.

    Today counts where it is worked, the day itself does not. Days to come are negative.
    """
    times = terms.work_time(site_pk(site) or 0)
    return times.calendar.worked_since(days, today or timezone.localdate())


def limit_of(kind: str, site: SiteLike) -> Limit:
    """The limit that holds for a kind at a site.

    Raises:
        KeyError: the site has no deadlines of this kind.
    """
    pk = site_pk(site) or 0
    entry = terms.kind_of(kind, pk)
    if entry is None:
        raise KeyError(f"no deadlines of the kind {kind!r} at site {pk}")
    return terms.terms_at(entry, pk).limit


def visible_to(user: Any) -> QuerySet[Clock]:
    """The open clocks that an account works on, the most urgent first.

    These are the clocks of its sites that no unit has or that its own unit has; all of a site for
    its administrators and for accounts without a unit; and those that were escalated to a role
    that it holds there.
    """
    clocks = Clock.objects.exclude(state=Clock.State.STOPPED).select_related("site", "unit")
    works_at = roles.sites_allowing(user, Action.PAGE_CHANGE)
    if works_at is None:
        return clocks.order_by("due_at", "pk")
    runs = roles.sites_allowing(user, Action.SITE_SETTINGS) or set()
    own = Q(unit__isnull=True) | Q(unit=user.organisation_id)
    mine = Q(site__in=works_at) & (own if user.organisation_id else Q())
    escalated = Q()
    held = SiteRoleGroup.objects.filter(group__user=user).values_list("site_id", "role")
    for place, role in held:
        escalated |= Q(clock__site=place, role=role)
    told = ClockAlarm.objects.filter(escalated).values("clock") if escalated else []
    return clocks.filter(mine | Q(site__in=runs) | Q(pk__in=told)).order_by("due_at", "pk")


def unknown_year(today: datetime.date | None = None) -> int | None:
    """The year whose notice is missing: this one, or from November on the next one."""
    today = today or timezone.localdate()
    years = terms.work_calendar().years
    if today.year not in years:
        return today.year
    if (today.month, today.day) >= WARN_FROM and today.year + 1 not in years:
        return today.year + 1
    return None


def years_needed(today: datetime.date | None = None) -> set[int]:
    """Years without a notice that the due moments of open clocks lie in."""
    today = today or timezone.localdate()
    open_clocks = Clock.objects.exclude(state=Clock.State.STOPPED)
    last = open_clocks.order_by("-due_at").values_list("due_at", flat=True).first()
    if last is None:
        return set()
    end = timezone.localtime(last).date() + ONE_DAY
    known = terms.work_calendar().years
    return {year for year in range(today.year, end.year + 1) if year not in known}


def site_names() -> dict[int, str]:
    """Short names of all sites, without a query."""
    return {pk: record.short_name for pk, record in structure.current().records.items()}
