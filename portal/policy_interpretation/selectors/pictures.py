"""The picture of a product, as page, drawing and image."""

import hashlib
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.plugin_api import PortalContext, context_for_page, date_text
from portal.policy_interpretation import picture as pictures
from portal.policy_interpretation.models import InterpretationPage
from portal.policy_interpretation.picture import fonts
from portal.policy_interpretation.picture.colours import colours_of
from portal.policy_interpretation.picture.drawing import Drawing

_KEPT_SECONDS = 7 * 24 * 3600


def picture_of(page: InterpretationPage, portal: PortalContext) -> pictures.Picture:
    """What the picture says, with what stands around it: document, source, date, address."""
    links = [link for link in page.interprets.all() if link.policy_id]
    subtitle = "、".join(
        f"《{link.policy.title}》"
        + (f"（{link.policy.document_number}）" if link.policy.document_number else "")
        for link in links[:2]
    )
    published = page.displayed_date()
    lines = [_("Source: %(name)s") % {"name": page.source}] if page.source else []
    if published:
        lines.append(_("Published: %(day)s") % {"day": date_text(published)[:10]})
    return pictures.Picture(
        title=page.title,
        subtitle=subtitle,
        sections=pictures.from_blocks(page.picture.raw_data),
        publisher=portal.site.name if portal.site else "",
        lines=tuple(lines),
        address=portal.canonical_url if page.pk else "",
    )


def _drawing(page: InterpretationPage, portal: PortalContext) -> Drawing:
    theme = portal.site.theme if portal.site else ""
    return pictures.lay_out(picture_of(page, portal), colours_of(theme))


def svg_of(page: InterpretationPage, request: HttpRequest) -> str:
    """The picture of a public product as SVG."""
    portal = context_for_page(request, page)
    return pictures.svg(_drawing(page, portal), portal.language)


def png_of(page: InterpretationPage, request: HttpRequest) -> bytes | None:
    """The same as PNG, kept for a week by what it shows; None where the machine has no font."""
    found = fonts.installed()
    if found is None:
        return None
    portal = context_for_page(request, page)
    drawing = _drawing(page, portal)
    content = pictures.svg(drawing, portal.language)
    key = "policy-picture:" + hashlib.sha256(content.encode()).hexdigest()
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = pictures.png(drawing, found)
        cache.set(key, kept, _KEPT_SECONDS)
    return kept


def picture_context(
    page: InterpretationPage, request: HttpRequest, portal: PortalContext
) -> dict[str, Any]:
    """For the product's page: addresses of the files and the whole in words."""
    if not page.picture:
        return {}
    context: dict[str, Any] = {"picture_words": pictures.words_of(picture_of(page, portal))}
    if page.pk and page.live and not getattr(request, "is_preview", False):
        context["svg_url"] = reverse("policy_interpretation:picture_svg", args=[page.pk])
        if fonts.installed() is not None:
            context["png_url"] = reverse("policy_interpretation:picture_png", args=[page.pk])
    return context
