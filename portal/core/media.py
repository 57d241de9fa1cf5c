"""Images and files inside bodies, fetched together instead of one by one."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat

from .models import PortalDocument, PortalImage, PortalRendition

logger = logging.getLogger(__name__)

BODY_FILTER = "max-1200x1600|format-webp"
CARD_FILTER = "fill-800x450|format-webp"
HERO_FILTER = "fill-1200x675|format-webp"
PORTRAIT_FILTER = "fill-300x400|format-webp"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download as templates print it."""

    title: str
    url: str
    size_text: str
    extension: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendition as templates print it; width and height in pixels."""

    url: str
    width: int
    height: int
    alt: str


def images_in(body: Any) -> Iterator[PortalImage]:
    for child in body:
        if child.block_type == "image" and child.value.get("image"):
            yield child.value["image"]


def prepare_images(body: Any) -> None:
    """Give the images of a body their renditions with one query for all of them."""
    images = {image.pk: image for image in images_in(body)}
    if not images:
        return
    found: dict[int, list[PortalRendition]] = defaultdict(list)
    for rendition in PortalRendition.objects.filter(image_id__in=images, filter_spec=BODY_FILTER):
        found[rendition.image_id].append(rendition)
    for image in images_in(body):
        image.prefetched_renditions = found.get(image.pk, [])


def picture(image: PortalImage | None, filter_spec: str) -> Picture | None:
    """A rendition for a template, made when it does not exist yet; None when it cannot be made."""
    if image is None:
        return None
    try:
        rendition = image.get_rendition(filter_spec)
    except Exception:  # a full disk, a file that is gone: the page is read without its picture
        logger.exception("No rendition %s of image %s", filter_spec, image.pk)
        return None
    return Picture(rendition.url, rendition.width, rendition.height, image.description)


def attachment(document: PortalDocument) -> Attachment:
    return Attachment(
        title=document.title,
        url=document.url,
        size_text=filesizeformat(document.file_size) if document.file_size else "",
        extension=document.file_extension.upper(),
    )
