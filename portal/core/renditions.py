"""Pictures for lists and texts, made by the outbox process: neither editor nor visitor waits."""

import logging
from collections.abc import Sequence

from django.db import transaction
from wagtail.fields import StreamField
from wagtail.models import Page

from . import extension_points, structure
from .media import (
    BODY_FILTER,
    CARD_FILTER,
    PORTRAIT_FILTER,
    images_in,
    picture,
    specs_for,
    srcset_of,
)
from .models import ListingRow, OutboxEvent, PortalImage

logger = logging.getLogger(__name__)


def fill_listing_images(page_pks: Sequence[int], *, again: bool = False) -> int:
    """Give listing rows that name an image its rendition. Returns the number of rows filled.

    ``again``: also rows that have one, which may lack the widths of a newer version.

    An image whose file is gone or broken is logged and left out: the list shows the item without.
    """
    named = ListingRow.objects.filter(page_id__in=page_pks, image__isnull=False)
    rows = list(named if again else named.filter(image_url=""))
    images = {
        image.pk: image
        for image in PortalImage.objects.filter(pk__in={row.image_id for row in rows})
    }
    filled = []
    for row in rows:
        image = images.get(row.image_id)
        if image is None:
            continue
        try:
            upright = row.kind == "leader"
            specs = specs_for(image, PORTRAIT_FILTER if upright else CARD_FILTER)
            made = image.get_renditions(*specs)
        except Exception:
            logger.exception("No list picture for image %s", image.pk)
            continue
        rendition = made[specs[0]]
        row.image_url, row.image_srcset = rendition.url, srcset_of(made.values())
        row.image_width, row.image_height = rendition.width, rendition.height
        filled.append(row)
    with transaction.atomic():
        ListingRow.objects.bulk_update(
            filled, ["image_url", "image_srcset", "image_width", "image_height"]
        )
        if filled:
            structure.touch_content()
    return len(filled)


def fill_body_images(page_pks: Sequence[int]) -> int:
    """Make the pictures inside texts in every width. Returns the number of images seen to.

    A page makes what is missing when it is read; that takes seconds which no visitor should wait.
    """
    pages = Page.objects.filter(pk__in=set(page_pks), live=True).specific()
    done: set[int] = set()
    for page in pages:
        streams = [
            getattr(page, field.name)
            for field in page._meta.concrete_fields
            if isinstance(field, StreamField)
        ]
        for image in images_in(*streams):
            if image.pk not in done:
                picture(image, BODY_FILTER)  # logs what it cannot make
                done.add(image.pk)
    return len(done)


class ListingImages:
    """The outbox consumer behind both."""

    name = "core.listing_images"
    kinds: Sequence[str] = ("page.published", "page.updated", "page.moved")

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        pages = [event.payload["page"] for event in events]
        fill_listing_images(pages)
        fill_body_images(pages)


extension_points.outbox_consumers.register("listing_images", ListingImages())
