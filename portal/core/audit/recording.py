"""Writing an entry."""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from portal.core.models import AuditEntry

from . import asking, marks, sealing

logger = logging.getLogger(__name__)


def record(
    action: str,
    kind: AuditEntry.Kind,
    *,
    result: AuditEntry.Result = AuditEntry.Result.DONE,
    user: Any = None,
    user_name: str = "",
    target: Model | None = None,
    object_kind: str = "",
    object_pk: object = "",
    object_name: str = "",
    site_pk: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write one event, in the transaction that is under way.

    Args:
        action: its code, such as ``access.signed_in`` or Wagtail's ``wagtail.publish``.
        user: who did it; None takes who is signed in at the request.
        user_name: where there is no account: the name that was tried.
        target: what it happened to; or ``object_kind``, ``object_pk`` and ``object_name`` of it.
        data: further facts, without personal content: no texts of letters, no passwords.
    """
    user = user if user is not None else asking.user()
    if target is not None:
        object_kind = object_kind or target._meta.label_lower
        object_pk = object_pk or target.pk or ""
        object_name = object_name or str(target)
    entry = AuditEntry(
        uid=uuid.uuid4(),
        at=timezone.now(),
        kind=kind,
        action=action[:80],
        result=result,
        user_pk=getattr(user, "pk", None),
        user_name=_clean(user_name or getattr(user, "username", ""))[:150],
        address=asking.address(),
        object_kind=object_kind[:100],
        object_pk=str(object_pk)[:64],
        object_name=_clean(object_name)[:255],
        site_pk=site_pk,
        data=dict(data or {}),
    )
    entry.mark = marks.mark_of(entry)
    entry.save(force_insert=True)
    transaction.on_commit(sealing.seal, robust=True)
    return entry


def _clean(text: str) -> str:
    """Names come from outside: PostgreSQL takes no NUL, and no line is to look like another."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
