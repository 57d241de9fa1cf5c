"""When the page or column that someone writes in has vanished: nothing typed is lost.

Wagtail answers such a save with "not found", and what was typed is gone with the form. Here the
editor gets it back as text to copy, with the reason and a way on.
"""

import json
import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from wagtail.models import Page

# What belongs to the form and not to the text.
_MACHINERY = re.compile(
    r"^(csrfmiddlewaretoken|action-.*|next|slug|comment_.*|comments-.*|.*-(deleted|order|type|id|"
    r"count|ORDER|DELETE|INITIAL_FORMS|TOTAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS)|"
    r"loaded_revision_.*|overwrite_revision_id)$"
)


@dataclass(frozen=True, slots=True)
class Typed:
    """One field of the lost form: its name there, and what was in it as plain text."""

    name: str
    text: str


def rescued_if_vanished(
    request: HttpRequest, view_name: str, arguments: dict[str, object]
) -> HttpResponse | None:
    """A page with what was typed, when a form was sent for a page that is no longer there."""
    if request.method != "POST" or "json" in request.headers.get("Accept", ""):
        return None
    key = {"wagtailadmin_pages:add": "parent_page_id", "wagtailadmin_pages:edit": "page_id"}
    if view_name not in key or not request.user.is_authenticated:
        return None
    wanted = arguments.get(key[view_name])
    if Page.objects.filter(pk=wanted).exists():
        return None
    context = {"typed": typed(request.POST), "is_new": view_name.endswith(":add")}
    return render(request, "portal/admin/rescued.html", context, status=409)


def typed(data: QueryDict) -> list[Typed]:
    """The fields that people fill in, as text; empty ones and the form's machinery left out."""
    found = []
    for name in data:
        text = as_text(data.get(name, ""))
        if text and not _MACHINERY.match(name):
            found.append(Typed(name, text))
    return found


def as_text(value: str) -> str:
    """A value without the editor's wrapping: rich text comes as JSON with blocks of text."""
    value = value.strip()
    if value.startswith("{"):
        try:
            content = json.loads(value)
            blocks = content.get("blocks") or []
            return "\n".join(str(block.get("text", "")) for block in blocks).strip()
        except (ValueError, AttributeError, TypeError):
            return value  # somebody's own braces
    return value
