"""The way from a foreign page to its counter card."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from portal.plugin_api import Shown, SiteLike, page_side_slot

from .card_views import portal_path
from .selectors.cards import has_card


@page_side_slot.show
def counter_card(*, page: Any, site: SiteLike, language: str) -> Shown:
    """Beside a translated guide or article: the same as a bilingual card."""
    if page is None or language == settings.LANGUAGE_CODE or not has_card(page):
        return None
    context = {"url": portal_path(language, f"card/{page.pk}/")}
    html = render_to_string("foreign/card/link.html", context)
    return mark_safe(html)  # noqa: S308 - our own template's output
