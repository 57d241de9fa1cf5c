"""How often visitors may do what costs: sending, guessing, asking for what is alike."""

from django.http import HttpRequest

from portal.plugin_api import count_in_window, visitor_of

HOUR = 3_600
LETTERS_PER_VISITOR = 10  # a whole office may stand behind one address
LETTERS_PER_SITE = 2_000
_SIMILAR_PER_MINUTE = 40
_USEFUL_PER_DAY = 1
_EVENTS_PER_HOUR = 20


def visitor(request: HttpRequest) -> str:
    """Who writes, as a hash of the day."""
    return visitor_of(request, purpose="interaction.letters")


def wait_for_letter(visitor: str, site: int) -> int:
    """Seconds until this visitor may send again; 0: now. Counts this attempt."""
    if visitor:
        sent, left = count_in_window(f"interaction:letters:{visitor}", HOUR)
        if sent > LETTERS_PER_VISITOR:
            return left
    sent, left = count_in_window(f"interaction:letters:all:{site}", HOUR)
    return left if sent > LETTERS_PER_SITE else 0


def may_ask_similar(visitor: str) -> bool:
    if not visitor:
        return True
    return count_in_window(f"interaction:similar:{visitor}", 60)[0] <= _SIMILAR_PER_MINUTE


def wait_for_events(visitor: str) -> int:
    """Seconds until this visitor may fetch all events again; 0: now. A file of years of letters is
    sent as it is read, and holds a worker for that long."""
    if not visitor:
        return 0
    fetched, left = count_in_window(f"interaction:events:{visitor}", HOUR)
    return left if fetched > _EVENTS_PER_HOUR else 0


def counts_as_useful(visitor: str, letter: int) -> bool:
    """Whether this visitor's word about an answer is the first today."""
    if not visitor:
        return True
    key = f"interaction:useful:{letter}:{visitor}"
    return count_in_window(key, 24 * HOUR)[0] <= _USEFUL_PER_DAY
