"""The editors' first page: columns that will not have enough activities by the year's end."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component

from portal.plugin_api import Action, sites_allowing

from .selectors.counts import ColumnCount, alarming, yearly_counts

LIMIT = 6


class CountsPanel(Component):
    name = "participation-counts"
    template_name = "participation/admin/counts_panel.html"
    order = 112

    def __init__(self, rows: list[ColumnCount], year: int) -> None:
        self.rows, self.year = rows, year

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {
            "rows": self.rows[:LIMIT],
            "left_out": len(self.rows[LIMIT:]),
            "year": self.year,
        }


class CountsBehind:
    """For whoever runs a site. Nothing where all are on the way."""

    order = 112

    def panel(self, request: HttpRequest) -> CountsPanel | None:
        sites = sites_allowing(request.user, Action.SITE_SETTINGS)
        if sites is not None and not sites:
            return None
        year = timezone.localdate().year
        rows = alarming(yearly_counts(sites, year))
        return CountsPanel(rows, year) if rows else None
