"""Rules for passwords beside Django's own."""

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, ngettext


class KindsOfSigns:
    """So many of: small letters, capitals, digits, other signs. Other scripts count as others."""

    def __init__(self, kinds: int) -> None:
        self.kinds = kinds

    def validate(self, password: str, user: object = None) -> None:
        found = {_kind(sign) for sign in password}
        if len(found) < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return gettext(
            "Use at least %(number)d of these: small letters, capitals, digits, other signs."
        ) % {"number": self.kinds}


def _kind(sign: str) -> str:
    if sign.isascii():
        for name in ("islower", "isupper", "isdigit"):
            if getattr(sign, name)():
                return name
    return "other"


def is_too_old(user: Any) -> bool:
    """Whether a password must be changed. Accounts without one sign in elsewhere."""
    if not settings.STAFF_PASSWORD_DAYS or not user.has_usable_password():
        return False
    since = user.password_changed_at or user.date_joined
    return bool(timezone.now() - since > datetime.timedelta(days=settings.STAFF_PASSWORD_DAYS))


def too_old_text() -> str:
    days = settings.STAFF_PASSWORD_DAYS
    return ngettext(
        "Your password is older than %(days)d day. Choose a new one to go on.",
        "Your password is older than %(days)d days. Choose a new one to go on.",
        days,
    ) % {"days": days}
