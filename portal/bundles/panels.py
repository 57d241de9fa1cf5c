"""The editors' first page: sets that wait."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from .permissions import may_see_some, visible_to
from .selectors import BundleRow, rows_of

LIMIT = 6


class WaitingPanel(Component):
    name = "sets-waiting"
    template_name = "bundles/admin/panel.html"
    order = 104

    def __init__(self, rows: list[BundleRow]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows}


class WaitingSets:
    """Open sets of the own sites; those whose time or embargo comes next stand first."""

    order = 104

    def panel(self, request: HttpRequest) -> WaitingPanel | None:
        if not may_see_some(request.user):
            return None
        found = (
            visible_to(request.user)
            .open()
            .select_related("site")
            .order_by(
                F("go_live_at").asc(nulls_last=True),
                F("embargo_until").asc(nulls_last=True),
                "-created_at",
            )[:LIMIT]
        )
        rows = rows_of(found)
        return WaitingPanel(rows) if rows else None
