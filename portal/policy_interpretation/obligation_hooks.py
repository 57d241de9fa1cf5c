"""The admin's part of obligations: screens, menu entries, lines of the history."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.figures import FiguresView
from .admin.obligations import BoardView, ObligationView, may_see_board
from .rule_viewsets import InterpretationSettingsViewSet, RuleViewSet, count_documents
from .services.obligations import LOG_OWED_AGAIN, LOG_WAIVED


@register_wagtail_hook("register_admin_viewset")
def rules() -> list[Any]:
    return [
        RuleViewSet("policy_rules"),
        InterpretationSettingsViewSet("policy_interpretation_settings"),
    ]


@register_wagtail_hook("register_admin_urls")
def obligation_urls() -> list[Any]:
    return [
        path("policies/obligations/", BoardView.as_view(), name="policy_obligations"),
        path(
            "policies/obligations/results/",
            BoardView.as_view(results_only=True),
            name="policy_obligations_results",
        ),
        path("policies/obligations/<int:pk>/", ObligationView.as_view(), name="policy_obligation"),
        path("policies/figures/", FiguresView.as_view(), name="policy_figures"),
        path("policies/rule-count/", count_documents, name="policy_rule_count"),
    ]


class _BoardItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_board(request.user)


@register_wagtail_hook("register_reports_menu_item")
def board_menu_item() -> MenuItem:
    return _BoardItem(
        _("Interpretations owed"),
        reverse("policy_obligations"),
        name="policy-obligations",
        icon_name="clipboard-list",
        order=610,
    )


@register_wagtail_hook("register_log_actions")
def waivers_in_history(actions: Any) -> None:
    actions.register_action(LOG_WAIVED, _("Waived"), _("Waived an interpretation"))
    actions.register_action(LOG_OWED_AGAIN, _("Owed again"), _("Took a waiver back"))
