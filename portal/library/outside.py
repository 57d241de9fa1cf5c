"""Asking addresses of others whether they are there: politely, and never inside a private network.

Every address is resolved here and the connection goes to the very address that was looked at, so
neither a name that leads inside, nor one that answers twice differently, nor a redirect can make
the portal ask its own network. Nothing of an answer is read but its head.
"""

import http.client
import socket
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from portal.plugin_api import PinnedConnection, PrivateAddress, public_place_of

from .models import Problem

SECONDS = 10.0
# For one question as a whole: an answer that comes a byte at a time must not hold up the others.
MOST_SECONDS = 30.0
PAUSE = 2.0
_MOST_REDIRECTS = 5
# Servers that do not answer HEAD say so in many ways.
_NOT_BY_HEAD = frozenset({400, 403, 404, 405, 406, 410, 500, 501, 503})


class Asker:
    """Asks address after address, with a pause between two questions to the same host."""

    def __init__(
        self,
        agent: str,
        *,
        resolve: Callable[..., Any] = socket.getaddrinfo,
        connect: Callable[..., socket.socket] = socket.create_connection,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._agent, self._resolve, self._connect, self._sleep = agent, resolve, connect, sleep
        self._last: dict[str, float] = {}

    def problem(self, address: str) -> str:
        """A ``Problem``: what a visitor who follows the link would meet."""
        try:
            status = self._status(address)
        except PrivateAddress:
            return Problem.PRIVATE
        except (OSError, http.client.HTTPException, ValueError):
            return Problem.NO_ANSWER
        if status in (404, 410):
            return Problem.NOT_FOUND
        # Refused, too many questions, sign in first: the address is there.
        return Problem.FAILS if status >= 500 else Problem.NONE

    def _status(self, address: str) -> int:
        for _step in range(_MOST_REDIRECTS + 1):
            status, place = self._ask("HEAD", address)
            if status in _NOT_BY_HEAD:
                status, place = self._ask("GET", address)
            if not (300 <= status < 400 and place):
                return status
            address = urljoin(address, place)
        raise ValueError("too many redirects")

    def _ask(self, method: str, address: str) -> tuple[int, str]:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("no web address")
        name = parts.hostname
        if not name.isascii():
            name = name.encode("idna").decode()
        port = parts.port or (443 if parts.scheme == "https" else 80)
        place = public_place_of(name, port, resolve=self._resolve)
        self._wait(name)
        connection = PinnedConnection(
            name, port, place, is_safe=parts.scheme == "https", seconds=SECONDS,
            connect=self._connect,
        )  # fmt: skip
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
        alarm = threading.Timer(MOST_SECONDS, connection.cut)
        alarm.daemon = True
        alarm.start()
        try:
            connection.request(
                method,
                path + query,
                headers={"User-Agent": self._agent, "Accept": "*/*", "Connection": "close"},
            )
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") or ""
        finally:
            alarm.cancel()
            connection.close()

    def _wait(self, name: str) -> None:
        passed = time.monotonic() - self._last.get(name, float("-inf"))
        if passed < PAUSE:
            self._sleep(PAUSE - passed)
        self._last[name] = time.monotonic()
