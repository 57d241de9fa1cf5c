"""The loop of ``portal run_indexer``."""

import logging
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

from portal.search.beside import Beside

from .consumer import refresh_stale
from .indexer import Indexer, Step
from .replicas import report

logger = logging.getLogger(__name__)

REPORT_SECONDS = 5.0
IDLE_SECONDS = 0.25
_AFTER_ERROR_SECONDS = 2.0


class Running:
    """Steps an indexer, and what is kept beside it, and tells the database how far it is."""

    def __init__(self, indexer: Indexer, beside: Beside | None = None) -> None:
        self.indexer = indexer
        self.beside = beside or Beside()
        self._told: tuple[int, str] | None = None
        self._told_at = 0.0

    def until(self, stopped: Callable[[], bool]) -> None:
        """Run until asked to stop. An error of the database is logged, and tried again."""
        try:
            while not stopped():
                pause = self._round()
                if pause:
                    time.sleep(pause)
        finally:
            self.beside.close()
            self.indexer.close()

    def once(self) -> Step:
        """Until everything is read and no index is being made."""
        try:
            while True:
                stale = refresh_stale()
                step = self.indexer.step()
                if step.is_idle and not stale and not self.beside.step():
                    self._tell(step, now=True)
                    return step
        finally:
            self.beside.close()
            self.indexer.close()

    def _round(self) -> float:
        try:
            stale = refresh_stale()
            step = self.indexer.step()
            self._tell(step)
            more = self.beside.step()
        except DatabaseError:
            logger.exception("The indexer could not ask the database; it goes on")
            close_old_connections()
            return _AFTER_ERROR_SECONDS
        close_old_connections()
        return IDLE_SECONDS if step.is_idle and not stale and not more else 0.0

    def _tell(self, step: Step, *, now: bool = False) -> None:
        live = self.indexer.live
        if live is None and not step.state:
            return
        said = (self.indexer.position(), step.state)
        due = time.monotonic() - self._told_at >= REPORT_SECONDS
        changed = self._told is None or said[1] != self._told[1]
        if not (now or due or changed):
            return
        if step.state == "another process writes this index":
            return  # that one tells
        report(
            self.indexer.store.name,
            position=said[0],
            generation=live.name if live is not None else "",
            state=step.state,
        )
        self._told, self._told_at = said, time.monotonic()
