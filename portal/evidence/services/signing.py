"""The daily root and the keys: signed, handed over, verified."""

import base64
import binascii
import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.log_actions import log as log_action

from portal.evidence.leaves import key_statement, statement
from portal.evidence.models import Log, Root, SigningKey
from portal.evidence.places import folder
from portal.evidence.selectors.tree import root_at, size
from portal.plugin_api import (
    CapabilityUnavailable,
    SignatureProvider,
    evidence_hash,
    signature_provider,
)

from .log import append, the_log

ROOTS = "roots.txt"
ROTATED = "evidence.key_rotated"


class CannotSign(Exception):
    """There is nobody who signs, or the key is not the one that was handed over to."""


def _provider() -> SignatureProvider:
    found = signature_provider.provider()
    if found is None:
        raise CannotSign("Nobody provides signatures (signature_provider).")
    return found


@transaction.atomic
def current_key() -> SigningKey:
    """The row of the key that signs; the first one is entered by this.

    Raises:
        CannotSign: another key signs than the one that the site knows.
    """
    Log.objects.select_for_update().get(pk=the_log().pk)
    provider = _provider()
    public = provider.public_key()
    last = SigningKey.objects.filter(ended_at=None).first()
    if last is None:
        return SigningKey.objects.create(
            algorithm=provider.algorithm, fingerprint=evidence_hash(public), public_key=public,
            began_at=timezone.now(),
        )  # fmt: skip
    if last.public_key != public:
        if last.before is None or last.before.public_key != public:
            raise CannotSign(
                "The key that signs is not the one on the site, and was not handed over to."
            )
        provider.adopt_key(last.public_key)  # a process died between the two
    return last


@transaction.atomic
def sign_day(day: datetime.date | None = None) -> Root | None:
    """Sign the root over all entries for a day (default: today in local time).

    Once a day: signed already, it is left as it is. None where there is no entry yet.

    Raises:
        CannotSign: see there.
    """
    log = Log.objects.select_for_update().get(pk=the_log().pk)
    append([])  # the file has what the table has
    day = day or timezone.localdate()
    if (found := Root.objects.filter(day=day).first()) is not None:
        return found
    count = size()
    if not count:
        return None
    key, now = current_key(), timezone.now()
    root = root_at(count)
    text = statement(log=log.identity, day=day, size=count, root=root, at=now)
    made = Root.objects.create(
        day=day, size=count, root=root, signed_at=now, key=key,
        signature=base64.b64encode(_provider().sign(text)).decode(),
    )  # fmt: skip
    _write_beside(made)
    return made


def _write_beside(made: Root) -> None:
    """The file of roots, beside that of entries: for whoever copies it to another place."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / ROOTS).open("a", encoding="utf-8") as file:
        fields = (made.day, made.size, made.root, made.key.fingerprint, made.signature)
        file.write("\t".join(map(str, fields)) + "\n")


@transaction.atomic
def rotate(*, user: Any) -> SigningKey:
    """A new key, signed by the old one, which signs no more.

    Raises:
        CannotSign: the old key is not there any more, or the provider cannot make a new one.
    """
    log = Log.objects.select_for_update().get(pk=the_log().pk)
    old, provider, now = current_key(), _provider(), timezone.now()
    try:
        public = provider.prepare_key()
    except CapabilityUnavailable as error:
        raise CannotSign(gettext("No new key could be made.")) from error
    text = key_statement(log=log.identity, public_key=public, at=now)
    signature = provider.sign(text)
    old.ended_at = now
    old.save(update_fields=["ended_at"])
    made = SigningKey.objects.create(
        algorithm=provider.algorithm, fingerprint=evidence_hash(public), public_key=public,
        began_at=now, before=old, handed_over=base64.b64encode(signature).decode(),
    )  # fmt: skip
    log_action(made, ROTATED, user=user)
    transaction.on_commit(lambda: provider.adopt_key(public))
    return made


# --- verifying ------------------------------------------------------------------------------------
def holds(algorithm: str, text: bytes, signature: str, public_key: str) -> bool | None:
    """Whether a signature holds; None where nobody here knows its algorithm."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except binascii.Error:
        return False
    for provider in signature_provider.providers():
        if provider.algorithm == algorithm:
            return provider.verify(text, raw, public_key)
    return None


def statement_of(root: Root, identity: str) -> bytes:
    return statement(log=identity, day=root.day, size=root.size, root=root.root, at=root.signed_at)


def root_holds(root: Root, identity: str) -> bool | None:
    key = root.key
    return holds(key.algorithm, statement_of(root, identity), root.signature, key.public_key)


def key_holds(key: SigningKey, identity: str) -> bool | None:
    """Whether a key is what it says, and the one before handed over to it."""
    if evidence_hash(key.public_key) != key.fingerprint:
        return False
    if key.before is None:
        return True
    text = key_statement(log=identity, public_key=key.public_key, at=key.began_at)
    return holds(key.before.algorithm, text, key.handed_over, key.before.public_key)
