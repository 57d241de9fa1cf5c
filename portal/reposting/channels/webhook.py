"""Sends JSON to an address of another program, signed.

``X-Portal-Signature: t=<seconds>,v1=<hex>`` is HMAC-SHA256 over ``<seconds>.<body>`` with the key;
``Idempotency-Key`` stays the same for each try. Any answer from 200 to 299 is a receipt; JSON with
``id`` and ``url`` is kept. What is documented in docs/administrators/reposting.md.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import (
    OutsideError,
    PrivateAddress,
    PushFailed,
    PushMessage,
    PushReceipt,
    PushTarget,
    ask_outside,
)

# What will be refused the next time, too. 408, 425 and 429 ask for patience.
_PATIENCE = frozenset({408, 425, 429})
_SECONDS = 20.0
_MOST_BYTES = 64 * 1024


def signature(secret: str, seconds: int, body: bytes) -> str:
    told = f"{seconds}.".encode() + body
    return f"t={seconds},v1={hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()}"


class Webhook:
    label = gettext_lazy("Webhook (signed JSON)")
    note = ""
    is_connected = True

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock

    def problem(self, target: PushTarget) -> str:
        parts = urlsplit(target.address)
        schemes = ("https", "http") if target.allow_private else ("https",)
        if parts.scheme not in schemes or not parts.hostname:
            return _("Only https addresses are sent to.")
        if target.options.get("secret_name") and not target.secret:
            return _("The environment has no variable %(name)s: nothing is sent unsigned.") % {
                "name": target.options["secret_name"]
            }
        if not target.secret:
            return _("Name the environment variable of the signing key.")
        return ""

    def push(self, target: PushTarget, message: PushMessage) -> PushReceipt:
        if not target.secret:
            raise PushFailed("There is no signing key in the environment.")
        body = json.dumps(
            {"event": message.event, "key": message.key, **message.content}, ensure_ascii=False
        ).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "portal-reposting",
            "Idempotency-Key": message.key,
            "X-Portal-Signature": signature(target.secret, int(self._clock()), body),
        }
        try:
            answer = ask_outside(
                "POST",
                target.address,
                headers=headers,
                body=body,
                most_bytes=_MOST_BYTES,
                seconds=_SECONDS,
                allow_private=target.allow_private,
            )
        except PrivateAddress as error:
            raise PushFailed("The address leads into a private network.") from error
        except (OutsideError, ValueError) as error:
            raise PushFailed(str(error) or type(error).__name__) from error
        if not 200 <= answer.status < 300:
            refused = 400 <= answer.status < 500 and answer.status not in _PATIENCE
            raise PushFailed(f"It answers with status {answer.status}.", for_good=refused)
        return _receipt(answer.status, answer.body)


def _receipt(status: int, body: bytes) -> PushReceipt:
    note = f"It answers with status {status}."
    try:
        told = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        return PushReceipt(note=note)
    if not isinstance(told, dict):
        return PushReceipt(note=note)
    number, url = told.get("id", ""), told.get("url", "")
    return PushReceipt(
        number=str(number)[:120] if isinstance(number, str | int) else "",
        url=url if isinstance(url, str) else "",
        note=note,
    )
