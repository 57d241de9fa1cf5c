"""Admin hooks of interviews."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import register_wagtail_hook

from .services.interviews import (
    LOG_CORRECTED,
    LOG_ENDED,
    LOG_ON_AIR,
    LOG_TRANSCRIPT,
    LOG_WITHDRAWN,
)

_ACTIONS = {
    LOG_ON_AIR: (_("Went live"), _("Began the interview")),
    LOG_ENDED: (_("Ended"), _("Ended the interview")),
    LOG_CORRECTED: (_("Entry corrected"), _("Corrected a live entry")),
    LOG_WITHDRAWN: (_("Entry withdrawn"), _("Withdrew a live entry")),
    LOG_TRANSCRIPT: (_("Transcript"), _("Wrote the transcript into a draft")),
}


@register_wagtail_hook("register_log_actions")
def interviews_in_history(actions: Any) -> None:
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)
