"""The report in Wagtail's admin, and the way to it from a page's editor."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.plugin_api import may, register_wagtail_hook, site_of_path

from .admin.report import PageView, ReportView, export
from .permissions import READING, may_read_some


class _ReportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_some(request.user)


@register_wagtail_hook("register_admin_urls")
def report_urls() -> list[Any]:
    return [
        path("visits/", ReportView.as_view(), name="visits_report"),
        path("visits/pages/<int:pk>/", PageView.as_view(), name="visits_page"),
        path("visits/<slug:key>.<slug:kind>", export, name="visits_file"),
    ]


@register_wagtail_hook("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    return _ReportItem(
        _("Website visits"), reverse("visits_report"), name="visits", icon_name="view", order=30
    )


@register_wagtail_hook("register_page_header_buttons")
def page_button(page: Page, user: Any, view_name: str, next_url: str = "") -> Iterator[Button]:
    """In the editor of what was public once."""
    if view_name != "edit" or not page.last_published_at:
        return
    if may(user, READING, site_of_path(page.path)):
        url = reverse("visits_page", args=[page.pk])
        yield Button(_("Visits of this page"), url, icon_name="view", priority=60)
