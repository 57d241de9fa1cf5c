"""The admin's part of the boards: screens and menu entries."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.board import BoardView, OverviewView, take_translation
from .selectors.people import sees_boards


@register_wagtail_hook("register_admin_urls")
def board_urls() -> list[Any]:
    return [
        path("foreign/boards/", OverviewView.as_view(), name="foreign_boards"),
        path("foreign/boards/<int:section>/", BoardView.as_view(), name="foreign_board"),
        path("foreign/take/<int:pk>/", take_translation, name="foreign_take"),
    ]


class _BoardItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return sees_boards(request.user)


@register_wagtail_hook("register_reports_menu_item")
def board_menu_item() -> MenuItem:
    return _BoardItem(
        _("Translations"),
        reverse("foreign_boards"),
        name="foreign-boards",
        icon_name="globe",
        order=620,
    )
