"""The editors' first page: alarms about what is public."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from .models import Alarm
from .selectors.alarms import alarms_for, sees_alarms

_LIMIT = 8


class AlarmsPanel(Component):
    name = "proofreading-alarms"
    template_name = "proofreading/admin/alarms_panel.html"

    def __init__(self, rows: list[Alarm], more: int, order: int) -> None:
        self.rows, self.more, self.order = rows, more, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows, "more": self.more}


class OpenAlarms:
    """For the administrators of the site, of the platform and of security: before all else."""

    order = 20

    def panel(self, request: HttpRequest) -> AlarmsPanel | None:
        if not sees_alarms(request.user):
            return None
        found = alarms_for(request.user).filter(state=Alarm.State.OPEN)
        rows = list(found[: _LIMIT + 1])
        more = found.count() - _LIMIT if len(rows) > _LIMIT else 0
        return AlarmsPanel(rows[:_LIMIT], more, self.order) if rows else None
