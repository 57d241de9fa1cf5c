"""The editors' first page: results that are owed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from .models import Stage
from .permissions import workable_by, works_somewhere
from .selectors.hub import BEGINS, ENDS, stage_condition

LIMIT = 8


class _Panel(Component):
    def __init__(self, name: str, template: str, order: int, rows: list[Any], url: str) -> None:
        self.name, self.template_name, self.order = name, template, order
        self.rows, self.url = rows, url

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self}


class OwedResults:
    """What has ended and has no result, the longest owed first. One query."""

    order = 112

    def panel(self, request: HttpRequest) -> _Panel | None:
        if not works_somewhere(request.user):
            return None
        # Also of pages that were withdrawn after people had taken part (``is_answerable``).
        was_public = Q(received__gt=0, page__first_published_at__isnull=False)
        found = workable_by(request.user).filter(Q(page__live=True) | was_public)
        found = found.annotate(ends=ENDS, begins=BEGINS)
        found = found.filter(stage_condition(Stage.OWED, timezone.now()))
        rows = list(found.select_related("page", "site").order_by("ends")[:LIMIT])
        url = f"{reverse('participation_activities')}?stage=owed"
        template = "participation/admin/owed_panel.html"
        return _Panel("participation-owed", template, self.order, rows, url) if rows else None
