"""Above a translated page: who made the translation, and that the Chinese text prevails."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from wagtail.models import Page

from portal.plugin_api import Shown, SiteLike, page_notice_slot, public_urls

from .selectors.trust import trust_of


@page_notice_slot.show
def trust_label(*, page: Any, site: SiteLike, language: str) -> Shown:
    trust = trust_of(page) if page is not None and page.pk else None
    if trust is None:
        return None
    rows = Page.objects.live().filter(pk=trust.source).values_list("pk", "path", "url_path")
    context = {"trust": trust, "original": public_urls(rows).get(trust.source, "")}
    html = render_to_string("foreign/trust.html", context)
    return mark_safe(html)  # noqa: S308 - our own template's output
