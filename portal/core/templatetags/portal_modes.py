"""What modes and settings put into a page: attributes of ``<html>``, the emergency banners."""

import logging
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from portal.core import preferences, structure
from portal.core.context import PortalContext
from portal.core.modes import Banner

register = template.Library()
logger = logging.getLogger(__name__)


@register.simple_tag(takes_context=True)
def html_state(context: template.Context) -> SafeString:
    """Attributes of ``<html>``: grey for mourning, and the settings of a visitor without script."""
    portal = context.get("portal")
    if portal is None:
        return SafeString("")
    pairs: list[tuple[str, str]] = []
    node = portal.site_root
    on_home = portal.page is not None and node is not None and portal.page.pk == node.pk
    if portal.structure.modes.is_grey(portal.site_pk, on_home=on_home):
        pairs.append(("class", "is-mourning"))
    chosen = portal.request.COOKIES.get(preferences.COOKIE)
    if chosen:
        pairs += preferences.attributes(preferences.parse(chosen)).items()
    return format_html_join("", ' {}="{}"', pairs)


@register.simple_tag(takes_context=True)
def emergency_banners(context: template.Context) -> SafeString:
    """The banners of the page's site; rendered once for each set that is on."""
    portal: PortalContext = context["portal"]
    banners = portal.structure.modes.banners_of(portal.site_pk)
    if not banners:
        return SafeString("")
    key = (
        "fragment", "emergency", portal.site_pk, portal.language, portal.host,
        *(banner.key for banner in banners),
    )  # fmt: skip
    html = portal.structure.fragment(key)
    if html is None:
        html = portal.structure.keep_fragment(key, render_banners(banners, portal))
    return mark_safe(html)  # noqa: S308 - our own template's output


def render_banners(banners: "tuple[Banner, ...]", portal: PortalContext) -> str:
    shown = []
    for banner in banners:
        words = banner.words_for(portal.language)
        found = portal.structure
        shown.append(
            {
                "banner": banner,
                "words": words,
                "is_foreign": words.language != portal.language,
                "url": found.url(banner.page_url_path, portal.host)
                if banner.page_url_path
                else banner.link_url,
            }
        )
    return render_to_string(
        "portal/emergency.html",
        {"shown": shown, "can_dismiss": any(b.can_be_dismissed for b in banners)},
    )


@register.simple_tag
def known_emergencies() -> list[Any]:
    """For error pages without a site or a database: what this process knows to hold everywhere."""
    try:
        known = structure.last_known()
        banners = known.modes.banners_of(None, timezone.now()) if known is not None else ()
        return [(banner, banner.words_for(settings.LANGUAGE_CODE)) for banner in banners]
    except Exception:
        logger.exception("The error page goes without emergency banners")
        return []


@register.inclusion_tag("portal/setting_fields.html")
def setting_fields(prefix: str, form: Any = None) -> dict[str, Any]:
    """The questions of ``core.preferences``: for a form's page, or for the panel of every page."""
    rows = []
    for setting in preferences.SETTINGS:
        field: BoundField | None = form[setting.key] if form is not None else None
        value = field.value() if field is not None else setting.default
        rows.append(
            {
                "setting": setting,
                "options": [
                    (key, label, key == value or (not value and key == setting.default))
                    for key, label in setting.options.items()
                ],
            }
        )
    return {"prefix": prefix, "rows": rows}
