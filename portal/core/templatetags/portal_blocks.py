"""Blocks in templates, and the marks by which the live preview finds them again in the form.

In a preview (``request.is_preview``) every block stands between two HTML comments that carry
the ``data-contentpath`` which the editor's form gives the same block:
``<!--block ID-->…<!--/block-->``.
Comments, because an element more would break the typography, which sees siblings.
"""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def is_preview(context: template.Context) -> bool:
    return bool(getattr(context.get("request"), "is_preview", False))


@register.simple_tag(takes_context=True)
def preview_tools(context: template.Context) -> SafeString:
    """What the preview beside the form needs besides the marks; nothing on public pages."""
    request = context.get("request")
    if not getattr(request, "in_preview_panel", False):
        return mark_safe("")
    surroundings = {"request": request, "page": context.get("page")}
    return render_to_string("portal/preview_tools.html", surroundings)


@register.simple_tag(takes_context=True)
def preview_band(context: template.Context) -> SafeString:
    """Says above a shared preview that it is one; nothing on public pages."""
    request = context.get("request")
    preview = getattr(request, "shared_preview", None)
    if preview is None:
        return mark_safe("")
    shown_set = getattr(request, "shared_set", None)
    return render_to_string(
        "portal/shared_preview.html", {"preview": preview, "shown_set": shown_set}
    )


def marked(html: str, contentpath: str | None) -> SafeString:
    """``html`` between the marks of a block (an id, or the name of a page's field)."""
    if not contentpath or "--" in contentpath or ">" in contentpath:
        return mark_safe(html)  # noqa: S308 - escaped by the caller
    return mark_safe(f"<!--block {contentpath}-->{html}<!--/block-->")  # noqa: S308 - likewise


@register.simple_tag(takes_context=True)
def show_block(context: template.Context, child: Any) -> SafeString:
    """A child of a stream or list (``StreamChild``, ``ListChild``), as ``include_block`` does."""
    if not hasattr(child, "render_as_block"):
        return conditional_escape(child)
    html = conditional_escape(child.render_as_block(context=context.flatten()))
    return marked(html, getattr(child, "id", None)) if is_preview(context) else html


@register.simple_block_tag(takes_context=True)
def block_mark(context: template.Context, content: str, contentpath: str | None) -> SafeString:
    """``{% block_mark child.id %}…{% endblock_mark %}`` around what a template prints by itself.

    Also for a field of the page: ``{% block_mark "title" %}``.
    """
    html = conditional_escape(content)
    return marked(html, contentpath) if is_preview(context) else html
