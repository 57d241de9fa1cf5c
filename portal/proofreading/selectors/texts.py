"""The words of a page by form field, without asking the database; and the files it links to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.html import format_html
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.blocks import RawHTMLBlock, RichTextBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

# Wagtail's own fields that visitors see; all that a type adds is looked at.
_OF_PAGE = frozenset({"title", "seo_title", "search_description"})
_NO_TEXT = (models.SlugField, models.UUIDField, models.FileField)
_DOCUMENT = re.compile(r'<a\b[^>]*\blinktype="document"[^>]*>')
_ID = re.compile(r'\bid="(\d+)"')


@dataclass(frozen=True, slots=True)
class FieldText:
    """``block``: the id of the outermost block of a stream in which it stands."""

    field: str
    text: str
    is_html: bool = False
    block: str = ""


@dataclass(slots=True)
class PageTexts:
    texts: list[FieldText] = field(default_factory=list)
    documents: set[int] = field(default_factory=set)

    @property
    def characters(self) -> int:
        return sum(len(one.text) for one in self.texts)


def texts_of(page: Page) -> PageTexts:
    found = PageTexts()
    _read_model(page, found, prefix="")
    for relation in _children(page):
        for child in getattr(page, relation).all():
            _read_model(child, found, prefix=relation)
    return found


def _children(page: Page) -> Iterator[str]:
    for relation in type(page)._meta.related_objects:
        if isinstance(relation.field, ParentalKey) and relation.field.model is not page:
            name = relation.get_accessor_name()
            # Of Wagtail's own relations (comments, restrictions) nothing is shown to visitors.
            if name and not relation.related_model.__module__.startswith("wagtail."):
                yield name


def _read_model(row: models.Model, found: PageTexts, *, prefix: str) -> None:
    deferred = row.get_deferred_fields()
    for item in row._meta.concrete_fields:
        if (item.model is Page and item.name not in _OF_PAGE) or item.attname in deferred:
            continue
        name = prefix or item.name
        if isinstance(item, models.ForeignKey):
            if item.related_model and item.related_model._meta.label == "core.PortalDocument":
                number = getattr(row, item.attname)
                found.documents |= {number} if number else set()
            continue
        if isinstance(item, StreamField):
            value = getattr(row, item.name)
            if value:
                for part in value.get_prep_value():
                    block = value.stream_block.child_blocks.get(part["type"])
                    if block is not None:
                        _walk(block, part["value"], found, name, str(part.get("id") or ""))
            continue
        if not isinstance(item, (models.CharField, models.TextField)) or isinstance(item, _NO_TEXT):
            continue
        value = getattr(row, item.attname)
        if not isinstance(value, str) or not value or item.choices:
            continue
        if isinstance(item, models.URLField):
            found.texts.append(_link(name, value))
            continue
        _add(found, FieldText(name, value, isinstance(item, RichTextField)))


def _add(found: PageTexts, text: FieldText) -> None:
    found.texts.append(text)
    if text.is_html:
        for link in _DOCUMENT.finditer(text.text):
            number = _ID.search(link[0])
            if number:
                found.documents.add(int(number[1]))


def _link(name: str, address: str, place: str = "") -> FieldText:
    """An address that visitors can follow, as the link that it is: its digits are no numbers."""
    return FieldText(name, format_html('<a href="{}">→</a>', address), is_html=True, block=place)


def _walk(block: blocks.Block, value: Any, found: PageTexts, name: str, place: str) -> None:
    if value in (None, "", [], {}):
        return
    if isinstance(block, TypedTableBlock):
        lines = ["\t".join(str(column.get("heading", "")) for column in value.get("columns", ()))]
        lines += [
            "\t".join(str(cell) for cell in row.get("values", ())) for row in value.get("rows", ())
        ]
        _add(found, FieldText(name, "\n".join(lines), block=place))
    elif isinstance(block, blocks.BaseStreamBlock):
        for part in value:
            child = block.child_blocks.get(part["type"])
            if child is not None:
                _walk(child, part["value"], found, name, place)
    elif isinstance(block, blocks.BaseStructBlock):
        for key, child in block.child_blocks.items():
            _walk(child, value.get(key), found, name, place)
    elif isinstance(block, blocks.ListBlock):
        for part in value:
            inner = part["value"] if isinstance(part, dict) and "value" in part else part
            _walk(block.child_block, inner, found, name, place)
    elif isinstance(block, blocks.URLBlock):
        found.texts.append(_link(name, str(value), place))
    elif isinstance(block, DocumentChooserBlock):
        found.documents.add(int(value))
    elif isinstance(block, (RichTextBlock, RawHTMLBlock)):
        _add(found, FieldText(name, str(value), is_html=True, block=place))
    elif isinstance(block, (blocks.CharBlock, blocks.TextBlock, blocks.BlockQuoteBlock)):
        _add(found, FieldText(name, str(value), block=place))
