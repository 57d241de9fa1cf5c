"""Rows of translations without their texts, for tests of what is counted and ordered."""

import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Locale, Page

from portal.foreign.models import ForeignSection, PageTranslation
from tests.factories import ArticleFactory, World


def section_of(world: World, language: str = "en", **values: Any) -> ForeignSection:
    locale, _created = Locale.objects.get_or_create(language_code=language)
    section, _created = ForeignSection.objects.get_or_create(
        site=world.site, locale=locale, defaults=values
    )
    return section


def owed(
    section: ForeignSection,
    column: Page,
    *,
    title: str = "办事指南",
    days_ago: int | None = None,
    **values: Any,
) -> PageTranslation:
    """A translation of a new page; by default missing since now."""
    if days_ago is not None:
        values["waiting_since"] = timezone.now() - datetime.timedelta(days=days_ago)
    source = ArticleFactory(parent=column, title=title)
    return PageTranslation.objects.create(section=section, source=source.page_ptr, **values)
