"""What the plugin contributes to pages of others."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ListItem, Shown, SiteLike, list_sources, page_notice_slot

from .selectors.cascade import ended_behind
from .selectors.library import latest_documents
from .selectors.product_list import latest_products


class LatestInterpretations:
    label = _("Interpretations of policies")

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        return latest_products(site, language, count)


list_sources.register("latest_interpretations", LatestInterpretations())


class LatestDocuments:
    label = _("Newest policy documents")

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        return latest_documents(site, language, count)


list_sources.register("latest_documents", LatestDocuments())


@page_notice_slot.show
def basis_ended(*, page: Any, site: SiteLike, language: str) -> Shown:
    """Above a text whose basis is no longer in force: the reader is told before reading."""
    documents = ended_behind(page)
    if not documents:
        return None
    html = render_to_string("policy_interpretation/ended_notice.html", {"documents": documents})
    return mark_safe(html)  # noqa: S308 - our own template's output
