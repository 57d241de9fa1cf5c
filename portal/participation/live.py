"""What is said in an interview, while it is said, without holding the threads of the web server.

A stream is short: it ends after half a minute, and the browser comes back by itself (``retry``),
naming the last change that it has (``Last-Event-ID``). In each process only half of the threads
may be held by streams; whoever comes beyond that is told so (503), and the script then asks every
few seconds for what is new, which holds nobody.
"""

import json
import os
import threading
import time
from collections.abc import Iterator

from django.core.cache import cache
from django.db import close_old_connections, connection

from .selectors.interviews import news_since

LASTS = 25.0
LOOKS_EVERY = 1.0
RETRY = 2_000  # milliseconds until the browser comes back
BEATS_EVERY = 10.0  # a proxy would cut off a silent line; and only a write tells who has gone
# Thousands who ask for the same news are answered from memory.
NEWS_KEPT = 2


def places() -> int:
    """Half of the threads of a process; with a single thread there is no stream."""
    threads = os.environ.get("PORTAL_WEB_THREADS") or "4"
    return int(threads) // 2 if threads.isdecimal() else 2


_free = threading.BoundedSemaphore(max(1, places())) if places() else None


class LiveStream:
    """Server-sent events of one interview. Whoever makes one closes it: Django's response does."""

    def __init__(self, page_pk: int, since: int, *, lasts: float = LASTS) -> None:
        self.page_pk, self.since, self._lasts = page_pk, since, lasts
        self._is_closed = False
        self._lock = threading.Lock()

    def close(self) -> None:
        """Give the place back, once, however the stream came to its end."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        if _free is not None:
            _free.release()

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._events()
        finally:
            self.close()

    def _events(self) -> Iterator[bytes]:
        end = time.monotonic() + self._lasts
        beat = time.monotonic()
        yield f"retry: {RETRY}\n\n".encode()
        while not self._is_closed:
            news = news_since(self.page_pk, self.since)
            if news.entries or news.sequence > self.since:
                self.since = news.sequence
                data = json.dumps(news.as_json(), ensure_ascii=False)
                yield f"id: {news.sequence}\nevent: said\ndata: {data}\n\n".encode()
                beat = time.monotonic()
            if news.is_over:
                yield b"event: over\ndata: {}\n\n"
                return
            if news.has_more:
                continue
            if time.monotonic() + LOOKS_EVERY > end:
                return
            if time.monotonic() - beat > BEATS_EVERY:
                beat = time.monotonic()
                yield b": still here\n\n"
            if not connection.in_atomic_block:
                close_old_connections()
            time.sleep(LOOKS_EVERY)


def open_stream(page_pk: int, since: int, *, lasts: float = LASTS) -> LiveStream | None:
    """A stream, or None where all places of this process are taken."""
    if _free is None or not _free.acquire(blocking=False):
        return None
    return LiveStream(page_pk, since, lasts=lasts)


def kept_news(page_pk: int, since: int) -> str:
    """The news as JSON, at most two seconds old."""
    key = f"participation:news:{page_pk}:{since}"
    found: str | None = cache.get(key)
    if found is None:
        found = json.dumps(news_since(page_pk, since).as_json(), ensure_ascii=False)
        cache.set(key, found, NEWS_KEPT)
    return found
