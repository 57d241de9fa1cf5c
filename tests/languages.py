"""Tests that read messages word for word read them as they are written in the code."""

from collections.abc import Iterator

from django.utils import translation

from portal.core.models import User


def in_english(forgetful_process: None) -> Iterator[None]:
    """To be made an autouse fixture where it is wanted."""
    with translation.override("en"):
        yield


def speaks_english(user: User) -> User:
    """The admin speaks an editor's language, whatever the test's."""
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
    return user
