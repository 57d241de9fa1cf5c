"""The editors' first page: what people ask in vain and what waits for this person."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from .models import Gap
from .selectors.gaps import gaps_of
from .selectors.tasks import may_work_on_entries

LIMIT = 5


class GapTasksPanel(Component):
    name = "gap-tasks"
    template_name = "assistant/admin/gaps_panel.html"

    def __init__(self, gaps: Sequence[Gap], order: int) -> None:
        self.gaps, self.order = gaps, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"gaps": self.gaps, "all_url": f"{reverse('assistant_gaps')}?mine=on"}


class GapTasks:
    """One query; nothing where nothing waits."""

    order = 144

    def panel(self, request: HttpRequest) -> GapTasksPanel | None:
        if not may_work_on_entries(request.user):
            return None
        found = list(gaps_of(request.user).order_by("-recent", "-size", "-pk")[:LIMIT])
        return GapTasksPanel(found, self.order) if found else None
