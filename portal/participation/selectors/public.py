"""Which activity an address means, for whoever may read it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.participation.models import Activity, Stage
from portal.plugin_api import PortalContext, page_holds_until, portal_of

# So long an interview may go on after its announced end.
OVERRUN = datetime.timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Place:
    """A public page with its row and its surroundings."""

    page: Any
    activity: Activity
    portal: PortalContext


def public_place(request: HttpRequest, model: Any, pk: int) -> Place:
    """The page behind an address of this plugin. Five queries at most.

    Raises:
        Http404: it is not public, or an alias (whose forms lead to the original).
    """
    page = get_object_or_404(
        model.objects.select_related("locale"), pk=pk, live=True, alias_of__isnull=True
    )
    portal = portal_of(request).for_page(page)
    if page.get_url(request) is None or portal.structure.is_private(page.path):
        raise Http404
    activity = get_object_or_404(Activity, page=pk)
    return Place(page, activity, portal)


def activity_of(page: Any) -> Activity:
    """The row of a page, of an alias that of its original; an empty one for a first preview."""
    found = Activity.objects.filter(page=page.alias_of_id or page.pk or 0).first()
    return found or Activity(kind=page.activity)


def end_of(activity: Activity) -> datetime.datetime | None:
    """When it ended or will end. Interviews overrun; one that nobody ends ends by itself."""
    if activity.ended_at is not None or activity.closes_at is None:
        return activity.ended_at
    return activity.closes_at + OVERRUN if activity.started_at else activity.closes_at


def stage_of(activity: Activity) -> Stage:
    """How far it is now; a page that shows it holds until it begins or ends."""
    now = timezone.now()
    if activity.result_at is not None:
        return Stage.CLOSED
    end = end_of(activity)
    page_holds_until(activity.started_at or activity.opens_at, end)
    if end is not None and end <= now:
        return Stage.OWED
    begins = activity.started_at or activity.opens_at
    return Stage.OPEN if begins is not None and begins <= now else Stage.COMING


def page_stage(page: Any, activity: Activity) -> Stage:
    """As ``stage_of``, by the dates that the page at hand has: right in previews too."""
    shown = Activity(
        kind=activity.kind,
        opens_at=page.opens_at,
        closes_at=page.closes_at,
        started_at=activity.started_at,
        ended_at=activity.ended_at,
        result_at=activity.result_at or (timezone.now() if page.has_result else None),
    )
    return stage_of(shown)
