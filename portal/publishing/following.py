"""The process that keeps the store right while nobody publishes: one step after the other."""

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import Error as DatabaseError

from . import refreshing
from .store import settling
from .store.keeping import Store, store

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.3
_REPORT_SECONDS = 3.0
_TIDY_SECONDS = 60.0


class Follower:
    """Args:
    say: what is told of each step that did something.
    """

    def __init__(self, *, say: Callable[[str], Any]) -> None:
        self._say = say
        self._store: Store = store()
        self._reported = self._tidied = 0.0
        self._to_warm: list[str] = []
        self._messages: Any = None

    def __enter__(self) -> Self:
        found = self._store.check_files()
        if found:
            self._say(f"{found} unfinished pages removed")
        self._listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._messages is not None:
            self._messages.close()

    def step(self) -> bool:
        """One round; whether there may be more to do at once."""
        found = self._store
        try:
            with found.index.writing():
                found.index.set_fact("beat", str(time.time()))
            settled = settling.settle(found)
            if settled.changes or settled.all:
                self._tell(settled)
            self._report(moved=bool(settled.changes or settled.all))
            over = [entry.id for entry in found.index.run_out(time.time())]
            found.remove(over)
            done = refreshing.refresh(found)
            done += self._warm()
            self._tidy()
        except (DatabaseError, OSError, sqlite3.Error) as error:
            logger.exception("The store of pages cannot follow")
            self._say(f"cannot follow: {type(error).__name__}")
            self._close_if_blind()
            return False
        return bool(settled.changes or done)

    def wait(self) -> None:
        """Until another machine has published, or for a moment."""
        if self._messages is None:
            time.sleep(PAUSE_SECONDS)
            return
        import redis

        try:
            self._messages.get_message(timeout=PAUSE_SECONDS)
        except redis.RedisError:
            logger.warning("Redis does not answer: changes are looked for instead", exc_info=True)
            self._messages = None

    # --- parts of a step ----------------------------------------------------------------------
    def _tell(self, settled: settling.Settled) -> None:
        if settled.all:
            self._say("begun anew: the structure has changed")
            # What most come for is there again before they ask.
            self._to_warm = refreshing.most_visited()
        else:
            self._say(
                f"{settled.changes} changes: {len(settled.removed)} pages taken out, "
                f"{len(settled.stale)} to render anew"
            )

    def _report(self, *, moved: bool) -> None:
        now = time.monotonic()
        if moved or now - self._reported > _REPORT_SECONDS:
            settling.report(self._store)
            self._reported = now

    def _warm(self) -> int:
        portion, self._to_warm = self._to_warm[:10], self._to_warm[10:]
        return refreshing.warm(self._store, portion)

    def _tidy(self) -> None:
        now = time.monotonic()
        if now - self._tidied < _TIDY_SECONDS:
            return
        self._tidied = now
        self._store.files.sweep()
        with self._store.index.writing():
            self._store.index.forget_unused_statements()
        settling.prune()

    def _close_if_blind(self) -> None:
        """Without the database nothing can have changed: stored pages stay. Without the index
        nobody knows what they show."""
        try:
            self._store.index.fact("position")
        except sqlite3.Error:
            with contextlib.suppress(OSError):
                self._store.files.live.unlink(missing_ok=True)

    def _listen(self) -> None:
        if not settings.PORTAL_REDIS_URL:
            return
        import redis

        try:
            client = redis.from_url(settings.PORTAL_REDIS_URL)
            self._messages = client.pubsub(ignore_subscribe_messages=True)
            self._messages.subscribe(settling.CHANNEL)
        except redis.RedisError:
            logger.warning("Redis does not answer: changes are looked for instead", exc_info=True)
            self._messages = None
