"""What of following the Chinese runs on a schedule; the label is confirmed when switching on."""

from django.utils.translation import gettext_lazy as _

CATCH_UP = _(
    "Every minute: brings translations in step with Chinese pages of which nobody told, such as "
    "after a new rule or a bulk import."
)
