"""The links of a page as it is stored: to pages and files by key, to everything else by address."""

import html
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from .files import KINDS, model_of
from .models import Link

LONGEST = 1000
_ANCHOR = re.compile(r"<a\b[^>]*?\shref=\"([^\"]*)\"", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


class Found(NamedTuple):
    kind: str
    target: str


def links_of(page: Any, address: str) -> set[Found]:
    """Every link once. ``address`` is the page's own, for those that are relative to it.

    Addresses of more than ``LONGEST`` characters and those that no browser opens (``mailto:``,
    ``javascript:``) are left out.
    """
    found = set(_of_fields(page))
    for relation in get_all_child_relations(page):
        for child in getattr(page, relation.get_accessor_name()).all():
            found |= set(_of_fields(child))
    keys = {link for link in found if link.kind != Link.Kind.ADDRESS}
    for link in found - keys:
        target = absolute(link.target, address)
        if target and len(target) <= LONGEST:
            keys.add(Found(Link.Kind.ADDRESS, target))
    return keys


def absolute(target: str, address: str) -> str:
    """A link's address in full, without its fragment; "" where it leads to no web address."""
    if target.startswith("#") or "\x00" in target:
        return ""
    try:
        found = urldefrag(urljoin(address, target.strip())).url
        parts = urlsplit(found)
        _ = parts.port
    except ValueError:
        return ""
    return found if parts.scheme in ("http", "https") and parts.hostname else ""


def _of_fields(item: Any) -> Iterator[Found]:
    for field in item._meta.concrete_fields:
        if field.model is Page or getattr(field.remote_field, "parent_link", False):
            continue
        if isinstance(field, (RichTextField, StreamField)):
            value = getattr(item, field.attname)
            if value:
                for model, pk, *_path in field.extract_references(value):
                    yield from _named(model, pk)
                stored = value.get_prep_value() if isinstance(field, StreamField) else value
                yield from _addresses(stored)
        elif isinstance(field, models.ForeignKey):
            yield from _named(field.related_model, getattr(item, field.attname))
        elif isinstance(field, models.URLField):
            yield from _addresses(getattr(item, field.attname))


def _named(model: Any, pk: Any) -> Iterator[Found]:
    """Keys of pages and files; references to anything else are no links."""
    if pk in (None, ""):
        return
    if issubclass(model, Page):
        yield Found(Link.Kind.PAGE, str(pk))
        return
    for kind in KINDS:
        if issubclass(model, model_of(kind)):
            yield Found(kind, str(pk))


def _addresses(value: Any) -> Iterator[Found]:
    """In whatever a field stores: rich text, or values of blocks that are an address."""
    if isinstance(value, str):
        for href in _ANCHOR.findall(value):
            yield Found(Link.Kind.ADDRESS, html.unescape(href))
        if _ADDRESS.fullmatch(value.strip()):
            yield Found(Link.Kind.ADDRESS, value.strip())
    elif isinstance(value, dict):
        for part in value.values():
            yield from _addresses(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _addresses(part)
