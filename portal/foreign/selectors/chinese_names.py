"""Chinese pages that still call something by a former official name, core content or not."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import CharField, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, get_page_models

from portal.foreign.labels import label_of
from portal.foreign.models import TermChange
from portal.plugin_api import ListingRow, public_pages

from .policies import DOCUMENT
from .source_texts import texts_of
from .terms import current_book, hits_in
from .texts import NOT_TEXTS

type Replacing = Callable[[str], str]

MOST_PAGES = 200
_TAG = re.compile(r"(<[^>]*>)")


@dataclass(slots=True)
class NamedText:
    """A paragraph with the former name, as it is and as it would be; inline HTML."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class NamedPage:
    """A public Chinese page with the former name. ``reason`` says why no draft can be prepared;
    "" where one can. ``fields`` are the names of the page's fields that the texts stand in."""

    page: Any
    texts: list[NamedText]
    fields: set[str] = field(default_factory=set)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NamedPages:
    """At most ``MOST_PAGES`` at once, and how many more may have the name."""

    pages: list[NamedPage]
    more: int


def chinese_pages(change: TermChange, user: Any) -> NamedPages:
    """The public Chinese pages that a changed Chinese name is about, the newest first.

    What the account may not edit is listed with the reason, as is what somebody works on.
    """
    candidates = Page.objects.filter(
        public_pages(),
        pk__in=_candidates(change.old_name),
        live=True,
        alias_of__isnull=True,
        locale__language_code=settings.LANGUAGE_CODE,
    ).order_by("-last_published_at", "-pk")
    replace = replacing_in_chinese(change)
    found: list[NamedPage] = []
    chosen = list(candidates[:MOST_PAGES])
    documents = _documents([page.pk for page in chosen])
    for page in chosen:
        named = _named(page.specific, replace)
        if named is None:
            continue
        named.reason = _reason(named.page, user, is_document=page.pk in documents)
        found.append(named)
    more = candidates.count() - len(chosen) if len(chosen) == MOST_PAGES else 0
    return NamedPages(found, more)


def _named(page: Any, replace: Replacing) -> NamedPage | None:
    named = NamedPage(page, [])
    for text in texts_of(page):
        after = replace(text.words)
        if text.path in NOT_TEXTS or after == text.words:
            continue
        named.texts.append(NamedText(label_of(type(page), text.field), text.words, after))
        named.fields.add(text.field)
    return named if named.texts else None


def _reason(page: Any, user: Any, *, is_document: bool) -> str:
    if is_document:
        return _("An official document keeps the names with which it was issued.")
    rights = page.permissions_for_user(user)
    if not rights.can_edit():
        return _("You may not edit this page; its editors see to it.")
    if page.has_unpublished_changes:
        return _("There is an unpublished draft. Finish it, and change it there.")
    if page.workflow_in_progress or rights.page_locked():
        return _("The page is in review or locked.")
    return ""


def _documents(pages: list[int]) -> set[int]:
    rows = ListingRow.objects.filter(page__in=pages, kind=DOCUMENT)
    return set(rows.values_list("page_id", flat=True))


# --- finding --------------------------------------------------------------------------------------
def _candidates(name: str) -> set[int]:
    """Pages that have the characters of the name somewhere; a query or two for each type."""
    found: set[int] = set()
    for model in get_page_models():
        found.update(_holding(model, name).values_list("pk", flat=True))
        for relation in get_all_child_relations(model):
            rows = _holding(relation.related_model, name)
            found.update(rows.values_list(relation.field.attname, flat=True))
    return found


def _holding(model: Any, name: str) -> Any:
    """The rows of a model with the name in one of its own texts.

    SQLite keeps JSON with escaped characters, PostgreSQL as they are: both are looked for.
    """
    escaped = json.dumps(name)[1:-1]
    conditions: list[Q] = []
    casts: dict[str, Any] = {}
    for one in model._meta.concrete_fields:
        if isinstance(one, StreamField):
            casts[f"{one.name}_as_text"] = Cast(one.name, TextField())
            conditions += [Q(**{f"{one.name}_as_text__contains": it}) for it in (name, escaped)]
        elif isinstance(one, CharField | TextField) and one.editable:
            conditions.append(Q(**{f"{one.name}__contains": name}))
    if not conditions:
        return model._base_manager.none()
    return model._base_manager.annotate(**casts).filter(reduce(or_, conditions))


# --- replacing ------------------------------------------------------------------------------------
def replacing_in_chinese(change: TermChange) -> Replacing:
    """Puts the new name for the former one in a text or inline HTML.

    Longer official names that hold its characters stay, as do tags with their attributes.
    """
    book = current_book()
    old, new = change.old_name, change.new_name

    def replace(text: str) -> str:
        if old not in text:
            return text
        return "".join(
            piece if piece.startswith("<") else _replaced(piece) for piece in _TAG.split(text)
        )

    def _replaced(text: str) -> str:
        hits = hits_in(text, language=settings.LANGUAGE_CODE, book=book, with_term=old)
        for hit in reversed([hit for hit in hits if hit.term == old]):
            text = text[: hit.start] + new + text[hit.end :]
        return text

    return replace


def replace_in_page(page: Any, fields: Iterable[str], replace: Replacing) -> None:
    """Replace in those fields of a specific page in memory, in child objects too."""
    wanted = set(fields)
    for one in page._meta.concrete_fields:
        if one.name in wanted:
            _replace_field(page, one, replace)
    for relation in get_all_child_relations(type(page)):
        name = relation.get_accessor_name()
        if name not in wanted:
            continue
        children = list(getattr(page, name).all())
        for child in children:
            for one in child._meta.concrete_fields:
                if one.editable and not one.is_relation:
                    _replace_field(child, one, replace)
        setattr(page, name, children)


def _replace_field(thing: Any, one: Any, replace: Replacing) -> None:
    value = getattr(thing, one.name)
    if isinstance(one, StreamField):
        raw = [_replace_raw(child, replace) for child in value.raw_data]
        setattr(thing, one.name, one.to_python(raw))
    elif isinstance(one, RichTextField | CharField | TextField) and value and not one.choices:
        setattr(thing, one.name, replace(value))


def _replace_raw(value: Any, replace: Replacing) -> Any:
    """In every text of a block's stored value; names never stand in keys, ids and addresses."""
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, dict):
        return {key: _replace_raw(inner, replace) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_replace_raw(inner, replace) for inner in value]
    return value
