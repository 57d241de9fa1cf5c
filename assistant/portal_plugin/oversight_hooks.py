"""The admin: figures, stopping the assistant, receipts; and how they read in the sites' history."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from portal.plugin_api import register_wagtail_hook

from .admin.figures import FiguresItem, FiguresView, export
from .admin.pauses import PausesItem, PausesView, PauseView, ResumeView
from .admin.receipts import LOG_LOOKED_UP, LetterView, ReceiptsItem, ReceiptsView
from .selectors.oversight import LOOK_UP
from .services.switch import LOG_PAUSED, LOG_RESUMED
from .services.visitor_data import LOG_EXPORTED, LOG_FORGOTTEN


def oversight_urls() -> list[Any]:
    return [
        path("assistant/figures/", FiguresView.as_view(), name="assistant_figures"),
        path(
            "assistant/figures/<slug:key>.<slug:kind>", export, name="assistant_figures_export"
        ),
        path("assistant/stop/", PausesView.as_view(), name="assistant_pauses"),
        path("assistant/stop/<slug:place>/", PauseView.as_view(), name="assistant_pause"),
        path("assistant/answer/<slug:place>/", ResumeView.as_view(), name="assistant_resume"),
        path("assistant/receipts/", ReceiptsView.as_view(), name="assistant_receipts"),
        path(
            "assistant/receipts/<str:answer_id>/letter/",
            LetterView.as_view(),
            name="assistant_letter",
        ),
    ]  # fmt: skip


def figures_menu_item() -> MenuItem:
    return FiguresItem(
        _("The assistant's figures"),
        reverse("assistant_figures"),
        name="assistant-figures",
        icon_name="view",
        order=610,
    )


def receipts_menu_item() -> MenuItem:
    return ReceiptsItem(
        _("Look up a receipt"),
        reverse("assistant_receipts"),
        name="assistant-receipts",
        icon_name="search",
        order=153,
    )


def pauses_menu_item() -> MenuItem:
    return PausesItem(
        _("Stop the assistant"),
        reverse("assistant_pauses"),
        name="assistant-pauses",
        icon_name="no-view",
        order=640,
    )


def permissions_of_groups() -> QuerySet[Permission]:
    """Offered in the form of a group: for hotline staff."""
    app_label, codename = LOOK_UP.split(".")
    return Permission.objects.filter(content_type__app_label=app_label, codename=codename)


# --- the history ----------------------------------------------------------------------------------
class _WithReason(LogFormatter):
    """A line of the history with the reason that was given, and by whom where no account did it."""

    def format_message(self, log_entry: Any) -> str:
        by = log_entry.data.get("by", "")
        said = gettext("by %(name)s") % {"name": by} if by else ""
        parts = (str(self.message), log_entry.data.get("reason", ""), said)
        return " · ".join(part for part in parts if part)


def actions_in_history(actions: Any) -> None:
    for action, label, text in (
        (LOG_PAUSED, _("Assistant stopped"), _("Stopped the assistant")),
        (LOG_RESUMED, _("Assistant answers again"), _("Let the assistant answer again")),
        (LOG_EXPORTED, _("Conversation handed out"), _("Handed out a conversation on request")),
        (LOG_FORGOTTEN, _("Conversation deleted"), _("Deleted a conversation on request")),
    ):
        formatter = type("Formatter", (_WithReason,), {"label": label, "message": text})
        actions.register_action(action)(formatter)
    actions.register_action(
        LOG_LOOKED_UP, _("Receipt looked up"), _("Looked up the receipt of an answer")
    )


# Called, not used as decorators: Wagtail's have no types.
register_wagtail_hook("register_admin_urls")(oversight_urls)
register_wagtail_hook("register_reports_menu_item")(figures_menu_item)
register_wagtail_hook("register_admin_menu_item")(receipts_menu_item)
register_wagtail_hook("register_settings_menu_item")(pauses_menu_item)
register_wagtail_hook("register_permissions")(permissions_of_groups)
register_wagtail_hook("register_log_actions")(actions_in_history)
