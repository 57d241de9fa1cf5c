"""Letters that were filled in elsewhere and that nobody has sent yet."""

import datetime
from hashlib import sha256

from django.utils import timezone

from portal.interaction.models import PreparedLetter

KEPT = datetime.timedelta(days=3)
_LONGEST_TOKEN = 100


def draft_of(token: str) -> PreparedLetter | None:
    """The draft that a token names; None for none and for one whose time is over."""
    if not 16 <= len(token) <= _LONGEST_TOKEN:
        return None
    since = timezone.now() - KEPT
    key = sha256(token.encode()).hexdigest()
    return PreparedLetter.objects.filter(token_hash=key, made_at__gte=since).first()
