"""Talking to servers elsewhere, and never inside a private network.

Every name is resolved here and the connection goes to the very address that was looked at, so
neither a name that leads inside, nor one that answers twice differently, nor a redirect can make
the portal ask its own network.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

_IDLE_SECONDS = 10.0


class PrivateAddress(ValueError):
    """The name leads to an address that is not on the public internet."""


class OutsideError(OSError):
    """No usable answer came: a sentence in English, for logs and for the health of a connection."""


@dataclass(frozen=True, slots=True)
class OutsideAnswer:
    """What a server answered. Redirects are answers, too: nothing is followed.

    ``headers``: by their names in small letters; of a name that came twice the first.
    """

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def ask_outside(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    most_bytes: int = 2 * 1024 * 1024,
    seconds: float = 20.0,
    allow_private: bool = False,
    allow_plain: bool = False,
    resolve: Callable[..., Any] = socket.getaddrinfo,
    connect: Callable[..., socket.socket] = socket.create_connection,
) -> OutsideAnswer:
    """Ask one address of another server, once.

    Args:
        seconds: for the question as a whole, however slowly the answer comes.
        allow_plain: http, too: for what is public and holds no secret, such as feeds.
        allow_private: addresses of an inner network too, and plain http: for a platform that an
            administrator has put there on purpose.

    Raises:
        PrivateAddress: the name leads into a private network.
        OutsideError: no https address, no answer in time, or one that is too long.
    """
    ends = time.monotonic() + seconds
    parts = urlsplit(address)
    schemes = ("https", "http") if allow_private or allow_plain else ("https",)
    if parts.scheme not in schemes or not parts.hostname:
        raise OutsideError(f"Only {' and '.join(schemes)} addresses are asked.")
    is_safe = parts.scheme == "https"
    try:
        name = parts.hostname
        name = name if name.isascii() else name.encode("idna").decode()
        port = parts.port or (443 if is_safe else 80)
        place = public_place_of(name, port, allow_private=allow_private, resolve=resolve)
    except PrivateAddress:
        raise
    except (OSError, ValueError) as error:
        raise OutsideError(f"The name {parts.hostname} is not known.") from error
    left = ends - time.monotonic()  # a name may take long, too
    if left <= 0:
        raise OutsideError(f"{name} does not answer in time.")
    connection = PinnedConnection(
        name, port, place, is_safe=is_safe, seconds=min(left, _IDLE_SECONDS), connect=connect
    )
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    alarm = threading.Timer(left, connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request(
            method, path + query, body=body, headers={"Connection": "close", **(headers or {})}
        )
        answer = connection.getresponse()
        data = answer.read(most_bytes + 1)
        if connection.is_cut:  # what came until then looks like an answer without a length
            raise OutsideError(f"{name} does not answer in time.")
        if len(data) > most_bytes:
            raise OutsideError(f"The answer is longer than {most_bytes} bytes.")
        told: dict[str, str] = {}
        for header, value in answer.getheaders():
            told.setdefault(header.lower(), value)
        return OutsideAnswer(answer.status, told.get("content-type", ""), data, told)
    except OutsideError:
        raise
    except (OSError, http.client.HTTPException) as error:
        raise OutsideError(f"{name} does not answer: {type(error).__name__}") from error
    finally:
        alarm.cancel()
        connection.close()


def public_place_of(
    name: str,
    port: int,
    *,
    allow_private: bool = False,
    resolve: Callable[..., Any] = socket.getaddrinfo,
) -> str:
    """The first address of a name; every one of them must be public.

    Raises:
        PrivateAddress: one of them is not.
        OSError: it has none.
    """
    found = [entry[4][0] for entry in resolve(name, port, type=socket.SOCK_STREAM)]
    if not found:
        raise OSError("no address")
    for place in found:
        if not allow_private and not is_public_place(str(place)):
            raise PrivateAddress(place)
    return str(found[0])


def is_public_place(place: str) -> bool:
    """Whether an IP address is one of the public internet, whatever it is wrapped in."""
    address: Any = ipaddress.ip_address(place.partition("%")[0])
    if address.version == 6:
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        nat64 = ipaddress.ip_network("64:ff9b::/96")
        if address in nat64:
            wrapped = ipaddress.ip_address(int(address) & 0xFFFFFFFF)
        if wrapped is not None and not is_public_place(str(wrapped)):
            return False
    return bool(address.is_global and not address.is_multicast)


class PinnedConnection(http.client.HTTPConnection):
    """Connects to an address that was looked at before, and names the host as the link does."""

    def __init__(
        self,
        name: str,
        port: int,
        place: str,
        *,
        is_safe: bool,
        seconds: float,
        connect: Callable[..., socket.socket] = socket.create_connection,
    ) -> None:
        super().__init__(name, port, timeout=seconds)
        self._place, self._is_safe, self._open, self._seconds = place, is_safe, connect, seconds
        self.default_port = 443 if is_safe else 80
        self.is_cut = False
        # Held beside ``sock``, which http.client lets go as soon as it has read the head of an
        # answer that ends with the connection: its body is still to come.
        self._line: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self._line = self._open((self._place, self.port), self._seconds)
        self._hang_up_if_cut()
        if self._is_safe:
            context = ssl.create_default_context()
            self.sock = self._line = context.wrap_socket(self.sock, server_hostname=self.host)
            self._hang_up_if_cut()

    def cut(self) -> None:
        """From another thread: whoever waits for the answer gets an error."""
        self.is_cut = True
        if self._line is not None:
            # The plain shutdown: that of TLS takes from the reading thread what it works with.
            with suppress(OSError):
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)

    def _hang_up_if_cut(self) -> None:
        """The time was over while there was nothing to cut yet."""
        if self.is_cut:
            raise TimeoutError("cut")
