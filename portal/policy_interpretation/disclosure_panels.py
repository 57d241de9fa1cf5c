"""The editors' first page: what the disclosure platforms of one's sites want."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from .selectors.disclosure import Reminder, reminders

LIMIT = 6


class DisclosurePanel(Component):
    name = "disclosure-reminders"
    template_name = "policy_interpretation/admin/disclosure_panel.html"
    order = 108

    def __init__(self, rows: list[Reminder]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows}


class DisclosureReminders:
    """Nothing where nothing is wanted."""

    order = 108

    def panel(self, request: HttpRequest) -> DisclosurePanel | None:
        rows = sorted(reminders(request.user), key=lambda row: not row.is_overdue)[:LIMIT]
        return DisclosurePanel(rows) if rows else None
