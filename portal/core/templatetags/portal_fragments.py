"""Header, footer and asset links: rendered once for each version of the structure."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_fragment(context: template.Context, name: str) -> SafeString:
    """``portal/<name>.html``, which may depend on site, language and active menu entry only."""
    portal: Any = context["portal"]
    active = (portal.active_pk or portal.active_url) if name == "header" else 0
    key = ("fragment", name, portal.site_pk, portal.language, portal.host, active)
    html = portal.structure.fragment(key)
    if html is None:
        html = portal.structure.keep_fragment(
            key, render_to_string(f"portal/{name}.html", {"portal": portal})
        )
    return mark_safe(html)  # noqa: S308 - our own template's output
