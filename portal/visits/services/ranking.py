"""Which pages are read most, for public lists. Written only where it changes, so that stored pages
with such a list are made anew when the list is another one, and not with each visit."""

import datetime
from collections import defaultdict

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from portal.plugin_api import public_pages
from portal.visits.models import AddressDay, ReadRank

# Days that a list looks back on.
PERIODS = (7, 30)
# Places of a list; it shows fewer.
PLACES = 40


def rank(site: int | None = None, *, today: datetime.date | None = None) -> int:
    """Write the places of all sites and languages anew; how many changed."""
    day = today or timezone.localdate()
    return sum(_rank(days, day) for days in PERIODS)


@transaction.atomic
def _rank(days: int, today: datetime.date) -> int:
    wanted: dict[tuple[int, str, int], int] = {}
    found: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    rows = (
        AddressDay.objects.filter(
            public_pages("page__path"),
            day__gt=today - datetime.timedelta(days=days),
            day__lte=today,
            page__live=True,
        )
        .exclude(page=F("column"))
        .values("site", "language", "page")
        .annotate(total=Sum("views"))
        .order_by("-total", "-page")
    )
    for row in rows.iterator(chunk_size=2000):
        places = found[row["site"], row["language"]]
        if len(places) < PLACES:
            places.append(row["page"])
            wanted[row["site"], row["language"], len(places)] = row["page"]
    changed = 0
    for old in ReadRank.objects.filter(days=days):
        page = wanted.pop((old.site, old.language, old.place), None)
        if page is None:
            old.delete()
        elif page != old.page_id:
            ReadRank.objects.filter(pk=old.pk).update(page=page)
        else:
            continue
        changed += 1
    ReadRank.objects.bulk_create(
        ReadRank(site=site, language=language, days=days, place=place, page_id=page)
        for (site, language, place), page in wanted.items()
    )
    return changed + len(wanted)
