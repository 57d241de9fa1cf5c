"""Screens for guides: the word lists, completeness, what counters confirmed, statistics."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.drafts import question_drafts
from .admin.figures import CountsView, FigureViewSet, ImportView
from .admin.oversight import CompareView, GuideReportView
from .admin.settings import ServiceSettingsViewSet
from .admin.terms import TermViewSet
from .permissions import sees_oversight


@register_wagtail_hook("register_admin_viewset")
def service_tables() -> list[Any]:
    return [
        TermViewSet("service_terms"),
        ServiceSettingsViewSet("service_settings"),
        FigureViewSet("service_figures"),
    ]


@register_wagtail_hook("register_admin_urls")
def guide_urls() -> list[Any]:
    return [
        path("services/<int:pk>/compare/", CompareView.as_view(), name="services_compare"),
        path("services/<int:pk>/questions/", question_drafts, name="services_drafts"),
        path("services/figures/", CountsView.as_view(), name="services_figures"),
        path("services/figures/import/", ImportView.as_view(), name="services_figures_import"),
        path("reports/services/", GuideReportView.as_view(), name="services_report"),
        path(
            "reports/services/results/",
            GuideReportView.as_view(results_only=True),
            name="services_report_results",
        ),
    ]


class _OversightItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return sees_oversight(request.user)


@register_wagtail_hook("register_reports_menu_item")
def report_item() -> MenuItem:
    return _OversightItem(
        _("Service guides"),
        reverse("services_report"),
        name="service-guides",
        icon_name="tasks",
        order=630,
    )
