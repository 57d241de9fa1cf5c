"""Panels of the editors' first page: what is to be reposted, and what differs from its source."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from portal.plugin_api import clocks

from .models import RepostWatch, UpstreamItem
from .permissions import known_sites, sites_worked_on
from .selectors.items import queue

_LIMIT = 8


class _Panel(Component):
    def __init__(self, name: str, template: str, order: int, rows: list[Any]) -> None:
        self.name, self.template_name, self.order, self.rows = name, template, order, rows

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self}


class ToRepost:
    """What is to be reposted, the most urgent first. One query."""

    order = 102

    def panel(self, request: HttpRequest) -> _Panel | None:
        sites = known_sites(sites_worked_on(request.user))
        if not sites:
            return None
        found = queue(sites).filter(state__in=UpstreamItem.OPEN).order_by("published_at", "pk")
        rows: list[Any] = list(found[:_LIMIT])
        for row in rows:
            row.words = clocks.words(row.clock) if row.clock else None
        return (
            _Panel("reposting-queue", "reposting/admin/queue_panel.html", 102, rows)
            if rows
            else None
        )


class Unfaithful:
    """Public reposts that differ from their source. One query."""

    order = 103

    def panel(self, request: HttpRequest) -> _Panel | None:
        sites = known_sites(sites_worked_on(request.user))
        if not sites:
            return None
        found = RepostWatch.objects.filter(
            site__in=sites, state__in=RepostWatch.ALARMING, settled_at__isnull=True, page__live=True
        ).select_related("page")
        rows = list(found.defer("source_text").order_by("-checked_at")[:_LIMIT])
        name, template = "reposting-unfaithful", "reposting/admin/unfaithful_panel.html"
        return _Panel(name, template, 103, rows) if rows else None
