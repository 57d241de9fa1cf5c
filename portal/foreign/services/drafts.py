"""A translation's page as it would be now: for previews, for reviews, for its release.

wagtail-localize's own way writes a draft into the public row of the page; here nothing is public
before it is released.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.coreutils import find_available_slug
from wagtail.models import Page, Revision
from wagtail_localize.models import Translation, TranslationSource

from portal.foreign.models import PageAddress, PageTranslation
from portal.foreign.selectors.texts import source_of
from portal.plugin_api import free_slug, take_turn

from .placing import place


def snapshot_of(translation: PageTranslation) -> TranslationSource:
    """
    Raises:
        ValidationError: the Chinese page has never been taken over; it is not public.
    """
    found = source_of(translation)
    if found is None:
        raise ValidationError(
            _("“%(page)s” is not public in Chinese, so that there is nothing to translate yet.")
            % {"page": translation.source.title},
            code="no_source",
        )
    return found


@transaction.atomic
def place_target(*, translation: PageTranslation, user: Any = None) -> Page:
    """The page in the language's tree; made (as a draft) where it is missing.

    Raises:
        NoColumn: no feed leads to a column.
    """
    source = snapshot_of(translation)
    page = place(source=translation.source, section=translation.section, user=user)
    Translation.objects.get_or_create(source=source, target_locale_id=translation.section.locale_id)
    if translation.target_id != page.pk:
        translation.target = Page.objects.get(pk=page.pk)
        translation.save(update_fields=["target"])
    return page


def draft_page(translation: PageTranslation) -> Page:
    """The page with all that is written; Chinese where nothing is. In memory, not stored.

    The target has to be there (``place_target``).
    """
    source = snapshot_of(translation)
    page: Page = source.get_ephemeral_translated_instance(translation.section.locale, fallback=True)
    stored = Page.objects.only("slug", "first_published_at").get(pk=page.pk)
    parent = page.get_parent()
    if wanted := wanted_slug(translation):
        page.slug = find_available_slug(parent, wanted, ignore_page_id=page.pk)
    elif stored.first_published_at:
        page.slug = stored.slug
    else:
        page.slug = _slug(translation, page, parent)
    page.draft_title = page.title
    return page


def _slug(translation: PageTranslation, page: Page, parent: Page) -> str:
    """Of the title where it is in Latin letters, else the Chinese page's: pinyin."""
    latin = sum(char.isascii() and char.isalpha() for char in page.title)
    named = page.title if 2 * latin > len(page.title) else translation.source.slug
    return free_slug(named, parent, page)


def wanted_slug(translation: PageTranslation) -> str:
    """The address that somebody typed at the desk; "" for the one made from the title."""
    rows = PageAddress.objects.filter(translation=translation)
    return rows.values_list("slug", flat=True).first() or ""


@transaction.atomic
def save_draft(*, translation: PageTranslation, user: Any) -> Revision:
    """A revision of the page as it is now; nothing public changes."""
    take_turn()
    place_target(translation=translation, user=user)
    revision: Revision = draft_page(translation).save_revision(user=user, log_action=True)
    return revision
