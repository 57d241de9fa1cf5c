"""The admin's part of the boards: screens and menu entries."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from .admin.board import BoardView, OverviewView, set_watch, take_translation
from .admin.fees import FeesView, OwnFeesView
from .readers import counter
from .selectors.people import shows_boards


@register_wagtail_hook("register_admin_urls")
def board_urls() -> list[Any]:
    return [
        path("foreign/boards/", OverviewView.as_view(), name="foreign_boards"),
        path("foreign/boards/<int:section>/", BoardView.as_view(), name="foreign_board"),
        path("foreign/boards/<int:section>/fees/", FeesView.as_view(), name="foreign_fees"),
        path("foreign/boards/<int:section>/watch/", set_watch, name="foreign_watch"),
        path("foreign/my-work/", OwnFeesView.as_view(), name="foreign_own_fees"),
        path("foreign/take/<int:pk>/", take_translation, name="foreign_take"),
    ]


class _BoardItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return shows_boards(request)


@register_wagtail_hook("register_reports_menu_item")
def board_menu_item() -> MenuItem:
    return _BoardItem(
        _("Translation boards"),
        reverse("foreign_boards"),
        name="foreign-boards",
        icon_name="globe",
        order=620,
    )


@register_wagtail_hook("before_serve_page")
def count_reader(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> None:
    counter.see(request, page.pk)
