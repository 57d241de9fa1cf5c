"""How often one visitor may search and be given suggestions."""

from django.conf import settings
from django.http import HttpRequest

from portal.plugin_api import count_in_window, visitor_of

WINDOW = 60


def seconds_until_search(request: HttpRequest) -> int:
    """Count one search; 0 when it may go on, else the seconds after which to try again."""
    return _wait(request, "search", settings.SEARCH_VISITOR_PER_MINUTE)


def seconds_until_suggestion(request: HttpRequest) -> int:
    """The same for suggestions, of which typing one query takes many."""
    return _wait(request, "suggest", settings.SEARCH_SUGGESTIONS_PER_MINUTE)


def _wait(request: HttpRequest, what: str, most: int) -> int:
    visitor = visitor_of(request, purpose="search.visitor")
    if not visitor:
        return 0
    counted, left = count_in_window(f"search:{what}:{visitor}", WINDOW)
    return left if counted > most else 0
