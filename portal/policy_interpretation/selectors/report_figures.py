"""The figures of an annual report that the records know."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from portal.plugin_api import (
    CapabilityUnavailable,
    DisclosureRequestFigures,
    capability,
    disclosure_requests,
)
from portal.policy_interpretation.models import DisclosurePlatform, PolicyRecord
from portal.policy_interpretation.models.documents import BodyLevel, Genre
from portal.policy_interpretation.validity import Validity, having


@dataclass(frozen=True, slots=True)
class GenreFigures:
    """Documents of a genre: made and ended within the year, in force at its end."""

    genre: str
    label: str
    made: int
    ended: int
    in_force: int


def document_figures(platform: DisclosurePlatform, year: int) -> list[GenreFigures]:
    """By genre; genres without any document are left out. One query.

    Counted are the public documents in the platform's catalogue that its own level issued, not
    those of higher bodies that it carries. Ended is what was repealed or ran out in the year.
    """
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    records = PolicyRecord.objects.filter(
        page__live=True, page__in=platform.entries.values("page")
    ).exclude(level__in=(BodyLevel.NATIONAL, BodyLevel.PROVINCIAL))
    standing = Q()
    for state in (Validity.VALID, Validity.AMENDED, Validity.PARTLY_INVALID):
        standing |= having(state, last)
    was_repealed = Q(repealed_on__range=(first, last))
    # A document that was repealed before its last day does not run out as well.
    ran_out = Q(valid_through__range=(first - datetime.timedelta(days=1), last)) & Q(
        valid_through__lt=last, repealed_on=None
    )
    rows = (
        records.order_by()
        .values_list("genre")
        .annotate(
            made=Count("pk", filter=Q(issued_on__range=(first, last))),
            ended=Count("pk", filter=was_repealed | ran_out),
            in_force=Count("pk", filter=standing & Q(issued_on__lte=last)),
        )
    )
    found = {genre: numbers for genre, *numbers in rows}
    return [
        GenreFigures(genre.value, str(genre.label), *found[genre.value])
        for genre in Genre
        if any(found.get(genre.value, ()))
    ]


def request_figures(platform: DisclosurePlatform, year: int) -> DisclosureRequestFigures | None:
    """What the plugin that takes requests has counted; None where nobody can say."""
    provider = capability(disclosure_requests, platform.site_id)
    if provider is None:
        return None
    try:
        return provider.figures(site=platform.site_id, unit=platform.unit_id, year=year)
    except CapabilityUnavailable:
        return None  # the breaker has recorded why; the table is left to fill in


def as_json(figures: list[GenreFigures]) -> list[dict[str, Any]]:
    return [
        {"genre": row.genre, "made": row.made, "ended": row.ended, "in_force": row.in_force}
        for row in figures
    ]
