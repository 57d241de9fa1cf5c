"""Asking the portal itself for an address, as a visitor does, without the network."""

import io
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest


class Portal:
    """The portal's own answers. Making one loads the middleware: keep it for many addresses."""

    def __init__(self) -> None:
        self._handler = BaseHandler()
        self._handler.load_middleware()

    def page(self, address: str) -> bytes:
        """What a visitor gets.

        Raises:
            ValueError: the answer is no page.
        """
        response = self._ask(address)
        try:
            if response.status_code != 200:
                raise ValueError(f"answers {response.status_code}")
            content: bytes = (
                b"".join(response.streaming_content) if response.streaming else response.content
            )
        finally:
            response.close()
        return content

    def status(self, address: str) -> tuple[int, str]:
        """The HTTP status of an absolute address on a host of the portal, and where it sends on."""
        response = self._ask(address)
        response.close()
        return int(response.status_code), str(response.headers.get("Location", ""))

    def _ask(self, address: str) -> Any:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        request = WSGIRequest(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1") or "/",
                "QUERY_STRING": parts.query,
                "SERVER_NAME": parts.hostname or "localhost",
                "SERVER_PORT": str(port),
                "HTTP_HOST": parts.netloc,
                "wsgi.url_scheme": parts.scheme or "http",
                "wsgi.input": io.BytesIO(),
                "REMOTE_ADDR": "127.0.0.1",
            }
        )
        return self._handler.get_response(request)
