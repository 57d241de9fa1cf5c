"""The editors' first page: searches that serve nobody, and titles that are not found."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from portal.plugin_api import is_enabled, sites_allowing

from .models import SampleRun, SearchTask
from .permissions import READING, SETTINGS

_LIMIT = 5


def has_gap_board(site: int | None) -> bool:
    """Whether the assistant makes gaps of what was looked for in vain (``gap_signals``): then these
    have their owners there, and one list of them is enough."""
    return is_enabled("assistant", site)


class _Panel(Component):
    def __init__(self, name: str, order: int, rows: list[Any]) -> None:
        self.name, self.order, self.rows = name, order, rows
        self.template_name = f"portal_search/admin/{name.replace('-', '_')}_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self}


class SearchTasks:
    """Tasks that are this person's, and those of the own sites that nobody has taken. One query."""

    order = 146

    def panel(self, request: HttpRequest) -> _Panel | None:
        sites = sites_allowing(request.user, READING)
        if sites is not None and not sites:
            return None
        rows = SearchTask.objects.exclude(state=SearchTask.State.CLOSED).select_related("site")
        if sites is not None:
            rows = rows.filter(site__in=sites)
        mine = Q(owner=request.user.pk)
        found = [
            task
            for task in rows.filter(mine | Q(owner=None)).order_by(
                F("owner").desc(nulls_last=True), "-askers", "-pk"
            )[: _LIMIT * 8]
            if task.kind != SearchTask.Kind.EMPTY
            or task.owner_id is not None
            or not has_gap_board(task.site_id)
        ]
        return _Panel("search-tasks", self.order, found[:_LIMIT]) if found else None


class MissedTitles:
    """The last sample of each own site, where titles were missed. One query."""

    order = 420

    def panel(self, request: HttpRequest) -> _Panel | None:
        sites = sites_allowing(request.user, SETTINGS)
        if sites is not None and not sites:
            return None
        latest = SampleRun.objects.filter(site=OuterRef("site")).order_by("-at", "-pk")
        rows = SampleRun.objects.filter(
            pk=Subquery(latest.values("pk")[:1]), found__lt=F("looked_for")
        )
        if sites is not None:
            rows = rows.filter(site__in=sites)
        found = list(rows.select_related("site").order_by("site__kind", "site__code")[:_LIMIT])
        return _Panel("search-sample", self.order, found) if found else None
