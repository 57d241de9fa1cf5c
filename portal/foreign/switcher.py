"""The language switcher: without a translation of the page it leads to the nearest column."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from wagtail.models import Page

from portal.plugin_api import LanguageLink, language_links, public_place

from .selectors.landings import landings


@language_links.step
def nearest_column(
    links: list[LanguageLink], *, page: Page | None, site: Any, language: str, path: str
) -> list[LanguageLink]:
    if page is None or all(link.is_same_page for link in links):
        return links
    found, known = landings(), []
    for link in links:
        code = link.code.lower()
        if link.is_same_page or link.is_current:
            known.append(link)
            continue
        abroad = language != settings.LANGUAGE_CODE
        pk = (found.for_foreign if abroad else found.for_chinese)(page.path, code)
        place = public_place(pk) if pk is not None else None
        known.append(replace(link, landing=place[0], url=place[1]) if place else link)
    return known
