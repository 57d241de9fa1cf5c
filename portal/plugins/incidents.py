"""Failures of plugins, kept for administrators.

Best effort: one write a minute for each plugin and extension point, none that could spoil the
transaction or the answer in which the failure happened. The log has every failure in full.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

logger = logging.getLogger(__name__)

INTERVAL = 60.0


@dataclass(slots=True)
class _Pending:
    count: int = 0
    message: str = ""
    written_at: float = float("-inf")


class IncidentLog:
    """Counts failures and hands them to ``write`` at most once in each interval."""

    def __init__(
        self,
        write: Callable[[str, str, str, int], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        interval: float = INTERVAL,
    ) -> None:
        self._write = write
        self._clock = clock
        self._interval = interval
        self._pending: dict[tuple[str, str], _Pending] = {}
        self._lock = threading.Lock()

    def record(self, plugin: str, point: str, error: Exception) -> None:
        """Note one failure."""
        now = self._clock()
        with self._lock:
            pending = self._pending.setdefault((plugin, point), _Pending())
            pending.count += 1
            pending.message = describe(error)
            if now - pending.written_at < self._interval:
                return
            count, pending.count, pending.written_at = pending.count, 0, now
        try:
            self._write(plugin, point, pending.message, count)
        except Exception:
            logger.warning("Incident of plugin %s could not be stored", plugin, exc_info=True)
            with self._lock:
                pending.count += count

    def reset(self) -> None:
        with self._lock:
            self._pending.clear()


def describe(error: Exception) -> str:
    """Name the error and the place in the code, without its text.

    Texts of exceptions quote what people typed; a table that administrators read keeps none.
    """
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    last = frames[-1]
    place = "/".join(last.filename.replace("\\", "/").rsplit("/", 2)[-2:])
    return f"{type(error).__name__} at {place}:{last.lineno} in {last.name}"[:500]


def store(plugin: str, point: str, message: str, count: int) -> None:
    """Write to the database, after the running transaction if there is one."""
    write = partial(_upsert, plugin, point, message, count)
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(write, robust=True)
    else:
        write()


def _upsert(plugin: str, point: str, message: str, count: int) -> None:
    from .models import PluginIncident  # models cannot be imported before the apps are ready

    now = timezone.now()
    rows = PluginIncident.objects.filter(slug=plugin, point=point)
    change = {"message": message, "count": F("count") + count, "last_at": now}
    if rows.update(**change):
        return
    try:
        with transaction.atomic():
            PluginIncident.objects.create(
                slug=plugin, point=point, message=message, count=count, first_at=now, last_at=now
            )
    except IntegrityError:  # another worker was faster
        rows.update(**change)


incident_log = IncidentLog(store)
