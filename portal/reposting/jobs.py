"""What the plugin does on a schedule, in the words that whoever switches it on is shown."""

from django.utils.translation import gettext_lazy as _

POLL = _("Every minute: asks the feeds of the bodies above whose time has come.")
DELIVER = _("Every minute: sends what waits for the site's channels.")
RECHECK = _(
    "Every hour: compares reposts with their sources, one, three and seven days after release."
)
