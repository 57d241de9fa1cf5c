"""Serves finished pages before anything of Django runs: a WSGI application around the portal's.

What is served here is for everybody: requests that bring a session, settings of a visitor, a query
or anything but a reading method go through. No Django import: what is asked of this module is how
fast it is.
"""

import gzip
import hashlib
import json
import math
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli

from .store import layout

type StartResponse = Callable[..., Any]
type Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

# A request with one of these cookies gets a page of its own.
PERSONAL_COOKIES = ("sessionid", "portal_preferences")
# For requests whose answer is to be stored again (``refreshing``): it must be made anew.
PAST_THE_STORE = "portal.past_the_store"

_OK = "200 OK"
_NOT_MODIFIED = "304 Not Modified"
# Headers that a 304 repeats.
_REPEATED = frozenset({"cache-control", "content-location", "date", "etag", "expires", "vary"})


@dataclass(slots=True)
class _Held:
    """A page in memory. ``sign`` tells whether its file is still the same one."""

    file: str
    sign: tuple[int, int, int]
    until: float
    headers: list[tuple[str, str]]
    repeated: list[tuple[str, str]]
    etag: str
    bodies: dict[str, bytes]

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values()))


class PageStoreFront:
    """Args:
    application: what answers all else.
    root: the store's folder.
    memory: bytes of pages that are kept in memory; their files are looked at with each request.
    """

    def __init__(
        self, application: Application, root: Path, *, memory: int = 64 * 1024 * 1024
    ) -> None:
        self._application = application
        self._live = os.fspath(root / layout.LIVE)
        self._memory = memory
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and not environ.get("QUERY_STRING")
            and PAST_THE_STORE not in environ
            and "HTTP_AUTHORIZATION" not in environ
            and not _is_personal(environ.get("HTTP_COOKIE", ""))
        ):
            page = self._find(environ)
            if page is not None:
                return _answer(page, environ, start_response)
        return self._application(environ, start_response)

    def _find(self, environ: dict[str, Any]) -> _Held | None:
        path = environ.get("PATH_INFO", "")
        if not path.endswith("/"):
            return None
        key = f"{environ.get('HTTP_HOST', '')}{path}"
        held = self._held.get(key)
        if held is None:
            return self._read(key, environ.get("HTTP_HOST", ""), path)
        try:
            found = os.stat(held.file)  # noqa: PTH116 - with each request
        except OSError:
            self._drop(key)
            return None
        if held.sign == (found.st_mtime_ns, found.st_ino, found.st_size):
            return held if time.time() < held.until else None
        return self._read(key, environ["HTTP_HOST"], path)

    def _read(self, key: str, host: str, path: str) -> _Held | None:
        decoded = _decoded(path)
        folder = layout.relative_folder(host, decoded) if decoded else None
        if folder is None:
            return None
        place = f"{self._live}/{folder}"
        file = f"{place}/{layout.PAGE_FILE}"
        try:
            with open(file, "rb") as stream:
                found = os.fstat(stream.fileno())
                body = stream.read()
            with open(f"{place}/{layout.HEADERS_FILE}", "rb") as stream:
                told = json.loads(stream.read())
            digest, until = told["digest"], told["until"]
            headers = [(str(name), str(value)) for name, value in told["headers"]]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if hashlib.sha256(body).hexdigest() != digest:
            # Page and headers are of two versions (it is being written right now), or somebody
            # changed the file: the application knows what is right.
            return None
        etag = f'"{digest[:32]}"'
        headers += [("ETag", etag)]
        held = _Held(
            file,
            (found.st_mtime_ns, found.st_ino, found.st_size),
            math.inf if until is None else float(until),
            headers,
            [(name, value) for name, value in headers if name.lower() in _REPEATED],
            etag,
            {"": body},
        )
        for encoding, suffix in layout.ENCODINGS.items():
            packed = _packed(f"{place}/{layout.PAGE_FILE}{suffix}", encoding, body)
            if packed is not None:
                held.bodies[encoding] = packed
        self._keep(key, held)
        return held if time.time() < held.until else None

    def _keep(self, key: str, held: _Held) -> None:
        with self._lock:
            before = self._held.pop(key, None)
            if before is not None:
                self._bytes -= before.size
            self._held[key] = held
            self._bytes += held.size
            while self._bytes > self._memory and self._held:
                _key, oldest = self._held.popitem(last=False)
                self._bytes -= oldest.size

    def _drop(self, key: str) -> None:
        with self._lock:
            before = self._held.pop(key, None)
            if before is not None:
                self._bytes -= before.size


def _answer(page: _Held, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    wanted = environ.get("HTTP_IF_NONE_MATCH")
    if wanted and (wanted == page.etag or page.etag in wanted or wanted == "*"):
        start_response(_NOT_MODIFIED, list(page.repeated))
        return ()
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    encoding = next(
        (name for name in layout.ENCODINGS if name in accepted and name in page.bodies), ""
    )
    if encoding and ";q=0" in accepted.replace(" ", ""):
        encoding = ""  # somebody refuses something: plain is always right
    body = page.bodies[encoding]
    headers = [*page.headers, ("Content-Length", str(len(body)))]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    start_response(_OK, headers)
    return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)


def _is_personal(cookies: str) -> bool:
    return bool(cookies) and any(name in cookies for name in PERSONAL_COOKIES)


def _decoded(path: str) -> str:
    """The path as text; "" for what is not UTF-8."""
    if path.isascii():
        return path
    try:
        return path.encode("latin-1").decode()
    except UnicodeError:
        return ""


def _packed(file: str, encoding: str, body: bytes) -> bytes | None:
    """A packed page, if it is of the same page."""
    try:
        with open(file, "rb") as stream:
            packed = stream.read()
        return packed if _unpacked(packed, encoding) == body else None
    except (OSError, ValueError, EOFError):
        return None


def _unpacked(packed: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(packed)
    try:
        unpacked: bytes = brotli.decompress(packed)
    except brotli.error as error:
        raise ValueError("not brotli") from error
    return unpacked
