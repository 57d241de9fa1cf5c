"""Public pages as they stand in the tables, and the versions that were published."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import Page, Revision

from portal.plugin_api import EvidenceItem, OutboxEvent

from .rows import children, hash_of, parts_of, read_rows

GONE_REFERENCE = "page.reference"

# Of Wagtail's own columns what visitors see. The others change with drafts, locks and schedules.
_CONTENT = (
    "title", "slug", "seo_title", "search_description", "show_in_menus", "first_published_at",
    "live_revision_id", "locale_id", "translation_key", "content_type_id",
)  # fmt: skip
# Where it stands: compared with what stands above it, so that moving a tree changes its top only.
_PLACE = ("path", "depth", "url_path")
_COMMENTS = "wagtail_admin_comments"


def pages_named(events: Iterable[OutboxEvent]) -> set[int]:
    """Pages by the keys of events."""
    return {
        int(event.key.removeprefix("page:"))
        for event in events
        if event.key.startswith("page:") and event.key.removeprefix("page:").isdecimal()
    }


@cache
def _own_fields(model: Any) -> tuple[str, ...]:
    """All that a page type adds to Wagtail's page is public."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if field.model is not Page and not field.primary_key
    )


@cache
def child_tables(model: Any) -> tuple[tuple[str, Any, str, tuple[str, ...]], ...]:
    """Inline rows of a page type: accessor, model, column of the page, columns of content."""
    found = []
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        if name == _COMMENTS:
            continue
        table: Any = relation.related_model
        link = relation.field.attname
        names = tuple(
            field.attname
            for field in table._meta.concrete_fields
            if not field.primary_key and field.attname != link
        )
        found.append((name, table, link, names))
    return tuple(found)


@cache
def many_to_many(model: Any) -> tuple[tuple[str, Any, str, str], ...]:
    """Choices of several: name, table between, column of the page, column of the other."""
    return tuple(
        (
            field.name,
            field.remote_field.through,
            field.m2m_column_name(),
            field.m2m_reverse_name(),
        )
        for field in get_all_child_m2m_relations(model)
    )


class PageRows:
    """Entered in the registry ``evidence_sources``."""

    kind = "page"
    label: str | Promise = _("Pages")
    table = "wagtailcore_page"
    events: dict[str, frozenset[str] | None] = {
        "page.published": None,
        "page.updated": None,
        "page.withdrawn": None,
        "page.deleted": None,
        "page.moved": frozenset({"place", "slug"}),
        # What a public page refers to was deleted: the database empties the reference.
        GONE_REFERENCE: None,
    }

    def concerned(self, events: Sequence[OutboxEvent]) -> Iterable[int]:
        return pages_named(events)

    def keys(self, *, after: int, limit: int) -> Sequence[int]:
        pages = Page.objects.filter(live=True, depth__gt=1, pk__gt=after).order_by("pk")
        return list(pages.values_list("pk", flat=True)[:limit])

    def present(self, pks: Sequence[int]) -> Iterator[EvidenceItem]:
        where = {"pk__in": list(pks), "live": True, "depth__gt": 1}
        rows = {row["id"]: row for row in read_rows(Page, ["id", *_CONTENT, *_PLACE], where)}
        above = self._above(rows.values())
        by_type: dict[int, list[int]] = {}
        for pk, row in rows.items():
            by_type.setdefault(row["content_type_id"], []).append(pk)
        more: dict[int, dict[str, Any]] = {}
        for type_pk, keys in by_type.items():
            # A type that somebody made up has no table of its own to look into.
            kind = ContentType.objects.get_for_id(type_pk) if _is_type(type_pk) else None
            model = kind.model_class() if kind is not None else None
            if model is not None and issubclass(model, Page) and model is not Page:
                more |= self._of_type(model, keys)
        for pk, row in sorted(rows.items()):
            place = self._place(row, above)
            values = {name: row[name] for name in _CONTENT} | more.get(pk, {})
            fields = {name: hash_of(value) for name, value in values.items()}
            details: dict[str, str] = {}
            for name, value in values.items():
                details |= dict(parts_of(name, value))
            yield EvidenceItem(pk, fields | {"place": hash_of(place)}, details)

    def _above(self, rows: Iterable[dict[str, Any]]) -> dict[str, tuple[int, str]]:
        paths = {row["path"][: -Page.steplen] for row in rows}
        found = Page.objects.filter(path__in=paths).values_list("path", "pk", "url_path")
        return {path: (pk, url_path) for path, pk, url_path in found}

    def _place(self, row: dict[str, Any], above: dict[str, tuple[int, str]]) -> dict[str, Any]:
        parent, address = above.get(row["path"][: -Page.steplen], (None, ""))
        return {
            "parent": parent,
            "below": row["url_path"].removeprefix(address),
            "depth": row["depth"] - len(row["path"]) // Page.steplen,
        }

    def _of_type(self, model: Any, pks: Sequence[int]) -> dict[int, dict[str, Any]]:
        key = model._meta.pk.attname
        names = [key, *_own_fields(model)]
        found: dict[int, dict[str, Any]] = {}
        for row in read_rows(model, names, {f"{key}__in": pks}):
            found[row.pop(key)] = row
        for name, table, link, columns in child_tables(model):
            order = "sort_order" if "sort_order" in columns else "pk"
            rows = children(table, link, columns, pks, order=order)
            for pk, values in found.items():
                values[name] = rows.get(pk, [])
        for name, table, link, other in many_to_many(model):
            pairs = children(table, link, [other], pks, order=other)
            for pk, values in found.items():
                values[name] = pairs.get(pk, [])
        return found

    def advice(self, pk: int) -> str:
        return gettext(
            "Restore the row from the live version: portal verify --repair does it where that "
            "version is intact. Otherwise from the backup."
        )


def _is_type(pk: int) -> bool:
    return ContentType.objects.filter(pk=pk).exists()


class Versions:
    """The published versions as Wagtail keeps them; also those that were followed by others."""

    kind = "revision"
    label: str | Promise = _("Published versions")
    table = "wagtailcore_revision"
    events: dict[str, frozenset[str] | None] = {"page.published": None, "page.updated": None}
    # Versions that others followed may be cleared away.
    may_vanish = True

    def concerned(self, events: Sequence[OutboxEvent]) -> Iterable[int]:
        pages = Page.objects.filter(pk__in=pages_named(events), live_revision__isnull=False)
        return {pk for pk in pages.values_list("live_revision_id", flat=True) if pk is not None}

    def keys(self, *, after: int, limit: int) -> Sequence[int]:
        live = Page.objects.filter(live=True, depth__gt=1, live_revision__gt=after)
        return list(
            live.order_by("live_revision").values_list("live_revision_id", flat=True)[:limit]
        )

    def present(self, pks: Sequence[int]) -> Iterator[EvidenceItem]:
        names = ["id", "object_id", "content_type_id", "created_at", "content"]
        for row in read_rows(Revision, names, {"pk__in": list(pks)}):
            content = row["content"]
            fields = {name: hash_of(row[name]) for name in names[1:]}
            details = dict(parts_of("content", content))
            yield EvidenceItem(row["id"], fields, details)

    def advice(self, pk: int) -> str:
        return gettext(
            "Restore the version from the backup, or publish the page anew from an older version "
            "after its reviews."
        )
