"""What following the Chinese adds to Wagtail's admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogFormatter

from portal.plugin_api import register_wagtail_hook

from .models import Ending
from .services.ending import LOG_DELETED, LOG_ENDED, LOG_RETURNED
from .services.following import LOG_FOLLOWED


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
        _(
            "Brought up to date by the portal: dates, pictures, files or order changed in the Chinese"
        ),
    )
