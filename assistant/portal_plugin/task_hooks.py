"""The admin: files of entries, contradicting answers, phrasings of visitors."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.contradictions import ContradictionListView, ContradictionView, WorkOnEntriesItem
from .admin.exchange import ImportsItem, ImportsView, ImportView, export, import_progress
from .admin.proposals import ProposalsView


def task_urls() -> list[Any]:
    return [
        path("questions/imports/", ImportsView.as_view(), name="assistant_imports"),
        path("questions/imports/<int:pk>/", ImportView.as_view(), name="assistant_import"),
        path(
            "questions/imports/<int:pk>/progress/",
            import_progress,
            name="assistant_import_progress",
        ),
        path("questions/export.<slug:kind>", export, name="assistant_export"),
        path(
            "questions/contradictions/",
            ContradictionListView.as_view(),
            name="assistant_contradictions",
        ),
        path(
            "questions/contradictions/results/",
            ContradictionListView.as_view(results_only=True),
            name="assistant_contradictions_results",
        ),
        path(
            "questions/contradictions/<int:pk>/",
            ContradictionView.as_view(),
            name="assistant_contradiction",
        ),
        path("questions/phrasings/", ProposalsView.as_view(), name="assistant_proposals"),
    ]


def imports_menu_item() -> MenuItem:
    return ImportsItem(
        _("Bring in questions"),
        reverse("assistant_imports"),
        name="assistant-imports",
        icon_name="upload",
        order=152,
    )


def contradictions_menu_item() -> MenuItem:
    return WorkOnEntriesItem(
        _("Contradicting answers"),
        reverse("assistant_contradictions"),
        name="assistant-contradictions",
        icon_name="warning",
        order=620,
    )


def proposals_menu_item() -> MenuItem:
    return WorkOnEntriesItem(
        _("Phrasings of visitors"),
        reverse("assistant_proposals"),
        name="assistant-proposals",
        icon_name="comment",
        order=621,
    )


# Called, not used as decorators: Wagtail's have no types.
register_wagtail_hook("register_admin_urls")(task_urls)
register_wagtail_hook("register_admin_menu_item")(imports_menu_item)
register_wagtail_hook("register_reports_menu_item")(contradictions_menu_item)
register_wagtail_hook("register_reports_menu_item")(proposals_menu_item)
