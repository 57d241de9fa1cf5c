"""Pictures, videos and recordings that may not be public as they are, wherever a page has them."""

from collections.abc import Iterator

from django.db.models import ForeignKey
from django.utils.translation import gettext as _
from wagtail.fields import StreamField
from wagtail.models import Page

from .media import values_in
from .models import PortalImage, PortalMedia


def problems_of(page: Page) -> Iterator[tuple[str | None, str]]:
    """(form field, sentence) for each picture without description and each video without words."""
    told: set[tuple[str, int]] = set()
    for field, found in _media_of(page):
        key = (type(found).__name__, found.pk or 0)
        if key in told:
            continue
        told.add(key)
        if isinstance(found, PortalImage) and found.lacks_description:
            yield (
                field,
                _(
                    "The picture “%(title)s” has no description for those who do not see it. Add "
                    "one under Images, or say there that it is decorative."
                )
                % {"title": found.title},
            )
        elif isinstance(found, PortalMedia) and found.lacks_words:
            message = (
                _("The video “%(title)s” has no captions. Add them under Media.")
                if found.is_video
                else _("The recording “%(title)s” has no transcript. Add it under Media.")
            )
            yield (field, message % {"title": found.title})


def _media_of(page: Page) -> Iterator[tuple[str, PortalImage | PortalMedia]]:
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField):
            for value in values_in(getattr(page, field.name)):
                if isinstance(value, (PortalImage, PortalMedia)):
                    yield (field.name, value)
        elif isinstance(field, ForeignKey) and field.related_model in (PortalImage, PortalMedia):
            chosen = getattr(page, field.name)
            if chosen is not None:
                yield (field.name, chosen)
