"""Gaps: which somebody sees, and what is known of one."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, F, Q, QuerySet

from assistant.portal_plugin.models import Gap, QuestionPage
from portal.plugin_api import Action, may, sites_allowing


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap for a list of figures. ``asked``: how many questions since the day that was asked for
    have made it up."""

    gap: Gap
    asked: int


@dataclass(frozen=True, slots=True)
class Nearby:
    """An entry that came close to the questions of a gap."""

    page: QuestionPage
    score: float
    share: float


# --- who may --------------------------------------------------------------------------------------
def gaps_for(user: Any) -> QuerySet[Gap]:
    """The gaps of the sites where somebody changes pages; without those that became part of
    others."""
    rows = Gap.objects.select_related("site", "owner_unit", "assignee", "topic", "closed_by")
    rows = rows.exclude(state=Gap.State.MERGED)
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    return rows if sites is None else rows.filter(site__in=sites)


def may_work_on(user: Any, gap: Gap) -> bool:
    """To take it up, write for it, close it with an entry."""
    return may(user, Action.PAGE_CHANGE, gap.site_id)


def may_decide(user: Any, gap: Gap) -> bool:
    """To assign, dismiss, merge and split: who releases pages of the site, and the unit itself."""
    if may(user, Action.PAGE_PUBLISH, gap.site_id):
        return True
    unit = getattr(user, "organisation_id", None)
    return bool(unit and unit == gap.owner_unit_id and may_work_on(user, gap))


def gaps_of(user: Any) -> QuerySet[Gap]:
    """Those that wait for somebody: assigned to the person, or open or assigned at the unit;
    without a unit, all that nobody has taken up."""
    rows = gaps_for(user).filter(state__in=Gap.ACTIVE)
    unit = getattr(user, "organisation_id", None)
    waiting = Q(assignee=None)
    if unit:
        waiting &= Q(owner_unit=unit) | Q(owner_unit=None)
    return rows.filter(Q(assignee=user) | waiting)


# --- figures --------------------------------------------------------------------------------------
def top_gaps(
    sites: Collection[int] | None, since: datetime.datetime, count: int = 10
) -> Sequence[GapLine]:
    """The gaps with most questions since a moment that nobody has closed. ``sites`` None: all."""
    from django.db.models import Count

    rows = Gap.objects.filter(state__in=Gap.ACTIVE).select_related("site", "owner_unit", "topic")
    if sites is not None:
        rows = rows.filter(site__in=list(sites))
    asked = Count("questions", filter=Q(questions__at__gte=since))
    found = rows.annotate(asked=asked).filter(asked__gt=0).order_by("-asked", "-size", "-pk")
    return [GapLine(gap, gap.asked) for gap in found[:count]]


def mean_time_to_close(
    sites: Collection[int] | None, since: datetime.datetime
) -> datetime.timedelta | None:
    """How long gaps that were closed since a moment were open, on average; None without any."""
    rows = Gap.objects.filter(state=Gap.State.CLOSED, closed_at__gte=since)
    if sites is not None:
        rows = rows.filter(site__in=list(sites))
    found: datetime.timedelta | None = rows.aggregate(mean=Avg(F("closed_at") - F("opened_at")))[
        "mean"
    ]
    return found


# --- one gap --------------------------------------------------------------------------------------
def nearby(gap: Gap) -> Sequence[Nearby]:
    """The entries that came closest when it was last looked at, as far as they still are."""
    pages = QuestionPage.objects.select_related("owner_unit").in_bulk(
        [int(row["page"]) for row in gap.nearest]
    )
    return [
        Nearby(pages[int(row["page"])], float(row["score"]), float(row["share"]))
        for row in gap.nearest
        if int(row["page"]) in pages
    ]
