"""The log while the database is away. Loaded with the settings: no models here."""

import logging
import time
from collections.abc import Callable

from portal.plugins.outages import outage_behind


class Briefly(logging.Filter):
    """Lets one line in ten seconds through for requests that met an outage, without a traceback.

    With the database away every request fails in the same way; thousands of tracebacks would fill
    the disk that may be what is full.
    """

    INTERVAL = 10.0

    def __init__(self, name: str = "", *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(name)
        self._clock = clock
        self._told_at = float("-inf")
        self._held = 0

    def filter(self, record: logging.LogRecord) -> bool:
        outage = outage_behind(record.exc_info[1]) if record.exc_info else None
        if outage is None:
            return True
        now = self._clock()
        if now - self._told_at < self.INTERVAL:
            self._held += 1
            return False
        held, self._held, self._told_at = self._held, 0, now
        reason = (str(outage).strip() or type(outage).__name__).splitlines()[0]
        record.msg = "Answered with 503: %s (and %d more since the last line)"
        record.args = (reason, held)
        record.exc_info = record.exc_text = None
        return True
