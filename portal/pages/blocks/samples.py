"""Pages and images for previews in the block picker: public ones, whoever looks."""

from typing import Any

from django.apps import apps
from wagtail.models import Page

from portal.core.models import ListingCount, ListingRow, PortalImage

__all__ = ["column_with_items", "images", "leaders_column", "page"]


def column_with_items() -> Page | None:
    """The first column that has something to list."""
    return (
        _columns()
        .filter(pk__in=ListingCount.objects.filter(count__gt=0).values("container"))
        .first()
    )


def leaders_column() -> Page | None:
    leaders = ListingRow.objects.filter(kind="leader", is_own=True)
    return _columns().filter(pk__in=leaders.values("container")).first()


def page() -> Page | None:
    found: Page | None = _columns().first()
    return found


def images(number: int) -> list[PortalImage | None]:
    """Images that lists show already; None fills up what is missing."""
    shown = ListingRow.objects.filter(image__isnull=False).exclude(kind="leader").values("image")
    found: list[PortalImage | None] = list(
        PortalImage.objects.filter(pk__in=shown).order_by("pk")[:number]
    )
    return found + [None] * (number - len(found))


def _columns() -> Any:
    # The page types are made of these blocks: their modules load later.
    return apps.get_model("pages", "ColumnPage").objects.live().public().order_by("path")
