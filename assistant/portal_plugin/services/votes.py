"""Whether an entry was of use: one vote a day for each visitor and entry, who may change it."""

from django.core.cache import cache
from django.utils import timezone

from assistant.portal_plugin.models import QuestionPage, Vote

# For one visitor, all entries together, in an hour.
MOST = 30
_HOUR = 3600


class TooMany(Exception):
    """The visitor has voted too often; to be told to come back later."""


def vote(*, page: QuestionPage, visitor: str, useful: bool, reason: str = "") -> Vote:
    """Count a vote, or change the one of today.

    Args:
        visitor: the hash of ``answering.limits.visitor_of``; another one each day.
        reason: one of ``Vote.Reason`` where it was of no use, else nothing.

    Raises:
        TooMany: see there.
    """
    _limit(visitor)
    if useful or reason not in Vote.Reason.values:
        reason = ""
    found, _made = Vote.objects.update_or_create(
        page=page,
        day=timezone.localdate(),
        visitor=visitor or "local",
        defaults={"useful": useful, "reason": reason},
    )
    return found


def _limit(visitor: str) -> None:
    key = f"assistant:votes:{visitor}"
    if cache.add(key, 1, timeout=_HOUR):
        return
    try:
        count = int(cache.incr(key))
    except ValueError:  # it went between the two calls
        return
    if count > MOST:
        raise TooMany
