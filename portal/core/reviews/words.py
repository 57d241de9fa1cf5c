"""What the history of a page says of its reviews."""

from django.utils.translation import gettext_lazy as _

from .services import LOG_RETURNED, LOG_SIGNED, LOG_URGENT
from .withdrawal import LOG_EMERGENCY

LOG_ACTIONS = {
    LOG_SIGNED: (_("Sign a review"), _("Review signed")),
    LOG_RETURNED: (_("Return from a review"), _("Returned from a review")),
    LOG_URGENT: (_("Put on the fast lane"), _("Put on the fast lane")),
    LOG_EMERGENCY: (_("Withdraw everywhere"), _("Withdrawn everywhere at once")),
}
