"""Counting readers without knowing them: how often a page was served, buffered in the process.

Nothing is asked of the database while a visitor waits: a view adds one to a number in memory, and
a thread of the web process adds the numbers to the database every half minute. What a process has
not written when it is killed is lost; the order of a queue does not hang on half a minute. No
address, no cookie, no browser's name is kept, and nothing is set at the visitor's.

Not counted: programs that say what they are, prefetching, previews, and browsers with a session
(those are editors). Pages that come from a store in front of Django are not seen here.
"""

import datetime
import logging
import re
import threading
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.utils import timezone

logger = logging.getLogger(__name__)

SECONDS = 30
# Of pages and days; what comes beyond is dropped until the next writing.
LARGEST = 20_000
_PROGRAM = re.compile(
    r"bot|crawl|spider|slurp|curl|wget|python|java/|http-?client|okhttp|go-http|libwww|scrapy|"
    r"headless|lighthouse|monitor|preview|scan|fetch|archive|feed|validator",
    re.IGNORECASE,
)

type Counts = Mapping[tuple[int, datetime.date], int]


class ReaderCounter:
    """Views by page and day that are not written yet; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[int, datetime.date], int] = {}

    def see(self, request: HttpRequest, page_pk: int) -> bool:
        """Count a view, if a person seems to have asked for it."""
        if not _is_reader(request):
            return False
        key = (page_pk, timezone.localdate())
        with self._lock:
            if key not in self._counts and len(self._counts) >= LARGEST:
                return False
            self._counts[key] = self._counts.get(key, 0) + 1
        return True

    def take(self) -> dict[tuple[int, datetime.date], int]:
        """What was counted, and begin anew."""
        with self._lock:
            taken, self._counts = self._counts, {}
        return taken

    def give_back(self, counts: Counts) -> None:
        """What could not be written, for the next time."""
        with self._lock:
            for key, views in counts.items():
                if key in self._counts or len(self._counts) < LARGEST:
                    self._counts[key] = self._counts.get(key, 0) + views

    def write(self, store: Callable[[Counts], object]) -> None:
        """Hand over what was counted; what is refused is kept, and the fault is logged."""
        counts = self.take()
        if not counts:
            return
        try:
            store(counts)
        except Exception:
            logger.exception(
                "The readers of %d pages could not be written; tried again", len(counts)
            )
            self.give_back(counts)


counter = ReaderCounter()


def begin_writing() -> None:
    """Start the thread that writes; called once in each web process."""
    threading.Thread(target=_write_now_and_then, name="foreign-readers", daemon=True).start()


def _write_now_and_then() -> None:
    from .services.readers import add_views

    pause = threading.Event()
    while not pause.wait(SECONDS):
        try:
            counter.write(add_views)
        finally:
            connections.close_all()


def _is_reader(request: HttpRequest) -> bool:
    if request.method != "GET" or getattr(request, "is_preview", False):
        return False
    headers = request.headers
    if "prefetch" in (headers.get("Sec-Purpose") or headers.get("Purpose") or ""):
        return False
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    browser = headers.get("User-Agent") or ""
    return bool(browser) and _PROGRAM.search(browser) is None
