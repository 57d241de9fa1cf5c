"""The editors' first page: contradicting answers, and phrasings that wait."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from .selectors.tasks import may_work_on_entries, open_contradictions, open_proposals

LIMIT = 5


class EntryTasksPanel(Component):
    name = "entry-tasks"
    template_name = "assistant/admin/tasks_panel.html"

    def __init__(self, contradictions: list[Any], proposals: list[Any], order: int) -> None:
        self.contradictions, self.proposals, self.order = contradictions, proposals, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {
            "contradictions": self.contradictions,
            "proposals": self.proposals,
            "contradictions_url": reverse("assistant_contradictions"),
            "proposals_url": reverse("assistant_proposals"),
        }


class EntryTasks:
    """Two queries, and nothing where nothing is to be done."""

    order = 142

    def panel(self, request: HttpRequest) -> EntryTasksPanel | None:
        if not may_work_on_entries(request.user):
            return None
        contradictions = list(open_contradictions(request.user)[:LIMIT])
        proposals = list(
            open_proposals(request.user)
            .order_by()
            .values("page__title")
            .annotate(count=Count("pk"))
            .order_by("-count", "page__title")[:LIMIT]
        )
        if not contradictions and not proposals:
            return None
        return EntryTasksPanel(contradictions, proposals, self.order)
