"""How Rasa calls the portal back: over connections that stay open, and not for ever.

Rasa opens a connection for each call, waits up to five minutes and validates every answer against a
JSON schema, which takes longer than the call. The portal answers in milliseconds and gives up on a
message after a few seconds, so there is nothing to wait for beyond that; its answers come from its
own tested code, and what is looked at here is their shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aiohttp
from rasa.core.actions.action import RemoteAction
from rasa.core.nlg.callback import CallbackNaturalLanguageGenerator
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

LONGEST_ANSWER = 512 * 1024


class PortalEndpoint(EndpointConfig):
    """An address of the portal, with one session for the whole process."""

    def __init__(
        self, config: EndpointConfig, session: Callable[[], aiohttp.ClientSession]
    ) -> None:
        super().__init__(config.url, headers=config.headers, **config.kwargs)
        self._shared = session

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        async with self._shared().request(
            method,
            self.url,
            data=json.dumps(kwargs.get("json"), ensure_ascii=False).encode(),
            headers={**self.headers, "Content-Type": "application/json"},
            allow_redirects=False,
        ) as response:
            body = await response.content.read(LONGEST_ANSWER)
            if response.status >= 300:
                # The words of the answer stay out of it: the exception is logged.
                text = body.decode("utf-8", "replace") if response.status == 400 else ""
                raise ClientResponseError(response.status, response.reason or "", text)
            return json.loads(body)


def session(seconds: float, connections: int) -> aiohttp.ClientSession:
    """The session, made inside the running loop."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=seconds),
        # Web processes close what is idle after two seconds; a connection must not be older.
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=1.5),
    )


def _has_shape(self: RemoteAction, result: Any) -> bool:
    if (
        isinstance(result, dict)
        and isinstance(result.get("events", []), list)
        and all(isinstance(one, dict) and "event" in one for one in result.get("events", []))
        and isinstance(result.get("responses", []), list)
        and all(isinstance(one, dict) for one in result.get("responses", []))
    ):
        return True
    raise RasaException("The portal's answer to an action has another shape than agreed.")


def _is_said(content: Any) -> bool:
    return isinstance(content, dict) and isinstance(content.get("text", ""), str)


def check_shapes_only() -> None:
    """Instead of the JSON schemas."""
    RemoteAction._validate_action_result = _has_shape
    CallbackNaturalLanguageGenerator.validate_response = staticmethod(_is_said)
