"""Pictures and files inside pages: fetched together, printed in every width of use."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from wagtail import blocks
from wagtail.models import Page

from . import structure
from .models import PortalDocument, PortalImage, PortalRendition

logger = logging.getLogger(__name__)

BODY_FILTER = "max-1200x1600|format-webp"
CARD_FILTER = "fill-800x450|format-webp"
HERO_FILTER = "fill-1200x675|format-webp"
PORTRAIT_FILTER = "fill-300x400|format-webp"
# The same picture narrower or wider, of the same shape. WebP alone: decision 10.
OTHER_WIDTHS: dict[str, tuple[str, ...]] = {
    BODY_FILTER: ("max-480x640|format-webp", "max-800x1067|format-webp"),
    CARD_FILTER: ("fill-400x225|format-webp",),
    HERO_FILTER: ("fill-640x360|format-webp", "fill-1760x990|format-webp"),
    PORTRAIT_FILTER: ("fill-150x200|format-webp",),
}
# How wide a picture is shown, for the browser's choice among the widths.
SIZES: dict[str, str] = {
    BODY_FILTER: "(min-width: 48em) 43rem, 100vw",
    CARD_FILTER: "(min-width: 64em) 25rem, (min-width: 40em) 50vw, 100vw",
    HERO_FILTER: "(min-width: 56.25em) 56vw, 100vw",
    PORTRAIT_FILTER: "(min-width: 48em) 11rem, 45vw",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download as templates print it; ``web_url`` is the page that says the same."""

    title: str
    url: str
    size_text: str
    extension: str
    web_url: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendition as templates print it; width and height in pixels.

    ``srcset`` and ``sizes`` are "" where there is only one width.
    """

    url: str
    width: int
    height: int
    alt: str
    srcset: str = ""
    sizes: str = ""


# --- what stands in a body ------------------------------------------------------------------
def values_in(value: Any) -> Iterator[Any]:
    """Every value inside streams, lists and structs, however deep; the value itself otherwise.

    Walking a stream lets Wagtail fetch chosen objects type by type: as many queries for a hundred
    images as for one.
    """
    if isinstance(value, blocks.StreamValue):
        for child in value:
            yield from values_in(child.value)
    elif isinstance(value, blocks.StreamValue.StreamChild):
        yield from values_in(value.value)
    elif isinstance(value, blocks.StructValue):
        for item in value.values():
            yield from values_in(item)
    elif isinstance(value, blocks.list_block.ListValue):
        for item in value:
            yield from values_in(item)
    else:
        yield value


def images_in(*values: Any) -> Iterator[PortalImage]:
    for value in values:
        for found in values_in(value):
            if isinstance(found, PortalImage):
                yield found


def prepare_media(*values: Any) -> None:
    """Give all images and files in streams, structs or children of blocks what printing needs.

    A constant number of queries for all of them, nested ones too: call it once for a page, with
    everything that the page shows.
    """
    found = [item for value in values for item in values_in(value)]
    prepare_images([item for item in found if isinstance(item, PortalImage)])
    _prepare_documents([item for item in found if isinstance(item, PortalDocument)])


def prepare_images(images: Iterable[PortalImage]) -> None:
    """Give images their renditions with one query for all of them."""
    images = list(images)
    if not images:
        return
    found: dict[int, list[PortalRendition]] = defaultdict(list)
    wanted = [spec for main, others in OTHER_WIDTHS.items() for spec in (main, *others)]
    wanted += {_plain(spec) for spec in wanted}
    pks = {image.pk for image in images}
    for rendition in PortalRendition.objects.filter(image_id__in=pks, filter_spec__in=wanted):
        found[rendition.image_id].append(rendition)
    for image in images:
        image.prefetched_renditions = list(found.get(image.pk, ()))


def _prepare_documents(documents: list[PortalDocument]) -> None:
    """Tell documents the address of the page that says the same; "" where it is not public."""
    wanted = {document.web_version_id for document in documents if document.web_version_id}
    addresses: dict[int, str] = {}
    if wanted:
        current = structure.current()
        pages = Page.objects.filter(pk__in=wanted, live=True)
        for pk, url_path, path in pages.values_list("pk", "url_path", "path"):
            if not current.is_private(path):
                addresses[pk] = current.url(url_path, structure.viewer_host())
    for document in documents:
        document.web_url = addresses.get(document.web_version_id or 0, "")


# --- pictures -------------------------------------------------------------------------------
def _plain(spec: str) -> str:
    """A drawing stays a drawing: it is sharp in any width and has no other format."""
    return "|".join(part for part in spec.split("|") if not part.startswith("format-"))


def specs_for(image: PortalImage, main: str) -> tuple[str, ...]:
    """The renditions of an image for one use, the main one first."""
    if image.is_svg():
        return (_plain(main),)
    return (main, *OTHER_WIDTHS.get(main, ()))


def picture(image: PortalImage | None, filter_spec: str) -> Picture | None:
    """A picture for a template, made when it does not exist yet; None when it cannot be made."""
    if image is None:
        return None
    main, *others = specs_for(image, filter_spec)
    try:
        made = image.get_renditions(main, *others)
    except Exception:  # a full disk, a file that is gone: the page is read without its picture
        logger.exception("No rendition %s of image %s", filter_spec, image.pk)
        return None
    shown = made[main]
    return Picture(
        shown.url,
        shown.width,
        shown.height,
        image.alt,
        srcset=srcset_of(made.values()),
        sizes=SIZES.get(filter_spec, ""),
    )


def srcset_of(renditions: Iterable[PortalRendition]) -> str:
    """``url 480w, url 800w``; "" where a small original leaves only one width."""
    widths = {rendition.width: rendition.url for rendition in renditions}
    if len(widths) < 2:
        return ""
    return ", ".join(f"{widths[width]} {width}w" for width in sorted(widths))


def attachment(document: PortalDocument) -> Attachment:
    return Attachment(
        title=document.title,
        url=document.url,
        size_text=filesizeformat(document.file_size) if document.file_size else "",
        extension=document.file_extension.upper(),
        web_url=getattr(document, "web_url", ""),
    )
