"""The editors' first page: interpretations that one's unit owes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from .models import Obligation
from .selectors.obligations import State, owed_by
from .selectors.plans import due_text

LIMIT = 8


@dataclass(frozen=True, slots=True)
class OwedRow:
    obligation: Obligation
    state: State
    due: str


class OwedPanel(Component):
    name = "owed-interpretations"
    template_name = "policy_interpretation/admin/owed_panel.html"
    order = 106

    def __init__(self, rows: list[OwedRow]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows, "all_url": reverse("policy_obligations")}


class OwedInterpretations:
    """Overdue ones first. One query, and nothing where nothing is owed."""

    order = 106

    def panel(self, request: HttpRequest) -> OwedPanel | None:
        found = owed_by(request.user).select_related("policy", "clock", "unit")[:LIMIT]
        rows = [OwedRow(row, State(row.state), due_text(row)) for row in found]
        return OwedPanel(rows) if rows else None
