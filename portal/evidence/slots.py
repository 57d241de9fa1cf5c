"""At the end of articles and documents: a quiet way to the check."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from portal.plugin_api import Shown, SiteLike, page_end_slot


@page_end_slot.show
def verify_link(*, page: Any, site: SiteLike, language: str) -> Shown:
    if page is None or page.pk is None or not page.live:
        return None
    url = f"{reverse('evidence_language:verify')}?page={page.pk}"
    html = render_to_string("evidence/link.html", {"url": url})
    return mark_safe(html)  # noqa: S308 - our own template's output
