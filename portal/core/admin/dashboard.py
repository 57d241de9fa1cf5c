"""The editors' first page: what is to be done, and the own columns."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.models import Page, ReferenceIndex, TaskState, WorkflowState

from portal.core import extension_points, structure
from portal.core.models import RefusedPublication
from portal.core.permissions import own_pages, pages_to_add_below

LIMIT = 8
EXPIRING_DAYS = 14


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of a panel: a page, where to mend it, and what is to be said about it."""

    title: str
    url: str
    site: str
    when: datetime.datetime | None = None
    note: str = ""


class TodoPanel(Component):
    """A panel with the first few things to do of one kind."""

    template_name = "portal/admin/todo_panel.html"

    def __init__(
        self, name: str, heading: Any, order: int, rows: list[Todo], help_text: Any = ""
    ) -> None:
        self.name, self.heading, self.order = name, heading, order
        self.rows, self.help_text = rows, help_text

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self}


def todo(page: Page, *, when: datetime.datetime | None = None, note: str = "") -> Todo:
    node = structure.current().nearest(page.path)
    site = ""
    if node is not None and node.site_pk is not None:
        record = structure.current().records.get(node.site_pk)
        site = record.short_name if record else ""
    return Todo(
        title=page.get_admin_display_title(),
        url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        site=site,
        when=when,
        note=note,
    )


def _todos(pages: Iterable[Page], attribute: str) -> list[Todo]:
    return [todo(page, when=getattr(page, attribute)) for page in pages]


class Drafts:
    order = 110

    def panel(self, request: HttpRequest) -> TodoPanel | None:
        pages = (
            own_pages(request.user)
            .filter(latest_revision__user=request.user, has_unpublished_changes=True)
            .order_by("-latest_revision_created_at")[:LIMIT]
        )
        rows = _todos(pages, "latest_revision_created_at")
        return TodoPanel("drafts", _("My drafts"), self.order, rows) if rows else None


_REJECTED = TaskState.objects.filter(status=TaskState.STATUS_REJECTED).order_by("pk")


def _states(request: HttpRequest, status: str) -> QuerySet[WorkflowState]:
    page_type = ContentType.objects.get_for_model(Page)
    mine = own_pages(request.user).annotate(key=Cast("pk", CharField())).values("key")
    return (
        WorkflowState.objects.filter(base_content_type=page_type, status=status, object_id__in=mine)
        .select_related("current_task_state__task")
        .prefetch_related("content_object")
        .order_by("-created_at")[:LIMIT]
    )


class InReview:
    order = 120

    def panel(self, request: HttpRequest) -> TodoPanel | None:
        rows = [
            todo(
                state.content_object,
                when=state.created_at,
                note=str(state.current_task_state.task) if state.current_task_state else "",
            )
            for state in _states(request, WorkflowState.STATUS_IN_PROGRESS)
        ]
        return TodoPanel("in-review", _("In review"), self.order, rows) if rows else None


class Returned:
    order = 130

    def panel(self, request: HttpRequest) -> TodoPanel | None:
        rows = []
        states = _states(request, WorkflowState.STATUS_NEEDS_CHANGES)
        for state in states.prefetch_related(
            Prefetch("task_states", _REJECTED, to_attr="rejected")
        ):
            rejected = state.rejected[-1] if state.rejected else None
            rows.append(
                todo(
                    state.content_object,
                    when=rejected.finished_at if rejected else state.created_at,
                    note=rejected.comment if rejected else "",
                )
            )
        return TodoPanel("returned", _("Returned to me"), self.order, rows) if rows else None


class Expiring:
    order = 140

    def panel(self, request: HttpRequest) -> TodoPanel | None:
        now = timezone.now()
        pages = (
            own_pages(request.user)
            .filter(
                live=True,
                expire_at__gt=now,
                expire_at__lt=now + datetime.timedelta(days=EXPIRING_DAYS),
            )
            .order_by("expire_at")[:LIMIT]
        )
        rows = _todos(pages, "expire_at")
        return TodoPanel("expiring", _("Expiring soon"), self.order, rows) if rows else None


class Broken:
    """Refused publications, and links that lead to pages which were withdrawn."""

    order = 105

    def panel(self, request: HttpRequest) -> TodoPanel | None:
        mine = own_pages(request.user)
        refused = RefusedPublication.objects.filter(resolved=False, page__in=mine).select_related(
            "page"
        )[:LIMIT]
        rows = [todo(row.page, when=row.refused_at, note=row.reason) for row in refused]
        rows += [
            todo(page, note=str(_("Links to a page that was withdrawn.")))
            for page in pages_with_dead_links(mine)[: LIMIT - len(rows)]
        ]
        return TodoPanel("broken", _("Needs mending"), self.order, rows) if rows else None


def pages_with_dead_links(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Live pages of ``pages`` that refer to a page which was public and no longer is."""
    withdrawn = (
        Page.objects.filter(live=False, first_published_at__isnull=False)
        .annotate(key=Cast("pk", CharField()))
        .values("key")
    )
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(Page),
        to_object_id__in=withdrawn,
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    return pages.filter(Exists(references), live=True).order_by("-last_published_at")


class MyColumns(Component):
    """The columns of the own sites, each with "new article" beside it."""

    name = "my-columns"
    template_name = "portal/admin/my_columns.html"
    order = 150

    def __init__(self, columns: list[dict[str, Any]], beginnings: list[dict[str, Any]]) -> None:
        self.columns, self.beginnings = columns, beginnings

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"columns": self.columns, "beginnings": self.beginnings}


class Columns:
    order = 150

    def panel(self, request: HttpRequest) -> MyColumns | None:
        found = structure.current()
        kinds = ("column", "home", "sub_site")
        pks = set(
            pages_to_add_below(request.user)
            .filter(pk__in=[n.pk for n in found.nodes.values() if n.kind in kinds])
            .values_list("pk", flat=True)[:400]
        )
        columns = [
            {
                "title": node.title,
                "depth": node.depth,
                "count": node.count,
                "latest": node.latest,
                "explore_url": reverse("wagtailadmin_explore", args=[node.pk]),
                "add_url": (reverse("wagtailadmin_pages:add_subpage", args=[node.pk])),
                "site": found.records[node.site_pk].short_name if node.site_pk else "",
            }
            for node in found.nodes.values()
            if node.pk in pks and node.kind == "column"
        ]
        # Columns and special topics begin below the home of a site.
        beginnings = [
            {"title": node.title, "url": reverse("wagtailadmin_pages:add_subpage", args=[node.pk])}
            for node in found.nodes.values()
            if node.pk in pks and node.kind != "column"
        ]
        shown = columns or beginnings
        return MyColumns(columns[:60], beginnings[:6]) if shown else None


for _name, _panel in (
    ("broken", Broken()),
    ("drafts", Drafts()),
    ("in_review", InReview()),
    ("returned", Returned()),
    ("expiring", Expiring()),
    ("columns", Columns()),
):
    extension_points.dashboard_panels.register(_name, _panel)


def panels_for(request: HttpRequest) -> list[Component]:
    """Every panel that has something to say to this person; a failing plugin's is left out."""
    found = []
    for entry in extension_points.dashboard_panels.entries():
        panel = entry.run(lambda item: item.panel(request), None)
        if panel is not None:
            if not hasattr(panel, "order"):
                panel.order = entry.item.order  # type: ignore[attr-defined]
            found.append(panel)
    return found
