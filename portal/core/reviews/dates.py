"""Publication times that a person typed: they are not the moment of the release."""

import datetime

from django.utils import timezone
from wagtail.models import Page, Revision

from portal.core.models import Publication, ReviewRound

# Written in the morning, released the day after: nobody need explain that.
_USUAL = datetime.timedelta(days=3)


def earlier_date(review: ReviewRound, version: Page | None = None) -> datetime.datetime | None:
    """The typed publication time of an item, where it lies so far back that it wants a reason.

    None also for what was public before: its first time stands.

    Args:
        version: the version in review, where it is at hand.
    """
    page = review.page
    if page is None or Publication.objects.filter(item=review.item).exists():
        return None
    if version is None:
        revision = Revision.objects.filter(pk=review.revision_id).first()
        if revision is None:
            return None
        version = revision.as_object()
    stated = getattr(version, "stated_date", lambda: None)()
    return stated if stated is not None and stated < timezone.now() - _USUAL else None
