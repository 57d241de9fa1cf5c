"""Who may sign in, and stay signed in: asked with every request of a session."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone


class StaffBackend(ModelBackend):
    """Accounts end with their contract on the day itself, not when somebody remembers."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not has_ended(user)


def has_ended(user: Any) -> bool:
    """Whether the last day of an account is over, in the city's time."""
    return user.ends_on is not None and user.ends_on < timezone.localdate()
