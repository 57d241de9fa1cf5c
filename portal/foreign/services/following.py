"""What needs no translator: dates, pictures, files, the order of paragraphs follow by themselves.

Only words that were released are published. While a paragraph is behind, the page keeps the shape
that it had at its release, and only what stands beside the text follows.
"""

import json
from typing import Any

from wagtail.models import Page
from wagtail_localize.fields import (
    SynchronizedField,
    copy_synchronised_fields,
    get_translatable_fields,
)
from wagtail_localize.models import TemplateSegment, TranslationSource
from wagtail_localize.segments import StringSegmentValue, TemplateSegmentValue
from wagtail_localize.segments.ingest import ingest_segments
from wagtail_localize.strings import StringValue

from portal.foreign.models import PageTranslation
from portal.foreign.selectors.minor import alike
from portal.foreign.selectors.segments import pairing_of
from portal.foreign.selectors.source_texts import StoredTexts

from .publishing import publish_row

LOG_FOLLOWED = "foreign.followed"


def follow_source(translation: PageTranslation, stored: StoredTexts) -> bool:
    """Publish anew what changed beside the words; False where nothing did."""
    target = translation.target
    if target is None or not target.live or translation.released_at is None:
        return False
    page: Any = target.specific
    before = _public(page)
    source, rows = stored.source, stored.rows
    original = source.as_instance()
    live = list(translation.live_segments.all())
    pairing = pairing_of(live, stored.texts, alike(translation.source))
    if not pairing.changed and not pairing.removed and not pairing.added:
        own_slug = page.slug
        copy_synchronised_fields(original, page)
        words = {new: live[old].text for old, new in pairing.same.items()}
        _ingest(page, original, source, rows, words, translation)
        page.slug = own_slug
    else:
        _copy_beside(original, page)
    if _public(page) == before:
        return False
    publish_row(page=page, action=LOG_FOLLOWED)
    return True


def _ingest(
    page: Page,
    original: Page,
    source: TranslationSource,
    rows: list[Any],
    words: dict[int, str],
    translation: PageTranslation,
) -> None:
    segments: list[Any] = [
        StringSegmentValue(
            row.context.path,
            StringValue(words[at]),
            attrs=json.loads(row.attrs),
            order=row.order,
        )
        for at, row in enumerate(rows)
    ]
    segments += [
        TemplateSegmentValue(
            row.context.path,
            row.template.template_format,
            row.template.template,
            row.template.string_count,
            order=row.order,
        )
        for row in TemplateSegment.objects.filter(source=source).select_related(
            "template", "context"
        )
    ]
    ingest_segments(original, page, source.locale, translation.section.locale, segments)


def _copy_beside(original: Any, page: Any) -> None:
    """Fields that are the same in all languages; not the streams, which hold the words."""
    for field in get_translatable_fields(type(page)):
        if not isinstance(field, SynchronizedField) or not field.is_synchronized(original):
            continue
        concrete = field.get_field(type(page))
        if concrete.one_to_many:
            original.copy_child_relation(concrete.name, page)
        elif concrete.many_to_many:
            setattr(page, concrete.name, list(getattr(original, concrete.name).all()))
        else:
            setattr(page, concrete.attname, getattr(original, concrete.attname))


# What differs between two versions that read the same.
_PASSING = frozenset(
    {
        "latest_revision", "latest_revision_created_at", "live_revision", "last_published_at",
        "has_unpublished_changes", "draft_title", "wagtail_admin_comments", "expired", "live",
        "go_live_at", "expire_at", "numchild", "path", "depth", "url_path",
    }
)  # fmt: skip


def _public(page: Any) -> Any:
    """What visitors see of a page, without the numbers of rows below it."""
    return _without_pks(
        {key: value for key, value in json.loads(page.to_json()).items() if key not in _PASSING}
    )


def _without_pks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_pks(item) for key, item in value.items() if key not in ("pk", "page")}
    if isinstance(value, list):
        return [_without_pks(item) for item in value]
    return value
