"""What the desk's templates need to say of material beside a letter."""

import re
from typing import Any

from django import template

register = template.Library()
_KEY = re.compile(r"^page:(?P<page>\d+)(?:#(?P<clause>[\w-]+))?$")


@register.filter
def as_rest(passage: Any) -> str:
    """A passage as the value of a button that makes it a basis; "" where it is of no page."""
    found = _KEY.match(passage.key)
    if found is None:
        return ""
    label = f"{passage.title} {passage.label}".strip()
    return f"{found['page']}|{found['clause'] or ''}|{label}"
