"""Admin hooks of yearly counts and of what administrators set."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.counts import CountsView, may_see_counts
from .viewsets import NumberViewSet, SettingsViewSet, TeamViewSet


@register_wagtail_hook("register_admin_viewset")
def tables() -> list[Any]:
    return [
        SettingsViewSet("participation_settings"),
        TeamViewSet("participation_teams"),
        NumberViewSet("participation_numbers"),
    ]


@register_wagtail_hook("register_admin_urls")
def counts_urls() -> list[Any]:
    return [path("reports/participation/", CountsView.as_view(), name="participation_counts")]


class _CountsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_counts(request.user)


@register_wagtail_hook("register_reports_menu_item")
def counts_menu_item() -> MenuItem:
    return _CountsItem(
        _("Participation in the year"),
        reverse("participation_counts"),
        name="participation-counts",
        icon_name="list-ol",
        order=640,
    )
