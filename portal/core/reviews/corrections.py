"""What readers are told of corrections: a note with its date, for good."""

import datetime
from dataclasses import dataclass

from wagtail.models import Page

from portal.core.models import ReviewRound
from portal.core.publications import item_key

State = ReviewRound.State


@dataclass(frozen=True, slots=True)
class Correction:
    text: str
    at: datetime.datetime


def corrections_of(page: Page) -> list[Correction]:
    """Notes of the corrections of a public page, newest first; no query for what never changed."""
    first, last = page.first_published_at, page.last_published_at
    if first is None or last is None or first == last:
        return []
    rounds = ReviewRound.objects.filter(
        item=item_key(page), state__in=(State.RELEASED, State.ENDED), released_at__isnull=False
    ).exclude(correction="")
    rows = rounds.order_by("-released_at").values_list("correction", "released_at")
    return [Correction(text, at) for text, at in rows if at is not None]
