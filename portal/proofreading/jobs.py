"""What runs on a schedule: shown when the plugin is switched on, and the label of the job."""

from django.utils.translation import gettext_lazy as _

READ_FILES = _("Every ten minutes: looks through uploaded files that were not looked through yet.")
