"""The editors' first page: guides that fall short, reports of counters, figures out of date."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from .permissions import sees_oversight, sites_with_figures
from .selectors.figures import stale_sites
from .selectors.oversight import Overview, open_reports, overview

LIMIT = 6


class OversightPanel(Component):
    name = "services-oversight"
    template_name = "services/admin/oversight_panel.html"
    order = 109

    def __init__(self, found: Overview, reports: list[Any], stale: bool) -> None:
        self.found, self.reports, self.stale = found, reports, stale

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {
            "overview": self.found,
            "reports": self.reports,
            "is_stale": self.stale,
            "report_url": reverse("services_report"),
            "figures_url": reverse("services_figures"),
        }


class OversightReminders:
    """Nothing where nothing is wanted."""

    order = 109

    def panel(self, request: HttpRequest) -> OversightPanel | None:
        user = request.user
        if not sees_oversight(user):
            return None
        found = overview(user)
        if not found.guides:
            return None
        keeps = sites_with_figures(user)
        stale = (keeps is None or bool(keeps)) and bool(stale_sites(keeps))
        if found.is_empty and not stale:
            return None
        reports = open_reports(user, LIMIT) if found.disputed else []
        return OversightPanel(found, reports, stale)
