"""Where Rasa's call backs arrive: a listener of this machine, in every web process.

A message waits in a thread of the web process while Rasa calls back. Were those calls served by the
same threads, they could wait for one another, and in a rush they would queue behind the visitors.
Here they have threads of their own; and an address that no proxy leads to cannot be reached from
outside. Processes share the port (``SO_REUSEPORT``): any of them can answer, as all that counts is
in the database.
"""

import json
import logging
import socket
import socketserver
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from . import callbacks

logger = logging.getLogger(__name__)

_READ_SECONDS = 5.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _READ_SECONDS
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.close_connection = True
        if self.path not in (callbacks.ACTION_PATH, callbacks.SAY_PATH):
            self._give(HTTPStatus.NOT_FOUND, {"error": "no such address"})
            return
        if self.headers.get("X-Forwarded-For") or self.headers.get("Forwarded"):
            self._give(HTTPStatus.FORBIDDEN, {"error": "not through a proxy"})
            return
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdecimal():
            self._give(HTTPStatus.LENGTH_REQUIRED, {"error": "how long is it?"})
            return
        if len(length) > 12 or int(length) > callbacks.MOST_BYTES:
            self._give(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "too long"})
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            return  # it broke off
        close_old_connections()
        try:
            given = callbacks.answer(self.path, self.headers.get("Authorization", ""), body)
        finally:
            close_old_connections()
        self._give(*given)

    def _give(self, status: HTTPStatus, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        return "portal"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what fails is logged where it fails, and trackers hold what visitors typed."""


class Listener(socketserver.TCPServer):
    """Serves until ``stop``; raises ``OSError`` where the address cannot be had."""

    request_queue_size = 128
    allow_reuse_address = True
    allow_reuse_port = True

    def __init__(self, address: tuple[str, int], threads: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="dialogue")
        self._loop = threading.Thread(
            target=partial(self.serve_forever, poll_interval=0.5), name="dialogue", daemon=True
        )
        self._loop.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._pool.submit(self._serve, request, client_address)

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            logger.info("Rasa broke a call back off")
        except Exception:
            logger.exception("A call back of the dialogue was not answered")
        finally:
            self.shutdown_request(request)

    def stop(self) -> None:
        self.shutdown()
        self._pool.shutdown()
        self.server_close()


_lock = threading.Lock()
_listener: Listener | None = None


def listen() -> bool:
    """Begin to listen, once in a process; False where it cannot: without it there is no dialogue.

    Called when a web process starts, and again before each message, for servers that start
    nothing beforehand.
    """
    global _listener
    if _listener is not None:
        return True
    about = settings.ASSISTANT_DIALOGUE
    with _lock:
        if _listener is None:
            try:
                _listener = Listener(about["callback_bind"], about["in_flight"] + 2)
            except OSError:
                logger.exception(
                    "RASA_CALLBACK_BIND: nobody can listen at %s:%s; questions are answered "
                    "without the dialogue",
                    *about["callback_bind"],
                )
                return False
    return True


def start() -> None:
    """For the registry ``web_starters``."""
    if settings.ASSISTANT_DIALOGUE:
        listen()


def stop() -> None:
    """For tests: give the port back."""
    global _listener
    with _lock:
        if _listener is not None:
            _listener.stop()
        _listener = None
