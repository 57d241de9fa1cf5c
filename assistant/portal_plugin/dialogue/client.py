"""One message to Rasa and what came back, within a time that is known beforehand."""

import http.client
import io
import json
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from assistant.dialogue.contract import CHANNEL_PATH

_CONNECT = 0.5  # seconds; Rasa stands beside the portal
_MOST_BYTES = 256 * 1024


class RasaFailed(Exception):
    """Rasa gave no answer that can be used. ``waited``: somebody's time was lost over it."""

    waited = False


class RasaAway(RasaFailed):
    """Nothing listens there: told at once, and over as soon as Rasa is started."""


class RasaSlow(RasaFailed):
    """It did not answer within the budget."""

    waited = True


class RasaBroken(RasaFailed):
    """It answered, but not what was agreed: an error, something unreadable, or nothing at all.

    An empty list is Rasa's way to say that an action failed.
    """


@dataclass(frozen=True, slots=True)
class Outgoing:
    """``message`` was typed, or ``payload`` is a button's; one of them is empty."""

    sender: str
    message: str = field(default="", repr=False)
    payload: str = ""
    metadata: dict[str, Any] = field(default_factory=dict, repr=False)


def send(outgoing: Outgoing, *, url: str, token: str, budget: float) -> list[dict[str, Any]]:
    """What Rasa said, at least one thing.

    Each message has a connection of its own: on one that is kept open nobody can tell whether a
    message that got no answer was read, and nothing is ever sent twice.

    Raises:
        RasaFailed: in one of its kinds, at the latest after ``budget`` seconds.
    """
    body = json.dumps(
        {
            "sender": outgoing.sender,
            "message": outgoing.message,
            "payload": outgoing.payload,
            "metadata": outgoing.metadata,
        }
    ).encode()
    status, answer = _ask(url, "POST", CHANNEL_PATH, token, body, budget)
    if status != 200:
        raise RasaBroken(f"Rasa answered with status {status}")
    try:
        said = json.loads(answer)
    except ValueError as error:
        raise RasaBroken("Rasa's answer is not JSON") from error
    if not isinstance(said, list) or not said or not all(isinstance(one, dict) for one in said):
        raise RasaBroken("Rasa said nothing: an action failed, or the message was refused")
    return said


def post(path: str, body: bytes, *, url: str, token: str, budget: float) -> dict[str, Any]:
    """What Rasa answers to something that is no message.

    Raises:
        RasaFailed: in one of its kinds.
    """
    status, answer = _ask(url, "POST", path, token, body, budget)
    if status != 200:
        raise RasaBroken(f"Rasa answered with status {status}")
    try:
        found = json.loads(answer)
    except ValueError as error:
        raise RasaBroken("Rasa's answer is not JSON") from error
    if not isinstance(found, dict):
        raise RasaBroken("Rasa's answer is not what was agreed")
    return found


def is_there(*, url: str, budget: float) -> bool:
    """Whether something answers at all; costs Rasa nothing."""
    try:
        status, _answer = _ask(url, "GET", "/", "", b"", budget)
    except RasaFailed:
        return False
    return status == 200


def _ask(
    url: str, method: str, path: str, token: str, body: bytes, budget: float
) -> tuple[int, bytes]:
    deadline = time.monotonic() + budget
    connection = _connection(url, min(_CONNECT, budget))
    headers = {"Content-Type": "application/json", "Connection": "close"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.connect()
        _wait_no_longer_than(connection.sock, deadline)
        connection.request(method, path, body or None, headers)
        response = _Response(connection.sock, deadline, method)
        response.begin()
        answer = response.read(_MOST_BYTES + 1)
    except ConnectionRefusedError as error:
        raise RasaAway("Rasa does not run") from error
    except TimeoutError as error:
        raise RasaSlow(f"Rasa did not answer within {budget:.1f} s") from error
    except (OSError, http.client.HTTPException) as error:
        raise RasaBroken(f"Rasa broke off ({type(error).__name__})") from error
    finally:
        connection.close()
    if len(answer) > _MOST_BYTES:
        raise RasaBroken("Rasa's answer has no end")
    return response.status, answer


def _connection(url: str, timeout: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(
            parts.netloc, timeout=timeout, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(parts.netloc, timeout=timeout)


def _wait_no_longer_than(connection: socket.socket, deadline: float) -> None:
    rest = deadline - time.monotonic()
    if rest <= 0:
        raise TimeoutError
    connection.settimeout(rest)


class _Bounded(socket.SocketIO):
    """Reads from a socket up to a moment. A time-out of the socket counts for each read alone: an
    answer that comes in drops would never be over."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        super().__init__(connection, "rb")
        self._connection, self._deadline = connection, deadline

    def readinto(self, buffer: Any) -> int | None:
        _wait_no_longer_than(self._connection, self._deadline)
        return super().readinto(buffer)


class _Response(http.client.HTTPResponse):
    def __init__(self, connection: socket.socket, deadline: float, method: str) -> None:
        super().__init__(connection, method=method)
        self.fp.close()
        self.fp = io.BufferedReader(_Bounded(connection, deadline))
