"""Takes notes in memory and writes them behind the visitor's back.

A visitor pays for an entry in a list. A thread of the process writes what has come together, once
a second at most, in one transaction. A process that stops in good order writes the rest
first; one that is killed (``kill -9``, loss of power) loses what came in the last moments
(``WAIT`` and the time of one writing).
"""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

logger = logging.getLogger(__name__)

WAIT = 1.0  # seconds from a note to its writing
# While the database cannot be written to, so many are kept; older ones are given up then.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class NotedSearch:
    """What a request leaves: raw words, which only the writing sifts."""

    token: str
    site: int | None
    language: str
    text: str
    how: str
    total: int
    visitor: str


@dataclass(frozen=True, slots=True)
class NotedClick:
    token: str
    key: str
    position: int
    at: float


type Note = NotedSearch | NotedClick


class LogWriter:
    """One for a process. ``write`` gets notes in their order and gives back those to try again."""

    def __init__(self, write: Callable[[Sequence[Note]], Sequence[Note]]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._notes: list[Note] = []
        self._process: int | None = None
        self._wake = threading.Event()
        self._lost = 0

    def put(self, note: Note) -> None:
        """Keep a note until it is written."""
        with self._lock:
            if len(self._notes) >= MOST:
                self._notes.pop(0)
                self._lost += 1
            self._notes.append(note)
        if settings.SEARCH_LOG_IN_BACKGROUND:
            self._run()
            self._wake.set()

    def flush(self) -> None:
        """Write all that is there now; what cannot be written stays for the next time."""
        with self._writing:
            with self._lock:
                notes, self._notes = self._notes, []
                lost, self._lost = self._lost, 0
            if lost:
                logger.error("%s searches were not logged: the database took none", lost)
            if not notes:
                return
            try:
                again = self._write(notes)
            except (DatabaseError, InterfaceError):
                logger.warning("The search log could not be written; it is tried again")
                again = notes
            with self._lock:
                self._notes = [*again, *self._notes][-MOST:]

    def waiting(self) -> int:
        with self._lock:
            return len(self._notes)

    def forget(self) -> None:
        """Drop what was not written; for tests."""
        with self._lock:
            self._notes.clear()

    def _run(self) -> None:
        """Start the thread of this process: it does not come along when a server forks."""
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
        atexit.register(self._finish, self._process)
        threading.Thread(target=self._loop, name="search-log", daemon=True).start()

    def _loop(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(WAIT)
            self._wake.clear()
            close_old_connections()
            try:
                self.flush()
            except Exception:  # the next notes have their chance all the same
                logger.exception("The search log could not be written")
            finally:
                close_old_connections()
            if self.waiting():  # to be tried again
                self._wake.set()

    def _finish(self, process: int) -> None:
        if process == os.getpid():
            self.flush()
