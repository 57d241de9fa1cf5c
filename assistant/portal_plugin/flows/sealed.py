"""Keys that visitors type, such as the query code of a letter, on their way through the dialogue.

The dialogue engine keeps what it is sent. A key goes through it sealed: only the portal can read
it, and only for a while. Nothing is stored anywhere.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

MINUTES = 30
_PREFIX = "sealed:"


class Broken(Exception):
    """Not sealed here, or too long ago."""


def seal(text: str) -> str:
    """A key that only the portal can read."""
    return _PREFIX + _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """
    Raises:
        Broken: it was not sealed by this portal, or more than half an hour ago.
    """
    if not sealed.startswith(_PREFIX):
        raise Broken
    try:
        return _box().decrypt(sealed.removeprefix(_PREFIX), ttl=MINUTES * 60).decode()
    except InvalidToken as error:
        raise Broken from error


def _box() -> Fernet:
    key = hashlib.sha256(b"assistant.flows.sealed\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
