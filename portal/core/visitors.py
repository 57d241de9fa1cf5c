"""Who asks, as a hash, and how often: for the limits of public forms and services.

Counted in Django's cache. With Redis all workers count together; with the memory of a process each
worker counts for itself, so that a limit holds for each of them.
"""

import datetime
import ipaddress
import os
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def visitor_of(request: HttpRequest, *, purpose: str) -> str:
    """Who asks, as a hash that is another one tomorrow; "" for programs on this machine itself.

    Args:
        request: as it came in.
        purpose: what the hash is for, such as ``assistant.visitor``: visitors cannot be followed
            from one service to another.
    """
    address = client_address(request)
    if address == request.META.get("REMOTE_ADDR", "") and _is_loopback(address):
        return ""
    day = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    text = f"{day} {network_of(address)}"
    return salted_hmac(purpose, text, algorithm="sha256").hexdigest()[:32]


def client_address(request: HttpRequest) -> str:
    """The network address that asks.

    Behind the proxy it is the one that the proxy names last: what a visitor writes into the header
    stands before it. Believed only from the proxies in ``PORTAL_TRUSTED_PROXIES``.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "")
    if _is_trusted(address) and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return address


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether the page of another website sent a form.

    For public forms that set no cookie: what they do they do for anybody, so there is no token to
    protect them, only the question where they come from.
    """
    origin = request.headers.get("Origin", "")
    if origin and origin != "null":
        return urlsplit(origin).netloc != request.get_host()
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "same-site", "none")


def count_in_window(key: str, seconds: int) -> tuple[int, int]:
    """Count once more for a key in the running window of so many seconds.

    Returns:
        How often the key was counted in it, and the seconds until the next window.
    """
    now = time.time()
    left = max(1, seconds - int(now % seconds))
    return (_count(f"{key}:{int(now // seconds)}", 2 * seconds), left)


def _count(key: str, timeout: int) -> int:
    if cache.add(key, 1, timeout=timeout):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it went between the two calls
        cache.set(key, 1, timeout=timeout)
        return 1


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _is_trusted(address: str) -> bool:
    """A proxy that may say where a visitor came from; one on a socket has no address."""
    trusted = os.environ.get("PORTAL_TRUSTED_PROXIES") or "127.0.0.1,::1"
    found = _parsed(address)
    return not address or any(
        name.strip() == "*" or (found is not None and found == _parsed(name.strip()))
        for name in trusted.split(",")
    )


def _is_loopback(address: str) -> bool:
    found = _parsed(address)
    return not address or (found is not None and found.is_loopback)


def network_of(address: str) -> str:
    """An IPv6 visitor owns a whole /64: all of it counts as one."""
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{found}/64", strict=False))
    return str(found or address)


def is_within(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of some networks; one that is none lies in no network."""
    found = _parsed(address)
    return found is not None and any(found in network for network in networks)
