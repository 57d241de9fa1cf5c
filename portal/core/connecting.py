"""Connecting to a database that may be away, without every request waiting for it.

A server that refuses costs a millisecond; one that does not answer at all costs the whole time
limit of a connection, for each request and thread anew, until all threads wait. So after an attempt
that failed, one attempt in each second is made for the whole process and all others fail at once,
with the words of the one that failed.
"""

import threading
import time
from collections.abc import Callable

PAUSE = 1.0


class Door:
    """The way to one database server, shared by the threads of a process.

    Args:
        longest: seconds after which an attempt has ended in any case.
    """

    def __init__(
        self,
        *,
        longest: float,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._longest = longest
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._closed_until = 0.0
        self._reason = ""

    def through[C, E: Exception](self, connect: Callable[[], C], failure: type[E]) -> C:
        """Return ``connect()``.

        Args:
            connect: opens a connection.
            failure: what it raises when the server is away; raised here in its place.
        """
        if self._closed_until:
            self._await_turn(failure)
        try:
            connection = connect()
        except failure as error:
            with self._lock:
                self._reason = str(error)
                self._closed_until = self._clock() + self._pause
            raise
        self._closed_until = 0.0
        return connection

    def _await_turn[E: Exception](self, failure: type[E]) -> None:
        with self._lock:
            now = self._clock()
            if now < self._closed_until:
                raise failure(self._reason)
            if self._closed_until:
                # This thread looks whether the server is back; the others do not wait for it.
                self._closed_until = now + self._longest
