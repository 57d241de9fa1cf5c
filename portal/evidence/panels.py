"""The first page of those who answer for the platform: what is not as the log says."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from .models import Finding
from .permissions import may_explain

LIMIT = 6


class OpenFindings(Component):
    name = "evidence-findings"
    template_name = "evidence/admin/panel.html"
    order = 101

    def __init__(self, rows: list[Finding], total: int) -> None:
        self.rows, self.total = rows, total

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows, "total": self.total}


class FindingsPanel:
    """Open findings, the newest first. Nothing where all is right."""

    order = 101

    def panel(self, request: HttpRequest) -> OpenFindings | None:
        if not may_explain(request.user):
            return None
        found = Finding.objects.filter(status=Finding.Status.OPEN)
        rows = list(found[:LIMIT])
        return OpenFindings(rows, found.count()) if rows else None
