"""Sections: which there are, which are open, and in which one a page lies."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from wagtail.models import Page

from portal.foreign.models import ForeignSection
from portal.plugin_api import site_home, site_of_path


def sections() -> "QuerySet[ForeignSection]":
    """All sections with what their names need."""
    return ForeignSection.objects.select_related("site", "locale").order_by(
        "site__kind", "site__code", "locale_id"
    )


def section_for(site_pk: int | None, language: str) -> ForeignSection | None:
    """The section of a site in a language, open or not."""
    if site_pk is None or language == settings.LANGUAGE_CODE:
        return None
    return sections().filter(site=site_pk, locale__language_code=language).first()


def open_sections(site_pk: int) -> Sequence[ForeignSection]:
    """The sections of a site that are public."""
    return list(sections().filter(site=site_pk, state=ForeignSection.State.OPEN))


def section_of(page: Page) -> ForeignSection | None:
    """The section that a foreign page lies in; None for Chinese pages and outside all sections."""
    if page.locale_id is None or page.locale.language_code == settings.LANGUAGE_CODE:
        return None
    return section_for(site_of_path(page.path), page.locale.language_code)


def root_of(section: ForeignSection) -> Page | None:
    """The page at which the section's tree begins; None where it was never made or deleted."""
    node: Any = site_home(section.site_id, section.locale.language_code)
    if node is None:
        return None
    return Page.objects.filter(pk=node.pk).first()
