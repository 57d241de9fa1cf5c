"""What the indexer of a machine keeps in step beside the index: names, and vectors.

Each is a file of its own that costs its own part when something is wrong with it, never the index.
"""

import logging
import sqlite3
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError

from .models import Document
from .suggestions import following as names
from .suggestions import store
from .vectors.following import Follower

logger = logging.getLogger(__name__)

_POPULAR_SECONDS = 60.0
_LONGEST_PAUSE = 60.0
_IDLE_SECONDS = 0.5  # between two looks when there was nothing


class Beside:
    """Stepped between the rounds of the indexer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._vectors = Follower()
        self._popular_at: float | None = None
        self._failures: dict[str, int] = {}
        self._pause_until: dict[str, float] = {}

    def step(self) -> int:
        """A bit of each; how much there was to do. Raises ``DatabaseError`` alone."""
        done = self._try("names", lambda: names.follow(batches=1))
        if self._popular_at is None or self._clock() - self._popular_at >= _POPULAR_SECONDS:
            self._popular_at = self._clock()
            self._try("popular searches", follow_popular)
        return done + self._try("vectors", self._vectors.step)

    def close(self) -> None:
        self._try("vectors", self._closed)

    def _closed(self) -> int:
        self._vectors.close()
        return 0

    def _try(self, name: str, work: Callable[[], int]) -> int:
        if self._clock() < self._pause_until.get(name, 0.0):
            return 0
        try:
            done = work()
        except DatabaseError:
            raise
        except (OSError, RuntimeError, sqlite3.Error) as error:
            self._failed(name, error)
            return 0
        self._failures.pop(name, None)
        if not done:
            self._pause_until[name] = self._clock() + _IDLE_SECONDS
        return done

    def _failed(self, name: str, error: Exception) -> None:
        failures = self._failures[name] = self._failures.get(name, 0) + 1
        self._pause_until[name] = self._clock() + min(2.0**failures, _LONGEST_PAUSE)
        logger.warning("Search, %s: %s", name, error)
        is_damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(
            error, sqlite3.OperationalError
        )
        if is_damaged:  # nothing in it cannot be made anew
            store.remove()


def follow_popular() -> int:
    """What many looked for, at each site and on the whole platform, in each language."""
    sites = Document.objects.filter(is_removed=False).order_by().values_list("site", flat=True)
    places = {None, *sites.distinct()}
    return names.follow_popular(
        (site, language) for site in places for language, _label in settings.LANGUAGES
    )
