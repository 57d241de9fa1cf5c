"""Panels of the editors' first page: the unit's tasks, and what came back to its author."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from portal.plugin_api import clocks, is_enabled

from .models import Contribution, ContributionState
from .permissions import SLUG
from .selectors.contributors import sees_own
from .selectors.tasks import waiting_for

_LIMIT = 8


class _Panel(Component):
    def __init__(self, name: str, template: str, order: int, rows: list[Any]) -> None:
        self.name, self.template_name, self.order, self.rows = name, template, order, rows

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self}


class UnitTasks:
    """What the unit has to confirm and deliver, the most urgent first. One query."""

    order = 104

    def panel(self, request: HttpRequest) -> _Panel | None:
        if getattr(request.user, "organisation_id", None) is None:
            return None
        rows: list[Any] = list(waiting_for(request.user, _LIMIT))
        for row in rows:
            row.words = clocks.words(row.clock) if row.clock else None
        template = "editorial/admin/unit_tasks_panel.html"
        return _Panel("editorial-unit-tasks", template, self.order, rows) if rows else None


class ReturnedContributions:
    """For contributors: what a review returned, with the reason. One query."""

    order = 105

    def panel(self, request: HttpRequest) -> _Panel | None:
        if not sees_own(request):
            return None
        found = Contribution.objects.filter(
            user=request.user.pk, state=ContributionState.RETURNED
        ).order_by("-changed_at")
        rows = [row for row in found[:_LIMIT] if is_enabled(SLUG, row.site_id)]
        template = "editorial/admin/returned_panel.html"
        return _Panel("editorial-returned", template, self.order, rows) if rows else None
