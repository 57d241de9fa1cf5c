"""The key of a sheet of paper: a form carries it, so that one sheet is one letter.

The token inside is what ``services.intake.receive`` knows a letter by; the signature says that the
form was made here, and when.
"""

import secrets
import time
from dataclasses import dataclass

from django.core import signing

from portal.plugin_api import page_is_not_kept

_SALT = "interaction.form"
GOOD_FOR = 24 * 3600
TOO_FAST = 2
"""Seconds in which nobody reads a form, let alone fills it in."""


@dataclass(frozen=True, slots=True)
class FormKey:
    token: str
    age: float

    @property
    def is_too_fast(self) -> bool:
        return self.age < TOO_FAST


def new_token() -> str:
    page_is_not_kept("a form with a key of its own")
    return secrets.token_urlsafe(24)


def key_for(token: str) -> str:
    """What the form carries for a token."""
    return signing.TimestampSigner(salt=_SALT).sign(token)


def read_key(text: str) -> FormKey | None:
    """The key of a form; None for one that was not made here, or longer ago than a day."""
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        token = signer.unsign(text, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    return FormKey(token, _age(text))


def token_of(text: str) -> str:
    """The token of a key that was made here, however long ago; "" for any other. A form that was
    open for too long stays the same sheet of paper: sent before or not, with what was attached."""
    try:
        return signing.TimestampSigner(salt=_SALT).unsign(text)
    except signing.BadSignature:
        return ""


def _age(text: str) -> float:
    """Seconds since it was signed: the part before the signature is the time."""
    return time.time() - signing.b62_decode(text.rsplit(":", 2)[1])
