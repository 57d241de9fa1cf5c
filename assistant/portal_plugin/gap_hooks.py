"""The admin: gaps of the knowledge base."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.contradictions import WorkOnEntriesItem
from .admin.gaps import GapListView, GapView


def gap_urls() -> list[Any]:
    return [
        path("questions/gaps/", GapListView.as_view(), name="assistant_gaps"),
        path(
            "questions/gaps/results/",
            GapListView.as_view(results_only=True),
            name="assistant_gaps_results",
        ),
        path("questions/gaps/<int:pk>/", GapView.as_view(), name="assistant_gap"),
    ]


def gaps_menu_item() -> MenuItem:
    return WorkOnEntriesItem(
        _("Gaps: asked in vain"),
        reverse("assistant_gaps"),
        name="assistant-gaps",
        icon_name="help",
        order=619,
    )


register_wagtail_hook("register_admin_urls")(gap_urls)
register_wagtail_hook("register_reports_menu_item")(gaps_menu_item)
