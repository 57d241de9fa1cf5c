"""The admin's part of disclosure: settings, the staff's screen, its menu entry."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.disclosure import PlatformListView, PlatformView
from .admin.obligations import may_see_board
from .admin.online_dates import OnlineDatesView, may_see_dates
from .disclosure_viewsets import PlatformViewSet, StatutoryCategoryViewSet


@register_wagtail_hook("register_admin_viewset")
def disclosure_tables() -> list[Any]:
    return [
        PlatformViewSet("policy_disclosure_platforms"),
        StatutoryCategoryViewSet("policy_statutory_categories"),
    ]


@register_wagtail_hook("register_admin_urls")
def disclosure_urls() -> list[Any]:
    return [
        path("disclosure/", PlatformListView.as_view(), name="policy_disclosure_list"),
        path("disclosure/dates/", OnlineDatesView.as_view(), name="policy_online_dates"),
        path("disclosure/<int:pk>/", PlatformView.as_view(), name="policy_disclosure"),
    ]


class _DisclosureItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_board(request.user)


class _DatesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_dates(request.user)


@register_wagtail_hook("register_reports_menu_item")
def dates_menu_item() -> MenuItem:
    return _DatesItem(
        _("Document date and online date"),
        reverse("policy_online_dates"),
        name="policy-online-dates",
        icon_name="date",
        order=621,
    )


@register_wagtail_hook("register_reports_menu_item")
def disclosure_menu_item() -> MenuItem:
    return _DisclosureItem(
        _("Information disclosure"),
        reverse("policy_disclosure_list"),
        name="policy-disclosure",
        icon_name="doc-full-inverse",
        order=620,
    )
