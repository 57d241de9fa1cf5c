"""The library on the editors' first page: who asks to show a record of the own site elsewhere."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from portal.plugin_api import Action, sites_allowing

from .models import Grant


class RequestsPanel(Component):
    name = "library-requests"
    template_name = "library/admin/requests_panel.html"

    def __init__(self, rows: list[Grant], order: int) -> None:
        self.rows, self.order = rows, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows}


class WaitingRequests:
    """Entered in the registry ``dashboard_panels``."""

    order = 130

    def panel(self, request: HttpRequest) -> RequestsPanel | None:
        sites = sites_allowing(request.user, Action.SITE_SETTINGS)
        if sites is not None and not sites:
            return None
        rows = Grant.objects.filter(state=Grant.State.WAITING).select_related("record", "site")
        if sites is not None:
            rows = rows.filter(record__site__in=sites)
        found = list(rows[:8])
        return RequestsPanel(found, self.order) if found else None
