"""The admin's part of traditional characters: tables, screens, menu entries."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from portal.plugin_api import Action, register_wagtail_hook, sites_allowing

from .admin import script
from .script.converting import standard_of


@register_wagtail_hook("register_admin_viewset")
def script_tables() -> list[Any]:
    return [
        script.TermViewSet("foreign_script_terms"),
        script.SettingViewSet("foreign_script_settings"),
    ]


@register_wagtail_hook("register_admin_urls")
def script_urls() -> list[Any]:
    return [
        path("foreign/script/", script.workbench, name="foreign_script"),
        path("foreign/script/terms.csv", script.export_terms, name="foreign_script_export"),
        path("foreign/script/import/", script.import_terms, name="foreign_script_import"),
        path("foreign/script/page/<int:pk>/", script.page_paragraphs, name="foreign_script_page"),
        path("foreign/script/corrections/", script.corrections, name="foreign_script_corrections"),
        path("foreign/script/corrections/<int:pk>/", script.decide, name="foreign_script_decide"),
    ]


class _CorrectionsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        sites = sites_allowing(request.user, Action.PAGE_CHANGE)
        return sites is None or bool(sites)


@register_wagtail_hook("register_reports_menu_item")
def corrections_menu_item() -> MenuItem:
    return _CorrectionsItem(
        _("Traditional characters"),
        reverse("foreign_script_corrections"),
        name="foreign-script",
        icon_name="pilcrow",
        order=660,
    )


@register_wagtail_hook("register_page_header_buttons")
def page_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Any]:
    """In the menu of a Chinese page: how it reads in traditional characters."""
    if view_name != "edit" or page.depth < 2 or not page.locale_id:
        return
    if page.locale.language_code != settings.LANGUAGE_CODE or not standard_of(None):
        return
    yield Button(
        _("Traditional characters"),
        reverse("foreign_script_page", args=[page.pk]),
        icon_name="pilcrow",
        priority=95,
    )
