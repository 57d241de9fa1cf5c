"""Pictures that come with a text: into the collection of the site, each once.

Nothing is fetched from anywhere: a picture is stored when its bytes came along, and named with
its address when they did not.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.utils.translation import gettext
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.permissions import policy_registry
from willow import Image as WillowImage
from willow.image import UnrecognisedImageFormatError

from portal.core import structure
from portal.core.admin.image_forms import PortalImageField
from portal.core.models import SiteRecord
from portal.core.uploads.images import without_personal_data
from portal.text.document import Document, Picture

_DATA = re.compile(r"data:image/[\w.+-]+(;[^,]*)?,", re.IGNORECASE)
_SUFFIXES = {"png": "png", "jpeg": "jpg", "gif": "gif", "webp": "webp"}
MOST_PICTURES = 100


@dataclass(slots=True)
class StoredPictures:
    """``images``: source → image. ``missing``: (what it was, why it is not there)."""

    images: dict[str, Any] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)
    without_description: int = 0


def collection_for(page_path: str, user: Any) -> Collection | None:
    """The collection of a page's site, where the account may add images to it."""
    site_pk = structure.current().site_pk_for(page_path)
    record = SiteRecord.objects.select_related("collection").filter(pk=site_pk or 0).first()
    if record is None or record.collection is None:
        return None
    policy = policy_registry.get_by_type(get_image_model())
    allowed = policy.collections_user_has_any_permission_for(user, ["add"])
    return record.collection if allowed.filter(pk=record.collection_id).exists() else None


def store_pictures(
    *,
    document: Document,
    given: Mapping[str, bytes],
    collection: Collection | None,
    user: Any,
    title: str = "",
) -> StoredPictures:
    """Stores the pictures of a text whose bytes are in it or ``given`` by source."""
    stored = StoredPictures()
    for number, picture in enumerate(_pictures(document), start=1):
        if picture.source in stored.images:
            continue
        name = picture.alt or picture.caption or _name_of(picture.source, number)
        data = given.get(picture.source) or _data_of(picture.source)
        if data is None:
            stored.missing.append((name, _address(picture.source)))
            continue
        if collection is None:
            stored.missing.append((name, gettext("you may not add images to this site")))
            continue
        if len(stored.images) >= MOST_PICTURES:
            stored.missing.append((name, gettext("too many pictures at once")))
            continue
        try:
            image = _store(data, picture, collection, user, title, number)
        except ValidationError as error:
            stored.missing.append((name, " ".join(error.messages)))
            continue
        if image is not None:
            stored.images[picture.source] = image
            stored.without_description += int(not image.description)
    return stored


def _pictures(document: Document) -> Iterable[Picture]:
    return (block for block in document if isinstance(block, Picture))


def _data_of(source: str) -> bytes | None:
    match = _DATA.match(source)
    if match is None:
        return None
    content = source[match.end() :]
    try:
        if "base64" in (match[1] or ""):
            return base64.b64decode(unquote_to_bytes(content), validate=False) or None
        return unquote_to_bytes(content)
    except (binascii.Error, ValueError):
        return None


def _store(
    data: bytes, picture: Picture, collection: Collection, user: Any, title: str, number: int
) -> Any:
    """An image; None for a dot that only counts readers.

    Raises:
        ValidationError: no picture, too large, a format that browsers do not show.
    """
    kind = _kind_of(data)
    data = without_personal_data(data)  # as it will be stored, so that it is known again
    name = f"{(picture.alt or picture.caption or title or 'picture')[:40]}-{number}.{kind}"
    upload = InMemoryUploadedFile(BytesIO(data), "file", name, f"image/{kind}", len(data), None)
    file = PortalImageField().clean(upload)
    width, height = file.image.get_size()
    if width <= 2 or height <= 2:
        return None
    model = get_image_model()
    image = model(
        title=(picture.alt or picture.caption or f"{title} {number}".strip())[:255],
        description=picture.alt[:255],
        collection=collection,
        uploaded_by_user=user,
        file=file,
        width=width,
        height=height,
    )
    image._set_image_file_metadata()
    known = model.objects.filter(file_hash=image.file_hash, collection=collection).first()
    if known is not None:
        return known
    image.save()
    return image


def _kind_of(data: bytes) -> str:
    try:
        kind = _SUFFIXES.get(WillowImage.open(BytesIO(data)).format_name)
    except (UnrecognisedImageFormatError, OSError, ValueError):
        kind = None
    if kind is None:
        raise ValidationError(
            gettext("its format cannot be shown by browsers; save it as PNG or JPEG and add it")
        )
    return kind


def _name_of(source: str, number: int) -> str:
    end = re.split(r"[/\\]", source.split("?")[0])[-1]
    if source.startswith("data:") or not end or len(end) > 60:
        return gettext("picture %(number)d") % {"number": number}
    return end


def _address(source: str) -> str:
    """Why a picture has no bytes, with the address where somebody can find it."""
    if source.startswith(("http://", "https://")):
        return gettext("it stands on another site: %(address)s") % {"address": source[:200]}
    if source.startswith("file:"):
        return gettext("the program did not hand it over; copy the picture alone and paste it")
    return gettext("its data is damaged")
