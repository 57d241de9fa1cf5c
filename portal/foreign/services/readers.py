"""Writing how often pages are read, and what the queues make of it."""

import datetime
import logging
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from portal.foreign.models import ForeignSection, PageTranslation, ReaderCount
from portal.plugin_api import CapabilityUnavailable, capability, visits

logger = logging.getLogger(__name__)

# What the order of the queue looks back on, and how long numbers are kept.
DAYS = 90
KEPT_DAYS = 400
# Pages of which the counter of visits is asked in one query.
_AT_ONCE = 5_000


def add_views(counts: Mapping[tuple[int, datetime.date], int]) -> int:
    """Add views to what is stored: of core pages and of their translations only; how many rows."""
    pks = {pk for pk, _day in counts}
    concerned = PageTranslation.objects.filter(Q(source__in=pks) | Q(target__in=pks))
    known = {pk for pair in concerned.values_list("source", "target") for pk in pair}
    written = 0
    for (pk, day), views in counts.items():
        if pk in known:
            _add(pk, day, views)
            written += 1
    return written


def _add(page_pk: int, day: datetime.date, views: int) -> None:
    rows = ReaderCount.objects.filter(page=page_pk, day=day)
    if rows.update(views=F("views") + views):
        return
    try:
        with transaction.atomic():
            ReaderCount.objects.create(page_id=page_pk, day=day, views=views)
    except IntegrityError:  # another process was faster, or the page is gone meanwhile
        rows.update(views=F("views") + views)


def refresh_readers(site_pk: int | None) -> int:
    """Give the translations of a site their readers; how many numbers changed. Each night.

    A translation that is public has its own readers. One that is missing is given those of the
    Chinese page, in the proportion in which the section's other pages are read beside theirs.
    """
    if site_pk is None:
        return 0
    today = timezone.localdate()
    ReaderCount.objects.filter(day__lt=today - datetime.timedelta(days=KEPT_DAYS)).delete()
    counted = (
        ReaderCount.objects.filter(day__gt=today - datetime.timedelta(days=DAYS))
        .order_by()
        .values_list("page")
        .annotate(total=Sum("views"))
    )
    views: dict[int, int] = dict(counted)
    changed = 0
    for section in ForeignSection.objects.filter(site=site_pk):
        changed += _refresh_section(section, _with_visits(views, section))
    return changed


def _with_visits(views: Mapping[int, int], section: ForeignSection) -> dict[int, int]:
    """The views with those of the counter of visits, if there is one, where it saw more: pages from
    a store in front of Django are seen by it alone, days before it was there by our own."""
    found: dict[int, int] = dict(views)
    counter = capability(visits, section.site_id)
    if counter is None:
        return found
    pairs = PageTranslation.objects.filter(section=section).values_list("source", "target")
    pks = sorted({pk for pair in pairs for pk in pair if pk})
    try:
        for start in range(0, len(pks), _AT_ONCE):
            seen = counter.of_pages(pks[start : start + _AT_ONCE], days=DAYS)
            found |= {pk: max(number, found.get(pk, 0)) for pk, number in seen.items()}
    except CapabilityUnavailable:
        logger.warning("The counter of visits does not answer; the own counts are used alone")
    return found


def _refresh_section(section: ForeignSection, views: Mapping[int, int]) -> int:
    rows = list(
        PageTranslation.objects.filter(section=section).only(
            "pk", "source_id", "target_id", "readers", "released_at"
        )
    )
    public = [row for row in rows if row.released_at is not None and row.target_id]
    read = sum(views.get(row.target_id or 0, 0) for row in public)
    beside = sum(views.get(row.source_id, 0) for row in public)
    share = min(read / beside, 1.0) if beside else 0.0
    changed = []
    for row in rows:
        if row.released_at is not None and row.target_id:
            readers = views.get(row.target_id, 0)
        else:
            readers = round(views.get(row.source_id, 0) * share)
        if readers != row.readers:
            row.readers = readers
            changed.append(row)
    PageTranslation.objects.bulk_update(changed, ["readers"], batch_size=500)
    return len(changed)
