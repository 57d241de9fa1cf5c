"""What search does on a schedule, in the words that whoever switches it on is shown."""

from django.utils.translation import gettext_lazy as _

COUNT_LOG = _("Every quarter of an hour: counts the log of searches by day and query.")
FORGET_LOG = _("Each night: deletes single searches that are old, and the words of rare ones.")
FIND_TASKS = _("Each night: makes tasks of what many people looked for in vain.")
SAMPLE = _("Each night: looks for published titles at random and reports what is not found.")
