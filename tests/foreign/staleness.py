"""A page with a released translation, and ways to change what it was made from."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation

from portal.core.models import SiteRecord
from portal.foreign.models import CoreRule, ForeignSection, PageTranslation
from portal.foreign.releasing import releasing
from portal.foreign.selectors.source_texts import stored_segments, stored_source
from portal.foreign.services.live import record_release
from portal.foreign.services.syncing import recount, sync_source
from tests.factories import ColumnFactory, World, publish


def english(chinese: str) -> str:
    """What stands for a translation in tests: no Chinese in it, another one for each text."""
    return "T:" + " ".join(
        f"{ord(letter):x}" if letter > "\u2e7f" else letter for letter in chinese
    )


def open_section(world: World, code: str = "en", site: SiteRecord | None = None) -> ForeignSection:
    """An open section with a home and one column at ``/<code>/news/``."""
    site = site or world.site
    locale, _created = Locale.objects.get_or_create(language_code=code)
    section = ForeignSection.objects.create(
        site=site, locale=locale, state=ForeignSection.State.OPEN, opened_at=timezone.now()
    )
    home = site.root_page.specific.copy_for_translation(locale, copy_parents=True)
    home.save_revision().publish()
    ColumnFactory(parent=home, title=f"News {code}", slug="news", locale=locale)
    return section


def core(world: World, page: Page, **fields: Any) -> CoreRule:
    return CoreRule.objects.create(site=world.site, page=Page.objects.get(pk=page.pk), **fields)


def translate(
    translation: PageTranslation, words: Callable[[str], str] = english, **fields: Any
) -> None:
    """Fill in what has no translation for the present Chinese."""
    source = stored_source(translation.source)
    assert source is not None
    for row in stored_segments(source):
        StringTranslation.objects.get_or_create(
            translation_of=row.string,
            context=row.context,
            locale=translation.section.locale,
            defaults={"data": words(row.string.data), "translation_type": "manual"} | fields,
        )
    recount(translation)


def release(translation: PageTranslation) -> Page:
    """Publish the translation as it is, as the desk does, and record it."""
    translation = PageTranslation.objects.select_related("section__locale").get(pk=translation.pk)
    source_page = translation.source.specific
    source = stored_source(source_page)
    assert source is not None
    if translation.target is None:
        column = Page.objects.get(slug="news", locale=translation.section.locale)
        target = source_page.copy(
            to=column,
            update_attrs={"locale": translation.section.locale, "slug": source_page.slug},
            reset_translation_key=False,
            keep_live=False,
            copy_revisions=False,
        )
        translation.target = Page.objects.get(pk=target.pk)
        translation.save(update_fields=["target"])
    page = source.get_ephemeral_translated_instance(translation.section.locale, fallback=False)
    with releasing(page.pk):
        page.save_revision().publish()
    record_release(translation, user=None)
    return Page.objects.get(pk=translation.target_id).specific


def released(page: Page, *sections: ForeignSection) -> list[PageTranslation]:
    """Translate and release a core page in some sections."""
    sync_source(page)
    found = []
    for section in sections:
        translation = PageTranslation.objects.get(source_id=page.pk, section=section)
        translate(translation)
        release(translation)
        found.append(PageTranslation.objects.get(pk=translation.pk))
    return found


def change(page: Page, **changes: Any) -> Page:
    """Publish a change of the Chinese page and let the translations follow."""
    page = publish(page, **changes)
    sync_source(page)
    return page


def marks(translation: PageTranslation) -> dict[str, str]:
    """What is behind: the Chinese it was made from → the present Chinese."""
    rows = translation.live_segments.filter(stale_since__isnull=False)
    return dict(rows.values_list("source_text", "present"))
