"""Pictures and links of a page that are others in one language than in Chinese."""

import json
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail_localize.models import OverridableSegment, SegmentOverride

from portal.foreign.labels import label_of
from portal.foreign.models import PageTranslation
from portal.foreign.selectors.review import running_review

from .drafts import snapshot_of
from .segments import Locked


@dataclass(frozen=True, slots=True)
class Override:
    """A picture or an address, and what stands for it in the language (None: the same)."""

    context_pk: int
    label: str
    is_picture: bool
    original: Any
    value: Any
    picture: Any = None
    own_picture: Any = None


def overrides_of(translation: PageTranslation) -> list[Override]:
    """What may be replaced, in reading order: pictures, and addresses in links."""
    rows = (
        OverridableSegment.objects.filter(
            source__object_id=translation.source.translation_key,
            source__locale_id=translation.source.locale_id,
        )
        .select_related("context", "source__specific_content_type")
        .order_by("order")
    )
    values = {
        row.context_id: row.data
        for row in SegmentOverride.objects.filter(
            context__in=[row.context_id for row in rows],
            locale_id=translation.section.locale_id,
        )
    }
    found = []
    for row in rows:
        model = row.source.specific_content_type.model_class()
        path = row.context.field_path
        original, value = row.data, values.get(row.context_id)
        if isinstance(original, str) and row.context.path.endswith("'"):
            label = _("Link")
            found.append(Override(row.context_id, label, False, original, value))
        elif _is_picture(model, path):
            found.append(Override(row.context_id, label_of(model, path), True, original, value))
    return _with_pictures(found)


def _with_pictures(found: list[Override]) -> list[Override]:
    wanted = {pk for one in found if one.is_picture for pk in (one.original, one.value) if pk}
    images = get_image_model().objects.in_bulk(wanted)
    return [
        replace(one, picture=images.get(one.original), own_picture=images.get(one.value))
        if one.is_picture
        else one
        for one in found
    ]


def _is_picture(model: Any, path: str) -> bool:
    name, *rest = path.split(".")
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    image = get_image_model()
    if not isinstance(field, StreamField):
        return getattr(field, "related_model", None) is image
    block: Any = field.stream_block
    for part in rest:
        if isinstance(block, ImageBlock):
            return part == "image"
        if isinstance(block, blocks.ListBlock):
            block = block.child_block
            continue
        block = getattr(block, "child_blocks", {}).get(part)
    return isinstance(block, blocks.ChooserBlock) and block.target_model is image


@transaction.atomic
def save_override(*, translation: PageTranslation, context_pk: int, value: str, user: Any) -> None:
    """Replace a picture (its number) or an address in one language; "" for the Chinese one's.

    Raises:
        Locked: a review runs.
        ValidationError: no such picture or link, or no address.
    """
    if running_review(translation) is not None:
        raise Locked
    snapshot_of(translation)
    one = next((o for o in overrides_of(translation) if o.context_pk == context_pk), None)
    if one is None:
        raise ValidationError(_("This picture or link is no longer in the Chinese page."))
    rows = SegmentOverride.objects.filter(
        context_id=context_pk, locale_id=translation.section.locale_id
    )
    rows.delete()
    if not value:
        return
    data: Any = value
    if one.is_picture:
        data = int(value) if value.isdecimal() else 0
        if not get_image_model().objects.filter(pk=data).exists():
            raise ValidationError(_("There is no such picture."))
    elif not value.startswith(("/", "mailto:", "tel:")):
        URLValidator(schemes=["http", "https"])(value)
    SegmentOverride.objects.create(
        context_id=context_pk,
        locale_id=translation.section.locale_id,
        data_json=json.dumps(data),
        last_translated_by=user,
    )
