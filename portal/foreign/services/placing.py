"""Where the translation of a Chinese page stands: below the column that its feed names."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.coreutils import find_available_slug
from wagtail.models import Page, TranslatableMixin

from portal.foreign.models import ForeignSection
from portal.foreign.selectors.columns import column_for
from portal.plugin_api import take_turn


class NoColumn(ValidationError):
    """No feed of the section leads from this page to a column; the message says what to do."""

    def __init__(self, source: Page, section: ForeignSection) -> None:
        self.source, self.section = source, section
        super().__init__(
            _(
                "No column of “%(section)s” is fed by “%(page)s”. Enter its Chinese column as a "
                "feed of one of the section's columns."
            )
            % {"section": section, "page": source.title},
            code="no_column",
        )


def translation_of(source: Page, section: ForeignSection) -> Page | None:
    """The page that is there already, wherever in the tree it stands."""
    return (
        Page.objects.filter(translation_key=source.translation_key, locale=section.locale_id)
        .exclude(pk=source.pk)
        .first()
    )


@transaction.atomic
def place(*, source: Page, section: ForeignSection, user: Any = None) -> Page:
    """The page in the section's tree that translates ``source``; made as a draft where missing.

    It stands below the column of the nearest feed and stays there when the source moves. No
    column above the source is copied.

    Raises:
        NoColumn: no feed leads from the source anywhere.
    """
    take_turn()
    existing = translation_of(source, section)
    if existing is not None:
        found: Page = existing.specific
        return found
    column = column_for(source_path=source.path, section=section)
    if column is None:
        raise NoColumn(source, section)
    parent = column.page.specific
    original = source.specific
    if original.has_unpublished_changes and not original.live:
        original = original.get_latest_revision_as_object()

    def into_language(_original: Page, _copy: Page, _relation: Any, child: Any) -> None:
        if isinstance(child, TranslatableMixin):
            child.locale = section.locale

    copy: Page = original.copy(
        to=parent,
        update_attrs={
            "locale": section.locale,
            "slug": find_available_slug(parent, source.slug),
            "show_in_menus": False,
        },
        copy_revisions=False,
        keep_live=False,
        reset_translation_key=False,
        process_child_object=into_language,
        log_action="wagtail.copy_for_translation",
        user=user,
    )
    return copy
