"""What stands before each public form: one-time sheets, a trap for programs, limits.

A form's key is signed here for one activity and holds for a day; each key stores one thing.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.plugin_api import count_in_window, page_is_not_kept, visitor_of

KEY_AGE = 24 * 3600
WINDOW = 3_600
# A connection may be an office or a school; an activity may be the talk of the city.
VISITOR_PER_HOUR = {"opinion": 20, "question": 10, "survey": 60}
ACTIVITY_PER_HOUR = {"opinion": 3_000, "question": 1_500, "survey": 12_000}


@dataclass(frozen=True, slots=True)
class Stop:
    """Why something is not stored: a sentence, an HTTP status, seconds to wait."""

    sentence: str
    status: int
    wait: int = 0


def new_key(purpose: str, page_pk: int) -> str:
    page_is_not_kept("a form with a key of its own")
    return _signer(purpose, page_pk).sign(secrets.token_urlsafe(16))


def read_key(typed: str, purpose: str, page_pk: int) -> str:
    """The key of a sheet; "" where it was not made here, is for something else, or too old."""
    try:
        found: str = _signer(purpose, page_pk).unsign(typed[:200], max_age=KEY_AGE)
    except signing.BadSignature:
        return ""
    return found


def _signer(purpose: str, page_pk: int) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"participation.{purpose}.{page_pk}")


def stop_of(
    request: HttpRequest, purpose: str, page_pk: int, *, stored: QuerySet[Any]
) -> Stop | None:
    """Whether too much has come in. Each call counts: ask once, when all else is well.

    Args:
        stored: what was stored with this sheet. Who sends it again, as the answer was lost on the
            way, is told that it arrived.
    """
    if stored.exists():
        return None
    visitor = visitor_of(request, purpose=f"participation.{purpose}")
    if visitor:
        sent, left = count_in_window(f"participation:{purpose}:{visitor}", WINDOW)
        if sent > VISITOR_PER_HOUR[purpose]:
            return Stop(
                _("Too much was sent from your connection. Your text is still here: please send "
                  "it again in an hour."), 429, left,
            )  # fmt: skip
    sent, left = count_in_window(f"participation:{purpose}:all:{page_pk}", WINDOW)
    if sent > ACTIVITY_PER_HOUR[purpose]:
        return Stop(
            _("Very much is being sent at the moment. Your text is still here: please try again "
              "later."), 429, left,
        )  # fmt: skip
    return None


def is_trapped(data: Any) -> bool:
    """A field that people do not see is filled in."""
    return bool(data.get("website", ""))


def voter_mark(request: HttpRequest, *, salt: str, strictness: str) -> str:
    """Who answers a survey, as a hash that nobody can make again once the salt is thrown away.

    Made of the connection, the day, and the kind and languages of the browser. "" where only the
    browser's own cookie counts, and for programs on this machine.
    """
    if strictness != "device" or not salt:
        return ""
    connection = visitor_of(request, purpose=f"participation.vote.{salt}")
    if not connection:
        return ""
    browser = "\n".join(
        request.headers.get(name, "")[:300] for name in ("User-Agent", "Accept-Language")
    )
    return salted_hmac(salt, f"{connection}\n{browser}", algorithm="sha256").hexdigest()
