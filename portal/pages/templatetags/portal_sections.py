"""The sections of pages, and of single blocks in the previews of the block picker."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django import template
from django.utils.safestring import SafeString

from portal.core.context import PortalContext, context_for_request
from portal.pages.sections import Section, build_sections, render_sections

register = template.Library()


@register.simple_tag(takes_context=True)
def page_sections(context: template.Context) -> SafeString:
    """The sections of the page of the context."""
    values = {str(name): value for name, value in context.flatten().items()}
    return render_sections(context["page"].sections, values)


@register.simple_tag(takes_context=True)
def sample_sections(context: template.Context, bound_block: Any) -> list[Section]:
    """The section that a block shows with its preview value, as a page would show it."""
    request = context["request"]
    portal = getattr(request, "portal", None)
    if not isinstance(portal, PortalContext):  # the admin's requests have none
        portal = context_for_request(request)
    block = bound_block.block
    raw = {
        "type": block.name,
        "value": block.get_prep_value(bound_block.value),
        # The style guide shows many on one page: each needs an anchor of its own.
        "id": str(uuid5(NAMESPACE_URL, block.name)),
    }
    return build_sections([raw], portal)
