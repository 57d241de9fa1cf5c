"""What other plugins ask: the most visited addresses, the visits of pages."""

import datetime
from collections.abc import Mapping, Sequence

from django.db.models import Max, Sum
from django.utils import timezone

from portal.visits.models import AddressDay


def _since(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


def most_visited(
    *, site: int | None, days: int, limit: int, language: str = ""
) -> list[tuple[str, int, int | None]]:
    """(host and path, views, page or None) of pages, the most visited first. One query."""
    rows = AddressDay.objects.filter(day__gt=_since(days), is_file=False)
    if site is not None:
        rows = rows.filter(site=site)
    if language:
        rows = rows.filter(language=language)
    found = (
        rows.values("address__host", "address__path")
        .annotate(total=Sum("views"), what=Max("page"))
        .order_by("-total", "address__path", "address__host")[:limit]
    )
    return [
        (f"{row['address__host']}{row['address__path']}", row["total"], row["what"])
        for row in found
    ]


def of_pages(pages: Sequence[int], *, days: int) -> Mapping[int, int]:
    """Views by page; those without any are left out. One query."""
    rows = (
        AddressDay.objects.filter(page__in=pages, day__gt=_since(days))
        .values_list("page")
        .annotate(total=Sum("views"))
        .order_by()
    )
    return dict(rows)
