"""What the API says where the structure has nothing to show."""

from django.utils.translation import gettext_lazy as _

NO_SITE = _("There is no such public site.")
NO_COLUMN = _("There is no such public column.")
