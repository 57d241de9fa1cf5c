"""The only way in: messages that the portal passes on.

``POST /webhooks/portal/webhook`` with the bearer token and

    {"sender": "…", "message": "what was typed", "payload": "", "metadata": {…}}
    {"sender": "…", "message": "", "payload": "/choose{\"value\": \"complaint\"}", "metadata": {…}}

What was typed is text, also when it begins with a slash; only a payload names an intent, and only
one of those below. The answer is the list of what was said; 500 says that something broke.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as as_json

logger = logging.getLogger(__name__)

LEAST_TOKEN = 20
LONGEST_BODY = 64 * 1024
LONGEST_MESSAGE = 8000
LONGEST_PAYLOAD = 2000
LONGEST_METADATA = 4000

SENDER = re.compile(r"[A-Za-z0-9_-]{8,80}")
PAYLOAD = re.compile(r"/([a-z][a-z0-9_]{0,79})(\{.*\})?", re.DOTALL)
COMMANDS = frozenset(
    [
        "stop_form",
        "call_human",
        "skip",
        "confirm",
        "change",
        "choose",
        "find_service",
        "leave_letter",
        "letter_status",
        "report_error",
        "office_hours",
        "human",
        "help",
        "repeat",
        "cancel",
        "affirm",
        "deny",
    ]
)
SKILL = "skill_"
ENTITIES = frozenset({"value", "field"})


class Refused(ValueError):
    """The message is not one; the text says why and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it may come in."""

    sender: str
    text: str
    payload: dict[str, Any] | None
    metadata: dict[str, Any]


def read(body: bytes) -> Incoming:
    """Take a message apart.

    Raises:
        Refused: it is too long, incomplete or not of this form.
    """
    if len(body) > LONGEST_BODY:
        raise Refused("too long")
    try:
        data = json.loads(body)
    except ValueError:
        raise Refused("not JSON") from None
    if not isinstance(data, dict):
        raise Refused("not an object")
    text, payload = data.get("message", ""), data.get("payload", "")
    metadata = data.get("metadata", {})
    if not isinstance(text, str) or not isinstance(payload, str) or not isinstance(metadata, dict):
        raise Refused("message, payload or metadata is of another kind")
    sender = data.get("sender")
    if not isinstance(sender, str) or not SENDER.fullmatch(sender):
        raise Refused("sender")
    if len(text) > LONGEST_MESSAGE or len(payload) > LONGEST_PAYLOAD:
        raise Refused("too long")
    if len(json.dumps(metadata)) > LONGEST_METADATA:
        raise Refused("metadata is too long")
    if "\x00" in text or "\x00" in payload:
        raise Refused("a character that no database takes")
    if bool(text.strip()) == bool(payload):
        raise Refused("either message or payload")
    return Incoming(sender, text, read_payload(payload) if payload else None, metadata)


def read_payload(payload: str) -> dict[str, Any]:
    """``/intent`` or ``/intent{"value": "…"}`` as the result of understanding it.

    Raises:
        Refused: not an intent that a button may name, or not such a value.
    """
    parts = PAYLOAD.fullmatch(payload)
    if parts is None:
        raise Refused("payload")
    name = parts[1]
    if name not in COMMANDS and not name.startswith(SKILL):
        raise Refused("payload: not an intent of a button")
    try:
        values = json.loads(parts[2] or "{}")
    except ValueError:
        raise Refused("payload: not JSON") from None
    if not set(values) <= ENTITIES or not all(isinstance(one, str) for one in values.values()):
        raise Refused("payload: value and field, both text")
    intent = {"name": name, "confidence": 1.0}
    entities = [
        {"entity": key, "value": value, "start": 0, "end": len(payload)}
        for key, value in values.items()
    ]
    return {"text": payload, "intent": intent, "intent_ranking": [intent], "entities": entities}


class PortalChannel(InputChannel):
    """Named ``addons.portal_channel.PortalChannel`` in credentials.yml."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    @classmethod
    def name(cls) -> str:
        return "portal"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> PortalChannel:
        token = str((credentials or {}).get("token") or "")
        if len(token) < LEAST_TOKEN or token.startswith("$"):
            raise InvalidConfigException("RASA_TOKEN: at least 20 random characters are needed")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("portal_channel", __name__)

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return as_json({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if not self._is_portal(request):
                return empty(403)
            try:
                incoming = read(request.body)
            except Refused as error:
                return as_json({"error": str(error)}, 400)
            said = CollectingOutputChannel()
            try:
                await on_new_message(await self._message(request, incoming, said))
            except Exception as error:  # the traceback would show what was typed
                logger.error("A message could not be handled: %s", type(error).__name__)
                return as_json({"error": "failed"}, 500)
            return as_json(said.messages)

        @routes.post("/held")
        async def held(request: Request) -> HTTPResponse:
            """All that is kept of a conversation: ``{"sender": "…"}``."""
            if not self._is_portal(request):
                return empty(403)
            sender = (request.json or {}).get("sender")
            if not isinstance(sender, str) or not SENDER.fullmatch(sender):
                return as_json({"error": "sender"}, 400)
            return as_json({"held": request.app.ctx.tracker_store.held(sender)})

        @routes.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            """Delete it: ``{"sender": "…"}``."""
            if not self._is_portal(request):
                return empty(403)
            sender = (request.json or {}).get("sender")
            if not isinstance(sender, str) or not SENDER.fullmatch(sender):
                return as_json({"error": "sender"}, 400)
            return as_json({"forgotten": request.app.ctx.tracker_store.forget(sender)})

        return routes

    def _is_portal(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, b"Bearer " + self._token)

    async def _message(
        self, request: Request, incoming: Incoming, said: CollectingOutputChannel
    ) -> UserMessage:
        understood = incoming.payload
        if understood is None and incoming.text.lstrip().startswith("/"):
            # Rasa itself would take this for an intent. It is understood without the slash.
            plain = incoming.text.lstrip("/ \t\r\n") or "?"
            processor = request.app.ctx.agent.processor
            understood = await processor.parse_message(UserMessage(plain)) | {
                "text": incoming.text.strip()
            }
        return UserMessage(
            incoming.text or understood["text"],  # type: ignore[index]
            said,
            incoming.sender,
            parse_data=understood,
            input_channel=self.name(),
            metadata=incoming.metadata,
        )
