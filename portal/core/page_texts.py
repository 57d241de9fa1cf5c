"""What a page says, as plain text: for searching, comparing and checksums."""

import re
from typing import Any

from django.db import models
from django.utils.html import strip_tags
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

_BREAK = re.compile(r"</(p|li|h\d|td|th|tr|div)>|<br\s*/?>")


def page_text(page: Any) -> str:
    """All that a specific page says, a line each: title, its own text fields, its blocks."""
    return "\n".join(part for part in (page.title, body_text(page)) if part.strip())


def body_text(page: Any) -> str:
    """As ``page_text``, without the title."""
    parts: list[Any] = []
    for field in page._meta.concrete_fields:
        if field.model is Page:
            continue
        if isinstance(field, StreamField):
            value = getattr(page, field.attname)
            parts += value.stream_block.get_searchable_content(value) if value else []
        elif isinstance(field, RichTextField):
            parts.append(plain_text(getattr(page, field.attname) or ""))
        elif type(field) is models.TextField:
            parts.append(getattr(page, field.attname) or "")
    return "\n".join(part for part in map(str, parts) if part.strip())


def plain_text(html: str) -> str:
    """Rich text without its tags, a line for each paragraph."""
    return strip_tags(_BREAK.sub("\n", html)).strip()
