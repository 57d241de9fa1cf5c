"""The admin's part of sections: screens, the menu entry, lines of the history."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.columns import AddColumnView, ColumnView, MemberView
from .admin.sections import AddSectionView, SectionsView, SectionView
from .selectors.people import shows_boards
from .services.sections import LOG_CLOSED, LOG_OPENED
from .services.team import LOG_TEAM


@register_wagtail_hook("register_admin_urls")
def section_urls() -> list[Any]:
    return [
        path("foreign/sections/", SectionsView.as_view(), name="foreign_sections"),
        path("foreign/sections/add/", AddSectionView.as_view(), name="foreign_section_add"),
        path("foreign/sections/<int:pk>/", SectionView.as_view(), name="foreign_section"),
        path(
            "foreign/sections/<int:pk>/columns/add/",
            AddColumnView.as_view(),
            name="foreign_column_add",
        ),
        path("foreign/columns/<int:pk>/", ColumnView.as_view(), name="foreign_column"),
        path(
            "foreign/sections/<int:pk>/team/add/", MemberView.as_view(), name="foreign_member_add"
        ),
        path("foreign/team/<int:member_pk>/", MemberView.as_view(), name="foreign_member"),
    ]


class _SectionsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return shows_boards(request)


@register_wagtail_hook("register_settings_menu_item")
def sections_menu_item() -> MenuItem:
    return _SectionsItem(
        _("Foreign-language sections"),
        reverse("foreign_sections"),
        name="foreign-sections",
        icon_name="globe",
        order=620,
    )


@register_wagtail_hook("register_log_actions")
def sections_in_history(actions: Any) -> None:
    actions.register_action(LOG_OPENED, _("Language opened"), _("Opened the language"))
    actions.register_action(LOG_CLOSED, _("Language closed"), _("Closed the language"))
    actions.register_action(LOG_TEAM, _("Language team"), _("Changed a language team"))
