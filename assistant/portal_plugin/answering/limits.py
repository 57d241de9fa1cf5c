"""How many questions are taken: from one address, and from everybody; in windows of one minute."""

from django.conf import settings
from django.http import HttpRequest

from portal import plugin_api
from portal.plugin_api import count_in_window

WINDOW = 60


def visitor_of(request: HttpRequest) -> str:
    """Who asks, as a hash that is another one tomorrow; "" for programs on this machine itself."""
    return plugin_api.visitor_of(request, purpose="assistant.visitor")


def seconds_to_wait(visitor: str) -> int:
    """Count one question; 0 when it may be asked, else the seconds after which to try again."""
    if visitor:
        asked, left = count_in_window(f"assistant:visitor:{visitor}", WINDOW)
        if asked > settings.ASSISTANT_VISITOR_PER_MINUTE:
            return left
    asked, left = count_in_window("assistant:all", WINDOW)
    return left if asked > settings.ASSISTANT_PER_MINUTE else 0
