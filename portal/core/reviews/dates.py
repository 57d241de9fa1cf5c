"""Publication times that a person typed: they are not the moment of the release."""

import datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone
from wagtail.models import Page, Revision

from portal.core.models import Publication, ReviewRound

# Written in the morning, released the day after: nobody need explain that.
_USUAL = datetime.timedelta(days=3)


def earlier_date(review: ReviewRound, version: Page | None = None) -> datetime.datetime | None:
    """The typed publication time of an item, where it lies so far back that it wants a reason.

    None also where a change leaves the time as the public saw it, or sets it to that of the first
    publication.

    Args:
        version: the version in review, where it is at hand.
    """
    page = review.page
    if page is None:
        return None
    if version is None:
        revision = Revision.objects.filter(pk=review.revision_id).first()
        if revision is None:
            return None
        version = revision.as_object()
    stated = _stated(version)
    if stated is None or stated >= timezone.now() - _USUAL:
        return None
    first = Publication.objects.filter(item=review.item).aggregate(first=Min("since"))["first"]
    if first is not None and abs(stated - first) <= _USUAL:
        return None
    return None if page.live and _stated(page.specific) == stated else stated


def _stated(page: Any) -> datetime.datetime | None:
    found: datetime.datetime | None = getattr(page, "stated_date", lambda: None)()
    return found
