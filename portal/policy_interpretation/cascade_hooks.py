"""The admin: documents that are no longer in force, and what rests on them."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.plugin_api import Action, register_wagtail_hook, sites_allowing

from .admin.cascade import CasesView, CaseView
from .admin.ending import EndingView
from .models import PolicyPage
from .selectors.cascade import may_end
from .services.cascade import LOG_DECIDED
from .services.effects import LOG_ENDED, LOG_UNDONE


@register_wagtail_hook("register_admin_urls")
def cascade_urls() -> list[Any]:
    return [
        path("policies/<int:pk>/ending/", EndingView.as_view(), name="policy_ending"),
        path("policies/cases/", CasesView.as_view(), name="policy_cases"),
        path("policies/cases/<int:pk>/", CaseView.as_view(), name="policy_case"),
    ]


@register_wagtail_hook("register_page_header_buttons")
def ending_button(page: Page, user: Any, view_name: str, next_url: str = "") -> Iterator[Button]:
    """In the menu beside the title of a document."""
    if isinstance(page, PolicyPage) and page.alias_of_id is None and may_end(user, page):
        yield Button(
            gettext("No longer in force …"),
            reverse("policy_ending", args=[page.pk]),
            icon_name="history",
            priority=14,
        )


class _CasesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        sites = sites_allowing(request.user, Action.PAGE_PUBLISH)
        return sites is None or bool(sites)


@register_wagtail_hook("register_reports_menu_item")
def cases_menu_item() -> MenuItem:
    return _CasesItem(
        _("Repeal cases"),
        reverse("policy_cases"),
        name="policy-cases",
        icon_name="history",
        order=620,
    )


@register_wagtail_hook("register_log_actions")
def endings_in_history(actions: Any) -> None:
    actions.register_action(LOG_ENDED, _("Ended"), _("Recorded that it is no longer in force"))
    actions.register_action(LOG_UNDONE, _("End undone"), _("Took back that it is not in force"))
    actions.register_action(
        LOG_DECIDED, _("Basis ended"), _("Decided what becomes of it without its basis")
    )
