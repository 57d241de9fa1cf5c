"""Renders pages anew beside the visitors: what lists something that changed, most read first."""

import io
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.plugin_api import CapabilityUnavailable, capability, visits

from .front import PAST_THE_STORE
from .store.index import Entry
from .store.keeping import Store

logger = logging.getLogger(__name__)

# An old copy is shown no longer than this, rendered anew or not.
LONGEST_STALE = 60.0
_VISITED_DAYS = 7
_MOST_VISITED = 500
_VISITS_KEPT = 600.0


@cache
def _application() -> Callable[..., Iterable[bytes]]:
    return get_wsgi_application()


def render(host: str, path: str) -> int:
    """Ask the portal for a page as a visitor would, past the store; the answer's status.

    What comes out is stored by the way, where it may be.
    """
    scheme = urlsplit(settings.BASE_URL).scheme
    status = 0

    def start_response(line: str, _headers: Sequence[Any], _info: Any = None) -> None:
        nonlocal status
        status = int(line.split()[0])

    name, _colon, port = host.partition(":")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": name,
        "SERVER_PORT": port or ("443" if scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "HTTP_X_FORWARDED_PROTO": scheme,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        PAST_THE_STORE: True,
    }
    answer = _application()(environ, start_response)
    try:
        for _part in answer:
            pass
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    return status


def refresh(found: Store, *, seconds: float = 1.0) -> int:
    """Render stale pages anew for at most so long; take out those whose time is over. How many."""
    stale = found.index.stale()
    if not stale:
        return 0
    now, until, done = time.time(), time.monotonic() + seconds, 0
    over = [e.id for e in stale if e.stale_since and now - e.stale_since > LONGEST_STALE]
    found.remove(over)
    waiting = [entry for entry in stale if entry.id not in set(over)]
    for entry in by_visits(waiting):
        if time.monotonic() > until:
            break
        _refresh(found, entry)
        done += 1
    return done


def _refresh(found: Store, entry: Entry) -> None:
    host, _slash, path = entry.address.partition("/")
    try:
        render(host, f"/{path}")
    except Exception:
        logger.exception("%s cannot be rendered anew", entry.address)
    # Put anew it has another number; else it is no page any more, or must not be kept.
    found.remove([entry.id])


def by_visits(entries: Iterable[Entry]) -> list[Entry]:
    """Most visited first, then those that wait longest."""
    rank = _ranks()
    last = len(rank)
    return sorted(entries, key=lambda e: (rank.get(e.address, last), e.stale_since or 0.0))


_known: tuple[float, dict[str, int]] = (0.0, {})


def _ranks() -> dict[str, int]:
    """Place of each address among the most visited ones; empty where nobody counts."""
    global _known
    at, ranks = _known
    if time.monotonic() - at < _VISITS_KEPT and at:
        return ranks
    counter = capability(visits, None)
    ranks = {}
    if counter is not None:
        try:
            rows = counter.most_visited(site=None, days=_VISITED_DAYS, limit=_MOST_VISITED)
            ranks = {address: place for place, (address, _count, _page) in enumerate(rows)}
        except CapabilityUnavailable:
            logger.warning("Visits cannot be asked: pages are rendered anew in order of their wait")
    _known = (time.monotonic(), ranks)
    return ranks


def warm(found: Store, addresses: Iterable[str]) -> int:
    """Render addresses that are not stored yet; how many."""
    done = 0
    for address in addresses:
        host, slash, path = address.partition("/")
        if slash and found.index.entry_of(address) is None:
            render(host, f"/{path}")
            done += 1
    return done


def most_visited() -> list[str]:
    """Addresses that visitors would have to wait for after a new beginning."""
    return list(_ranks())
