"""What the plugin does on a schedule, in the words that whoever switches it on is shown."""

from django.utils.translation import gettext_lazy as _

ISSUE_RECURRING = _("Each morning: issues the recurring tasks that are due.")
