"""Asking servers elsewhere for feeds and pages: bounded in time, size and steps, never inside.

Built on ``ask_outside``, which connects to the very address that it looked at. Each redirect is
looked at anew; what is packed is unpacked only as far as is allowed.
"""

import re
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings

from portal.plugin_api import OutsideAnswer, OutsideError, PrivateAddress, ask_outside

MOST_BYTES = 5 * 1024 * 1024
SECONDS = 20.0
MOST_REDIRECTS = 3
AGENT = "portal-reposting"
_STEP = 64 * 1024
_TEXTUAL = re.compile(
    r"^(text/|application/([\w.+-]*xml|[\w.+-]*json|octet-stream))", re.IGNORECASE
)


class FetchProblem(Exception):
    """No usable answer; the message is a sentence in English for the state of a source.

    ``again_after``: seconds that the other side asked us to wait.
    """

    def __init__(self, reason: str, *, again_after: int = 0, status: int = 0) -> None:
        super().__init__(reason)
        self.again_after, self.status = again_after, status


@dataclass(frozen=True, slots=True)
class Fetched:
    """``is_same``: the other side said that nothing has changed; ``body`` is empty then.

    ``address`` is where the answer came from in the end.
    """

    address: str
    body: bytes = b""
    content_type: str = ""
    is_same: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def is_inner(address: str) -> bool:
    """Whether the installation names this host and port as one that may lie in its own network."""
    parts = urlsplit(address)
    allowed: Iterable[str] = getattr(settings, "PORTAL_INNER_HOSTS", ())
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return False
    return bool(parts.hostname) and f"{parts.hostname}:{port}" in allowed


def fetch(
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    most_bytes: int = MOST_BYTES,
    seconds: float = SECONDS,
) -> Fetched:
    """Read one address.

    Raises:
        FetchProblem: it leads inside, does not answer, answers too much, or something else.
    """
    ends = time.monotonic() + seconds
    sent = {"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"}
    sent |= headers or {}
    for _step in range(MOST_REDIRECTS + 1):
        answer = _ask(address, sent, most_bytes, ends - time.monotonic())
        if answer.status == 304:
            return Fetched(address, is_same=True, headers=answer.headers)
        place = answer.headers.get("location", "")
        if answer.status in (301, 302, 303, 307, 308) and place:
            address = urldefrag(urljoin(address, place)).url
            continue
        if answer.status != 200:
            raise FetchProblem(
                f"It answers with status {answer.status}.",
                again_after=_wait(answer.headers.get("retry-after", "")),
                status=answer.status,
            )
        if answer.content_type and not _TEXTUAL.match(answer.content_type.strip()):
            raise FetchProblem(f"It answers with something else: {answer.content_type[:80]}")
        body = unpacked(answer.body, answer.headers.get("content-encoding", ""), most_bytes)
        return Fetched(address, body, answer.content_type, headers=answer.headers)
    raise FetchProblem(f"It leads on more than {MOST_REDIRECTS} times.")


def _ask(
    address: str, headers: Mapping[str, str], most_bytes: int, seconds: float
) -> OutsideAnswer:
    if seconds <= 0:
        raise FetchProblem("It does not answer in time.")
    try:
        return ask_outside(
            "GET",
            address,
            headers=headers,
            most_bytes=most_bytes,
            seconds=seconds,
            allow_private=is_inner(address),
            allow_plain=True,
        )
    except PrivateAddress as error:
        raise FetchProblem("The address leads into a private network.") from error
    except (OutsideError, ValueError) as error:
        raise FetchProblem(str(error) or type(error).__name__) from error


def _wait(told: str) -> int:
    return min(int(told), 24 * 3600) if told.isascii() and told.isdigit() else 0


def unpacked(body: bytes, encoding: str, most_bytes: int = MOST_BYTES) -> bytes:
    """A packed answer as it is meant, read in small steps so that a bomb does not go off.

    Raises:
        FetchProblem: it is larger than allowed, damaged, or packed in a way nobody asked for.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchProblem(f"The answer is packed as {encoding[:20]}.")
    bits = 15 if encoding == "deflate" and body[:1] == b"\x78" else 47
    bits = -15 if encoding == "deflate" and body[:1] != b"\x78" else bits
    unpack, out, rest = zlib.decompressobj(bits), bytearray(), body
    try:
        while rest and not unpack.eof:
            out += unpack.decompress(rest, _STEP)
            rest = unpack.unconsumed_tail
            if len(out) > most_bytes:
                raise FetchProblem(f"Unpacked the answer is longer than {most_bytes} bytes.")
    except zlib.error as error:
        raise FetchProblem("The packed answer is damaged.") from error
    if not unpack.eof:
        raise FetchProblem("The packed answer is not complete.")
    return bytes(out)
