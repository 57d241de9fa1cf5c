"""What the plugin adds to Wagtail's admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import register_wagtail_hook

from . import release, services

_ACTIONS = {
    services.LOG_MADE: (_("Made"), _("Made the set")),
    services.LOG_CHANGED: (_("Changed"), _("Changed title, note or embargo of the set")),
    services.LOG_ADDED: (_("Page added"), _("Put a page into the set")),
    services.LOG_REMOVED: (_("Page taken out"), _("Took a page out of the set")),
    services.LOG_HANDED_IN: (_("Handed in"), _("Handed the drafts of the set in for review")),
    services.LOG_DISSOLVED: (_("Dissolved"), _("Dissolved the set")),
    release.LOG_RELEASED: (_("Released"), _("Released the set")),
    release.LOG_REFUSED: (_("Not released"), _("The set could not be released")),
    release.LOG_SCHEDULED: (_("Scheduled"), _("Chose the time of the set")),
    release.LOG_UNSCHEDULED: (_("Time taken back"), _("Took the time of the set back")),
    release.LOG_WITHDRAWN: (_("Withdrawn"), _("Withdrew the set")),
}


@register_wagtail_hook("register_log_actions")
def sets_in_history(actions: Any) -> None:
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)
