"""What lists read - rows, counts, keywords, pictures - made anew from the pages.

In place, in batches: readers see a list that is right or as it was, never an empty one.
"""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Count, Max
from wagtail.models import Page

from . import extension_points, listing, structure
from .models import ListingCount, ListingRow
from .renditions import fill_listing_images
from .turns import take_turn

BATCH = 200


def rebuild_pages(say: Callable[[str], None]) -> int:
    """The target ``pages`` of ``portal rebuild_index``. Returns the number of pages looked at."""
    total = number = 0
    batch: list[Page] = []
    pages = Page.objects.filter(depth__gt=1).order_by("path").specific(defer=False)
    for page in pages.iterator(chunk_size=BATCH):
        total += 1
        if getattr(page, "is_listed", False):
            batch.append(page)
        if len(batch) == BATCH:
            number += _sync(batch)
            batch.clear()
            say(f"{number} pages in lists")
    number += _sync(batch)
    corrected = _true_counts()
    say(f"{number} pages in lists, {corrected} counts corrected")
    return total


def _sync(pages: Iterable[Page]) -> int:
    pages = list(pages)
    with transaction.atomic():
        take_turn()
        found = structure.current()
        for page in pages:
            # What happened since it was read is said by what happened itself.
            page.refresh_from_db(fields=["live", "path"])
            listing.sync(page, found)
    fill_listing_images([page.pk for page in pages], again=True)
    return len(pages)


def _true_counts() -> int:
    """Counts and newest dates as the rows have them; those of lists without a row become 0."""
    corrected = 0
    with transaction.atomic():
        take_turn()
        rows = ListingRow.objects.order_by().values("container")
        true = {
            row["container"]: (row["number"], row["newest"])
            for row in rows.annotate(number=Count("pk"), newest=Max("date"))
        }
        for count in ListingCount.objects.all():
            number, newest = true.pop(count.container_id, (0, None))
            if (count.count, count.latest) != (number, newest):
                count.count, count.latest = number, newest
                count.save()
                corrected += 1
        ListingCount.objects.bulk_create(
            ListingCount(container_id=container, count=number, latest=newest)
            for container, (number, newest) in true.items()
        )
        corrected += len(true)
        if corrected:
            structure.touch()
    return corrected


extension_points.index_rebuilders.register("pages", rebuild_pages)
