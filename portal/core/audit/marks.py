"""What makes an entry this portal's: codes that only who has the portal's secret can make."""

import datetime
import json
from collections.abc import Iterator

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.core.models import AuditEntry, AuditHead

_SALT = "portal.core.audit"
# Everything of an entry but its place in the chain.
_FIELDS = (
    "kind", "action", "result", "user_pk", "user_name", "address", "object_kind", "object_pk",
    "object_name", "site_pk", "data",
)  # fmt: skip


def mark_of(entry: AuditEntry) -> str:
    return _code(_content(entry))


def is_marked(entry: AuditEntry) -> bool:
    return _holds(_content(entry), entry.mark)


def link(before: str, entry: AuditEntry, seq: int) -> str:
    """The link of the chain that seals an entry behind the one before."""
    return _code(f"{seq} {before} {entry.uid} {entry.mark}")


def is_link(before: str, entry: AuditEntry) -> bool:
    return _holds(f"{entry.seq} {before} {entry.uid} {entry.mark}", entry.chain)


def head_mark(head: AuditHead) -> str:
    return _code(f"head {head.first} {head.base} {head.seq} {head.chain}")


def is_head(head: AuditHead) -> bool:
    return _holds(f"head {head.first} {head.base} {head.seq} {head.chain}", head.mark)


def _content(entry: AuditEntry) -> str:
    moment = entry.at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    values = [str(entry.uid), moment, *(getattr(entry, name) for name in _FIELDS)]
    # As the database gives them back: what JSON makes of dates and tuples.
    return json.dumps(values, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder)


def _code(text: str) -> str:
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()


def _holds(text: str, code: str) -> bool:
    return any(
        constant_time_compare(
            salted_hmac(_SALT, text, secret=secret, algorithm="sha256").hexdigest(), code
        )
        for secret in _secrets()
    )


def _secrets() -> Iterator[str]:
    """The present one first, then those it took the place of."""
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS
