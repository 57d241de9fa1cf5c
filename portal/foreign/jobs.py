"""What runs on a schedule: shown when the plugin is switched on, and the labels of the jobs."""

from django.utils.translation import gettext_lazy as _

FOLLOW_DEADLINES = _(
    "Every quarter of an hour: brings the deadline of each foreign section in line with its queue."
)
COUNT_READERS = _("Each night: gives the queues of translations the readers of the last 90 days.")
WATCH_SECTIONS = _(
    "Each night: looks through the foreign sections for silence, blank columns and broken links."
)
CATCH_UP = _(
    "Every minute: brings translations in step with Chinese pages of which nobody told, such as "
    "after a new rule or a bulk import."
)
