"""What the plugin contributes to pages of others."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import (
    ListItem,
    Shown,
    SiteLike,
    footer_slot,
    list_sources,
    page_notice_slot,
    site_pk,
)

from .selectors.cascade import ended_behind
from .selectors.disclosure import platforms_at
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


@footer_slot.show
def disclosure_entrance(*, site: SiteLike, language: str) -> Shown:
    """A way to the site's disclosure platform from every page; kept with the footer."""
    platforms = platforms_at(site_pk(site))
    if not platforms:
        return None
    first = platforms[0]
    url = reverse("policy_interpretation:disclosure_platform", args=[first.pk])
    if len(platforms) > 1:
        url = f"{reverse('policy_interpretation:disclosure')}?site={first.site.code}"
    html = render_to_string("policy_interpretation/disclosure/footer.html", {"url": url})
    return mark_safe(html)  # noqa: S308 - our own template's output
