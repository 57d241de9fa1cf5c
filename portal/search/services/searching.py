"""Finding: from what was typed to what is shown."""

from .contract import Outcome, Search


def find(search: Search) -> Outcome:
    """Everything that the search page, the API and the feed show of a search."""
    return Outcome()
