"""What following the Chinese adds to Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from .admin.core_rules import CoreRuleViewSet
from .admin.source_page import SourcePageView, tell_consequences
from .models import Ending
from .services.ending import LOG_DELETED, LOG_ENDED, LOG_RETURNED
from .services.following import LOG_FOLLOWED
from .services.minor_changes import LOG_MINOR, LOG_MINOR_UNDONE


class _EndedFormatter(LogFormatter):
    label = _("Withdrawn by the portal")

    def format_message(self, log_entry: Any) -> str:
        because = log_entry.data.get("because", "")
        reason = Ending(because).label if because in Ending.values else because
        return str(_("Withdrawn by the portal: %(reason)s") % {"reason": reason})


class _DeletedFormatter(_EndedFormatter):
    label = _("Deleted by the portal")

    def format_message(self, log_entry: Any) -> str:
        return str(_("Deleted by the portal: the Chinese page was deleted"))


@register_wagtail_hook("register_log_actions")
def followed_in_history(actions: Any) -> None:
    actions.register_action(LOG_ENDED)(_EndedFormatter)
    actions.register_action(LOG_DELETED)(_DeletedFormatter)
    actions.register_action(
        LOG_RETURNED,
        _("Published again by the portal"),
        _("Published again by the portal: the Chinese page is back"),
    )
    actions.register_action(
        LOG_FOLLOWED,
        _("Brought up to date by the portal"),
        _("Brought up to date by the portal: dates, pictures, files or order changed"),
    )
    actions.register_action(
        LOG_MINOR, _("Minor change"), _("Said of a changed paragraph: the meaning is unchanged")
    )
    actions.register_action(
        LOG_MINOR_UNDONE,
        _("Minor change taken back"),
        _("Took back that the meaning of a paragraph is unchanged"),
    )


@register_wagtail_hook("register_admin_viewset")
def core_rules() -> CoreRuleViewSet:
    return CoreRuleViewSet()


@register_wagtail_hook("register_admin_urls")
def source_page_urls() -> list[Any]:
    return [
        path("foreign/pages/<int:pk>/", SourcePageView.as_view(), name="foreign_source_page"),
    ]


@register_wagtail_hook("register_page_header_buttons")
def source_page_button(
    page: Page, user: Any, next_url: str | None = None, view_name: str = ""
) -> Iterator[Button]:
    """The way from a Chinese page to how it stands in other languages."""
    if page.locale.language_code != settings.LANGUAGE_CODE or page.is_root():
        return
    kind = page.specific_class
    if getattr(kind, "is_container", True) or kind.is_translated_apart:
        return
    if page.permissions_for_user(user).can_edit():
        url = reverse("foreign_source_page", args=[page.pk])
        yield Button(_("Foreign languages"), url, icon_name="globe", priority=55)


@register_wagtail_hook("after_edit_page")
def told_after_saving(request: HttpRequest, page: Page) -> None:
    """Not while the browser saves by itself: the editor is told when saving on purpose."""
    if "json" not in request.headers.get("accept", ""):
        tell_consequences(request, page)
