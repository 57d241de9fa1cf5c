"""Heard from the tables: what a public page refers to is about to be deleted."""

from functools import cache
from typing import Any

from django.db import models, transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from wagtail.models import Page, get_page_models

from portal.plugin_api import outbox_event

from .sources.pages import GONE_REFERENCE, child_tables, many_to_many


@cache
def _references() -> dict[Any, tuple[tuple[Any, str, str], ...]]:
    """Model → (table, column that refers to it, path to the page) where the database acts alone."""
    found: dict[Any, set[tuple[Any, str, str]]] = {}
    for page_type in get_page_models():
        if page_type is Page:
            continue  # who owns or locks it is nothing that visitors see
        tables = [(page_type, "pk")]
        tables += [(table, link) for _name, table, link, _columns in child_tables(page_type)]
        for table, link in tables:
            for field in table._meta.local_concrete_fields:
                if not field.is_relation or field.attname == link or field.primary_key:
                    continue
                if field.remote_field.on_delete in (models.SET_NULL, models.CASCADE):
                    places = found.setdefault(field.related_model, set())
                    places.add((table, field.attname, link))
        for _name, through, link, other in many_to_many(page_type):
            column = through._meta.get_field(other.removesuffix("_id"))
            found.setdefault(column.related_model, set()).add((through, other, link))
    return {model: tuple(places) for model, places in found.items()}


@receiver(pre_delete)
def _goes(sender: Any, instance: Any, **_kwargs: Any) -> None:
    places = _references().get(sender, ())
    pages: set[int] = set()
    for table, column, link in places:
        rows = table._base_manager.filter(**{column: instance.pk})
        pages.update(rows.values_list(link, flat=True))
    if pages:
        with transaction.atomic():
            for pk in sorted(pages):
                outbox_event(GONE_REFERENCE, f"page:{pk}", {"page": pk})
