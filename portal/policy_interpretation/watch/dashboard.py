"""The panel of the editors' first page: how many figures differ, and where."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from .selectors import open_differences

_LIMIT = 8


class FiguresPanel(Component):
    name = "differing-figures"
    template_name = "policy_interpretation/admin/figures_panel.html"

    def __init__(self, count: int, texts: list[dict[str, Any]], order: int) -> None:
        self.count, self.texts, self.order = count, texts, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self, "all_url": reverse("policy_interpretation_figures_list")}


class DifferingFigures:
    order = 140

    def panel(self, request: HttpRequest) -> FiguresPanel | None:
        found = open_differences(request.user)
        rows = list(
            found.order_by()
            .values("text", "text__title", "text__site__short_name")
            .annotate(count=Count("pk"))
            .order_by("-count", "text")
        )
        if not rows:
            return None
        texts = [
            {
                "title": row["text__title"],
                "site": row["text__site__short_name"],
                "count": row["count"],
                "url": reverse("policy_interpretation_figures", args=[row["text"]]),
            }
            for row in rows[:_LIMIT]
        ]
        return FiguresPanel(sum(row["count"] for row in rows), texts, self.order)
