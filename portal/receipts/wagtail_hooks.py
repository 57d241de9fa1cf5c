"""What receipts add to Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from .permissions import sees_some
from .views import ReceiptsView, ReceiptView, of_page


@register_wagtail_hook("register_admin_urls")
def receipt_urls() -> list[Any]:
    return [
        path("receipts/", ReceiptsView.as_view(), name="receipts"),
        path("receipts/<int:pk>/", ReceiptView.as_view(), name="receipts_one"),
        path("receipts/of-page/<int:page_pk>/", of_page, name="receipts_of_page"),
    ]


class _ReceiptsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return sees_some(request.user)


@register_wagtail_hook("register_reports_menu_item")
def receipts_menu_item() -> MenuItem:
    return _ReceiptsItem(
        _("Publishing receipts"),
        reverse("receipts"),
        name="receipts",
        icon_name="circle-check",
        order=49,
    )


@register_wagtail_hook("register_page_header_buttons")
def receipt_button(page: Page, user: Any, view_name: str, next_url: str = "") -> Iterator[Button]:
    """In the menu beside the title of a page that is public, edited by somebody who may."""
    if view_name == "edit" and page.live:
        yield Button(
            gettext("Publishing receipt"),
            reverse("receipts_of_page", args=[page.pk]),
            icon_name="circle-check",
            priority=60,
        )
