"""The one block through which plugins show their components."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.core import extension_points
from portal.plugins.slots import Shown
from portal.plugins.slots import render_component as render_shown

from .choices import LookBlock

__all__ = ["ComponentBlock", "component_choices", "render_component"]


def component_choices() -> list[tuple[str, object]]:
    return [(entry.key, entry.item.label) for entry in extension_points.components.entries()]


class ComponentBlock(blocks.StructBlock):
    """Shows a component that a plugin contributes; nothing when the plugin is off or fails."""

    component = LookBlock(label=_("Component"), choices=component_choices)

    class Meta:
        icon = "plus-inverse"
        label = _("Component")
        group = _("Plugins")
        description = _("A part that a plugin provides.")
        template = "pages/blocks/component.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        portal = (parent_context or {}).get("portal")
        context["component_html"] = render_component(
            value.get("component"), getattr(portal, "site_pk", None), context
        )
        return context


def render_component(key: str | None, site_pk: int | None, context: dict[str, Any]) -> str:
    """The HTML of a registered component at a site; "" when it has nothing to show there."""
    if not key:
        return ""
    entry = extension_points.components.get(key, site_pk)
    if entry is None:
        return ""
    return entry.run(lambda item: _html(item.render(site=site_pk, context=context), context), "")


def _html(shown: Shown, context: dict[str, Any]) -> str:
    """With the style sheets before it: sections are kept as rendered, apart from the head."""
    if shown is None:
        return ""
    html, media = render_shown(shown, context)
    return SafeString("".join(media.render_css())) + html
