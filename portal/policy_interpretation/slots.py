"""What this plugin shows in pages of others."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from portal.plugin_api import Shown, SiteLike, page_notice_slot

from .selectors.cascade import ended_behind


@page_notice_slot.show
def basis_ended(*, page: Any, site: SiteLike, language: str) -> Shown:
    """Above a text whose basis is no longer in force: the reader is told before reading."""
    documents = ended_behind(page)
    if not documents:
        return None
    html = render_to_string("policy_interpretation/ended_notice.html", {"documents": documents})
    return mark_safe(html)  # noqa: S308 - our own template's output
