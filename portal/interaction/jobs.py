"""What the plugin does on a schedule, in the words that whoever switches it on is shown."""

from django.utils.translation import gettext_lazy as _

CLEAR_UNSENT = _("Every half hour: removes drafts and attachments that nobody sent.")
LOOK_AFTER = _(
    "Every ten minutes: dates that moved with the work calendar, notices that were lost."
)
WATCH = _(
    "Each night: letters without an answer for three months are shown to the head; personal data "
    "whose time is over are erased."
)
