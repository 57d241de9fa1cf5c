"""What the counter does on a schedule, in the words that whoever switches it on is shown."""

from django.utils.translation import gettext_lazy as _

READ_LOG = _("Each minute: adds what the log of visits holds to the figures of the day.")
RANK = _("Each hour: ranks the pages that are read most, for public lists.")
FORGET_LOG = _("Each night: deletes logs of visits that are old and counted.")
