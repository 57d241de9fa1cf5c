"""The editors' first page: how much the own sites were read this week."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component

from portal.plugin_api import sites_allowing

from .admin.report import change_text
from .permissions import READING
from .selectors import figures

_DAYS = 7
_LIMIT = 5


class WeekPanel(Component):
    name = "visits-week"
    template_name = "visits/admin/week_panel.html"

    def __init__(self, order: int, context: dict[str, Any]) -> None:
        self.order, self.context = order, context

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self, **self.context}


class VisitsThisWeek:
    """Entered in the registry ``dashboard_panels``. Nothing where nothing was read."""

    order = 430

    def panel(self, request: HttpRequest) -> WeekPanel | None:
        sites = sites_allowing(request.user, READING)
        if sites is not None and not sites:
            return None
        today = timezone.localdate()
        period = figures.Period(today - datetime.timedelta(days=_DAYS - 1), today, sites)
        now = figures.totals(period)
        if not now.views:
            return None
        before = figures.totals(period.before)
        return WeekPanel(
            self.order,
            {
                "views": now.views,
                "entries": now.entries,
                "change": change_text(now.views, before.views),
                "rows": [row for row in figures.top_pages(period, _LIMIT) if row.label],
            },
        )
