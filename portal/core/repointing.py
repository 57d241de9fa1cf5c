"""Lets a page lead to another page than before: links, choosers and foreign keys, all at once."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.fields import RichTextField, StreamField
from wagtail.log_actions import log
from wagtail.models import Page

from .models import Basis
from .reviews.grounds import releasing_as
from .turns import take_turn

LOG_REPOINTED = "portal.repointed"


@transaction.atomic
def repoint(page: Page, *, old: int, new: int, user: Any) -> int:
    """Replace each reference of a public page to one page by another, and publish it.

    Args:
        page: the specific page, as it is public.
        old, new: primary keys of pages.

    Returns:
        How many references were replaced.

    Raises:
        PermissionDenied: ``user`` may not edit and publish the page.
        ValidationError: there is a draft that would be published along, nothing to replace, or
            the publish gate refuses.
    """
    take_turn()
    rights = page.permissions_for_user(user)
    if not (rights.can_edit() and rights.can_publish()):
        raise PermissionDenied
    if page.alias_of_id is not None:
        raise ValidationError(_("This page repeats another one. Change that instead."))
    if page.has_unpublished_changes:
        raise ValidationError(_("There is an unpublished draft. Finish it, and change it there."))
    number = _in_object(page, old, new)
    if not number:
        raise ValidationError(_("The link is not in a place where it can be replaced by itself."))
    log(instance=page, action=LOG_REPOINTED, user=user, data={"old": old, "new": new})
    # Nothing is said anew: the link follows the document that replaced the other.
    with releasing_as(Basis.CONSEQUENCE, f"page:{new}"):
        page.save_revision(user=user, log_action=True).publish(user=user)
    return number


def _in_object(thing: Any, old: int, new: int) -> int:
    number = 0
    for field in thing._meta.concrete_fields:
        if field.name in ("page_ptr", "alias_of", "path"):
            continue
        if isinstance(field, StreamField):
            value = getattr(thing, field.name)
            raw, count = _in_stream(value.stream_block, list(value.raw_data), old, new)
            if count:
                setattr(thing, field.name, StreamValue(value.stream_block, raw, is_lazy=True))
                number += count
        elif isinstance(field, RichTextField):
            text, count = _in_text(getattr(thing, field.name) or "", old, new)
            setattr(thing, field.name, text)
            number += count
        elif _leads_to_pages(field) and getattr(thing, field.attname) == old:
            setattr(thing, field.attname, new)
            number += 1
    for relation in get_all_child_relations(type(thing)):
        children = list(getattr(thing, relation.get_accessor_name()).all())
        counts = [_in_object(child, old, new) for child in children]
        if any(counts):
            setattr(thing, relation.get_accessor_name(), children)
            number += sum(counts)
    return number


def _leads_to_pages(field: Any) -> bool:
    return bool(field.is_relation and field.editable and field.related_model is Page)


def _in_stream(stream: blocks.BaseStreamBlock, raw: list[Any], old: int, new: int) -> Any:
    result, number = [], 0
    for child in raw:
        block = stream.child_blocks.get(child["type"])
        value, count = _in_block(block, child["value"], old, new) if block else (child["value"], 0)
        result.append({**child, "value": value})
        number += count
    return result, number


def _in_block(block: Any, value: Any, old: int, new: int) -> tuple[Any, int]:
    """The raw value with its references replaced, and how many there were."""
    if isinstance(block, blocks.PageChooserBlock):
        return (new, 1) if value == old else (value, 0)
    if isinstance(block, blocks.RichTextBlock):
        return _in_text(value or "", old, new)
    if isinstance(block, blocks.BaseStructBlock) and isinstance(value, dict):
        return _in_struct(block, value, old, new)
    if isinstance(block, blocks.BaseStreamBlock) and isinstance(value, list):
        found: tuple[Any, int] = _in_stream(block, value, old, new)
        return found
    if isinstance(block, blocks.ListBlock) and isinstance(value, list):
        return _in_list(block, value, old, new)
    return value, 0


def _in_struct(block: Any, value: dict[str, Any], old: int, new: int) -> tuple[Any, int]:
    result, number = dict(value), 0
    for name, child in block.child_blocks.items():
        if name in value:
            result[name], count = _in_block(child, value[name], old, new)
            number += count
    return result, number


def _in_list(block: Any, value: list[Any], old: int, new: int) -> tuple[Any, int]:
    result, number = [], 0
    for item in value:
        wrapped = isinstance(item, dict) and item.get("type") == "item"
        inner, count = _in_block(block.child_block, item["value"] if wrapped else item, old, new)
        result.append({**item, "value": inner} if wrapped else inner)
        number += count
    return result, number


def _in_text(text: str, old: int, new: int) -> tuple[str, int]:
    """Rich text as it is stored: ``<a id="17" linktype="page">``, in either order."""
    number = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal number
        tag = match.group()
        if 'linktype="page"' not in tag or f'id="{old}"' not in tag:
            return tag
        number += 1
        return tag.replace(f' id="{old}"', f' id="{new}"')

    return re.sub(r"<a\b[^>]*>", replace, text), number
