"""The editors' first page: bad ratings that wait for a reply, and words to look at."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from portal.plugin_api import DueWords, clocks

from .models import GuideRating
from .ratings import BAD, open_clocks, ratings_for, sees_ratings, subject_of

LIMIT = 6


class OwedRepliesPanel(Component):
    name = "service-ratings"
    template_name = "services/admin/ratings_panel.html"
    order = 108

    def __init__(self, rows: Sequence[tuple[GuideRating, DueWords | None]]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows, "all_url": reverse("services_ratings")}


class OwedReplies:
    """Two queries, and nothing where no reply is owed."""

    order = 108

    def panel(self, request: HttpRequest) -> OwedRepliesPanel | None:
        if not sees_ratings(request.user):
            return None
        found = list(
            ratings_for(request.user).filter(score__lte=BAD, reply="").order_by("at")[:LIMIT]
        )
        if not found:
            return None
        running = open_clocks(found)
        rows = [
            (row, clocks.words(running[subject_of(row)]) if subject_of(row) in running else None)
            for row in found
        ]
        return OwedRepliesPanel(rows)
