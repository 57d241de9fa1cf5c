"""An event in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import registry

_OWN = {
    "access.signed_in": _("Signed in"),
    "access.signed_out": _("Signed out"),
    "access.failed": _("Sign-in failed"),
    "access.locked_out": _("Locked out after failed sign-ins"),
    "access.refused": _("Refused"),
    "access.session_idle": _("Signed out after idle time"),
    "access.session_elsewhere": _("Session used elsewhere"),
    "rights.account_ended": _("Account closed: its last day is over"),
    "rights.account_idle": _("Account closed: not used"),
    "rights.account_warned": _("Warned: account not used"),
    "rights.account_made": _("Account made"),
    "rights.account_changed": _("Account changed"),
    "rights.account_deleted": _("Account deleted"),
    "rights.password_changed": _("Password changed"),
    "rights.role_given": _("Role given"),
    "rights.role_taken": _("Role taken away"),
    "rights.group_changed": _("Rights of a group changed"),
    "export.table": pgettext_lazy("audit", "Table exported"),
}


def words_of(action: str) -> str:
    """What an event is called; its code where the plugin that knew it is gone."""
    if action in _OWN:
        return str(_OWN[action])
    if registry.action_exists(action):
        return str(registry.get_action_label(action))
    return action
