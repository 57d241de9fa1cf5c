"""The text of an item, for comparing and for checksums."""

import hashlib
import re
from typing import Any

from django.db import models
from django.utils.html import strip_tags
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

_BREAK = re.compile(r"</(p|li|h\d|td|th|tr|div)>|<br\s*/?>")


def text_of(page: Any) -> str:
    """All that a specific page says, a line each: title, its own text fields, its blocks."""
    parts = [page.title]
    for field in page._meta.concrete_fields:
        if field.model is Page:
            continue
        if isinstance(field, StreamField):
            value = getattr(page, field.attname)
            parts += value.stream_block.get_searchable_content(value) if value else []
        elif isinstance(field, RichTextField):
            parts.append(plain(getattr(page, field.attname) or ""))
        elif type(field) is models.TextField:
            parts.append(getattr(page, field.attname) or "")
    return "\n".join(part for part in map(str, parts) if part.strip())


def plain(html: str) -> str:
    return strip_tags(_BREAK.sub("\n", html)).strip()


def checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def file_checksum(file: Any) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        for chunk in iter(lambda: stream.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()
