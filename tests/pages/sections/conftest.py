"""Sections built and printed without a page around them."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string

from portal.core.context import PortalContext
from portal.pages.sections import Section, build_sections

type Rows = list[dict[str, Any]]


def block(kind: str, **value: Any) -> dict[str, Any]:
    """A block of a stream as it is stored."""
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def items(*values: Any) -> Rows:
    """A list inside a block as it is stored."""
    return [{"type": "item", "value": value, "id": str(uuid.uuid4())} for value in values]


@pytest.fixture
def show(portal_of: Callable[..., PortalContext]) -> Callable[..., str]:
    """The HTML of blocks at a site's home, or on a page; ``preview`` as the editor sees it."""

    def render(*stored: dict[str, Any], preview: bool = False, **where: Any) -> str:
        portal = portal_of(**where)
        portal.request.is_preview = preview
        sections: list[Section] = build_sections(list(stored), portal)
        context = {"sections": sections, "portal": portal, "request": portal.request}
        return render_to_string("portal/sections.html", context)

    return render
