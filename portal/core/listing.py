"""Writing listing rows and their counts; ``lists`` reads them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Page

from . import keywords, structure
from .models import MARKED, ListingCount, ListingRow
from .structure import Node, Structure


def containers_for(page: Page, found: Structure) -> list[Node]:
    """The containers that list a page: its own column first, up to the nearest site or topic.

    A sub-site's or topic's articles are not listed in the portal: there they appear by reference.
    """
    node = found.nearest(page.path[: -structure.STEPLEN])
    containers: list[Node] = []
    while node is not None:
        if getattr(node.model, "is_container", False):
            containers.append(node)
        if getattr(node.model, "is_listing_boundary", False):
            break
        node = node.parent
    return containers


def sync(page: Page, found: Structure | None = None) -> None:
    """Make the listing say of ``page`` (specific) what is true; safe to call again."""
    found = found or structure.current()
    public = page.live and getattr(page, "is_listed", False) and not found.is_private(page.path)
    containers = containers_for(page, found) if public else []
    existing = {row.container_id: row for row in ListingRow.objects.filter(page_id=page.pk)}
    if not containers and not existing:
        return
    values = page.listing_values() if containers else {}
    image_pk = values.pop("image_id", None)
    pinned = bool(values.pop("is_pinned", False))
    values["date"] = values.get("date") or timezone.now()
    if containers:
        standing = page.standing()
        values["mark"] = standing if standing in MARKED else ""
    with transaction.atomic():
        for position, node in enumerate(containers):
            own = position == 0
            wanted = {**values, "is_own": own, "is_pinned": pinned and own}
            row = existing.pop(node.pk, None)
            if row is None:
                row = ListingRow.objects.create(
                    page_id=page.pk, container_id=node.pk, image_id=image_pk, **wanted
                )
                _count(node.pk, 1)
                if own:
                    keywords.sync(row, page.path, page.keywords, found)
                continue
            for name, value in wanted.items():
                setattr(row, name, value)
            if row.image_id != image_pk:
                # The worker makes the picture; until then the list shows the item without one.
                row.image_id, row.image_url, row.image_srcset = image_pk, "", ""
            row.save()
            _refresh_latest(node.pk)
            if own:
                keywords.sync(row, page.path, page.keywords, found)
        for row in existing.values():
            row.delete()
            _count(row.container_id, -1)


def _count(container_pk: int, change: int) -> None:
    ListingCount.objects.get_or_create(container_id=container_pk)
    ListingCount.objects.filter(container_id=container_pk).update(count=F("count") + change)
    count = _refresh_latest(container_pk)
    if count - change == 0 or count == 0:
        structure.touch()  # menus show a column when it gets its first item and hide a blank one


def _refresh_latest(container_pk: int) -> int:
    latest = (
        ListingRow.objects.filter(container_id=container_pk)
        .order_by("-date", "-page")
        .values_list("date", flat=True)
        .first()
    )
    ListingCount.objects.filter(container_id=container_pk).update(latest=latest)
    return ListingCount.objects.values_list("count", flat=True).get(container_id=container_pk)


def forget(page_pks: Iterable[int]) -> None:
    """Take pages that are about to be deleted out of the counts (their rows go with them)."""
    rows = ListingRow.objects.filter(page_id__in=list(page_pks))
    for container_pk in list(rows.values_list("container_id", flat=True)):
        ListingCount.objects.filter(container_id=container_pk, count__gt=0).update(
            count=F("count") - 1
        )
    containers = set(rows.values_list("container_id", flat=True))
    rows.delete()
    for container_pk in containers:
        if ListingCount.objects.filter(container_id=container_pk).exists():
            _refresh_latest(container_pk)
    if containers:
        structure.touch()


def resync_subtree(path: str) -> int:
    """After a move, a new restriction or an archived topic: sync everything at or below a path."""
    found = structure.current()
    pages = Page.objects.filter(path__startswith=path).order_by("path").specific(defer=False)
    number = 0
    for page in pages.iterator(chunk_size=200):
        if getattr(page, "is_listed", False):
            sync(page, found)
            number += 1
    return number
