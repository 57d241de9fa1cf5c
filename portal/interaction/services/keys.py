"""Keys of programs that send letters. The whole key is shown once; kept is its hash."""

import hashlib
import secrets
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.interaction import permissions
from portal.interaction.models import IntakeKey
from portal.plugin_api import take_turn

LOG_MADE = "interaction.key.made"
LOG_SWITCHED = "interaction.key.switched"
_START = "ltr"
_LONGEST = 100


@transaction.atomic
def make_key(
    *, site: int, name: str, by: Any, per_minute: int = 30, per_day: int = 2000
) -> tuple[IntakeKey, str]:
    """A new key: its row, and the whole of it, which cannot be shown again.

    Args:
        by: the account that makes it; None: an operator at the command line.

    Raises:
        PermissionDenied: the account does not set the letters of this site.
        ValidationError: it has no name, or limits of nothing.
    """
    if by is not None and not permissions.may_set(by, site):
        raise PermissionDenied
    if not name.strip():
        raise ValidationError(_("Say whose key it is."))
    if not (0 < per_minute <= 10_000 and 0 < per_day <= 1_000_000):
        raise ValidationError(_("The limits must be above 0."))
    take_turn()
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    whole = f"{_START}_{prefix}_{secret}"
    key = IntakeKey.objects.create(
        site_id=site,
        name=name.strip()[:60],
        prefix=prefix,
        key_hash=_hash(whole),
        per_minute=per_minute,
        per_day=per_day,
    )
    log(instance=key, action=LOG_MADE, user=by)
    return key, whole


@transaction.atomic
def switch_key(*, key: IntakeKey, is_active: bool, by: Any) -> None:
    """Let a key hold or not; a lost one is switched off and a new one made. What came by it stays.

    Raises:
        PermissionDenied: the account does not set the letters of this site.
    """
    if not permissions.may_set(by, key.site_id):
        raise PermissionDenied
    take_turn()
    key.is_active = is_active
    key.save(update_fields=["is_active"])
    log(instance=key, action=LOG_SWITCHED, user=by, data={"is_active": is_active})


def key_of(text: str) -> IntakeKey | None:
    """The key that a program shows; None for one that is not known or not active."""
    parts = text.strip().split("_", 2)
    if len(text) > _LONGEST or len(parts) != 3 or parts[0] != _START:
        return None
    row = IntakeKey.objects.filter(prefix=parts[1], is_active=True).first()
    # The same work whether there is such a key or not.
    fits = constant_time_compare(row.key_hash if row else "0" * 64, _hash(text.strip()))
    return row if row is not None and fits else None


def note_use(key: IntakeKey) -> None:
    """When it was used last, to the hour: one row is not written with each letter."""
    now = timezone.now()
    if key.used_at is None or (now - key.used_at).total_seconds() > 3600:
        IntakeKey.objects.filter(pk=key.pk).update(used_at=now)


def _hash(whole: str) -> str:
    """32 random bytes need no slow hash."""
    return hashlib.sha256(whole.encode()).hexdigest()
