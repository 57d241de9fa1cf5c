"""Deadlines in templates: ``{% load portal_clocks %}{% due_date clock %}``."""

from typing import Any

from django import template

from portal.core.clocks.wording import due_words
from portal.core.models import Clock

register = template.Library()


@register.inclusion_tag("portal/due_date.html")
def due_date(clock: Clock) -> dict[str, Any]:
    """The due date as visitors see it: label, date, and how long there is."""
    return {"words": due_words(clock)}
