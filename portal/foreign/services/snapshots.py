"""Taking over a published Chinese page as the source of its translations."""

import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    StringSegment,
    TemplateSegment,
    TranslationSource,
    get_schema_version,
)
from wagtail_localize.segments import (
    OverridableSegmentValue,
    RelatedObjectSegmentValue,
    StringSegmentValue,
    TemplateSegmentValue,
)
from wagtail_localize.segments.extract import extract_segments

from portal.foreign.selectors.source_texts import stored_source


@transaction.atomic
def take_snapshot(*, page: Page) -> tuple[TranslationSource, bool]:
    """The stored source of a public page, brought up to date; and whether anything was written.

    Args:
        page: the specific page as it is public.
    """
    source = stored_source(page)
    if source is None:
        return TranslationSource.update_or_create_from_instance(page)
    content = page.to_json()
    same_texts = _extracted(page) == _stored(source)
    changed = not same_texts or _content(content) != _content(source.content_json)
    source.last_updated_at = timezone.now()
    if changed:
        source.content_json = content
        source.object_repr = str(page)[:200]
        source.schema_version = get_schema_version(page._meta.app_label)
    source.save()
    if not same_texts:  # also by what is no part of the page: the description of an image
        source.refresh_segments()
    return source, changed


# What changes with every publication and says nothing.
_PASSING = frozenset(
    {
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "last_published_at",
        "has_unpublished_changes",
        "draft_title",
        "wagtail_admin_comments",
        "numchild",
        "locked",
        "locked_at",
        "locked_by",
    }
)


def _content(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text)
    return {name: value for name, value in data.items() if name not in _PASSING}


def _extracted(page: Page) -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    for segment in extract_segments(page):
        value: Any
        if isinstance(segment, StringSegmentValue):
            value = (segment.string.data, json.dumps(segment.attrs))
        elif isinstance(segment, TemplateSegmentValue):
            value = segment.template
        elif isinstance(segment, RelatedObjectSegmentValue):
            value = str(segment.translation_key)
        elif isinstance(segment, OverridableSegmentValue):
            value = json.dumps(segment.data)
        found.add((type(segment).__name__, segment.path, segment.order, value))
    return found


def _stored(source: TranslationSource) -> set[tuple[Any, ...]]:
    strings = StringSegment.objects.filter(source=source).values_list(
        "context__path", "order", "string__data", "attrs"
    )
    templates = TemplateSegment.objects.filter(source=source).values_list(
        "context__path", "order", "template__template"
    )
    related = RelatedObjectSegment.objects.filter(source=source).values_list(
        "context__path", "order", "object_id"
    )
    overridable = OverridableSegment.objects.filter(source=source).values_list(
        "context__path", "order", "data_json"
    )
    return {
        *((StringSegmentValue.__name__, p, o, (text, attrs)) for p, o, text, attrs in strings),
        *((TemplateSegmentValue.__name__, p, o, text) for p, o, text in templates),
        *((RelatedObjectSegmentValue.__name__, p, o, str(key)) for p, o, key in related),
        *((OverridableSegmentValue.__name__, p, o, data) for p, o, data in overridable),
    }
