"""A circuit breaker: what failed is left alone for a while, then tried once."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Shared by the threads of a process.

    After ``failures`` in a row it opens for ``pause`` seconds. Then one caller may try (``enter``
    says yes to one alone); its success closes the circuit, its failure opens it again. One that
    never tells how it went gives its place up after another pause.
    """

    def __init__(
        self, failures: int, pause: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._pause, self._clock = failures, pause, clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._failures = 0
            self._until: float | None = None

    @property
    def is_closed(self) -> bool:
        return self._until is None

    @property
    def rests(self) -> bool:
        """Whether it is too early even for a try."""
        return self._until is not None and self._clock() < self._until

    def enter(self) -> bool:
        """Whether to try now."""
        with self._lock:
            if self._until is None:
                return True
            now = self._clock()
            if now < self._until:
                return False
            self._until = now + self._pause
            return True

    def succeeded(self) -> None:
        self.reset()

    def failed(self, *, at_once: bool = False) -> None:
        """``at_once``: one of this kind is enough, such as a time-out that somebody waited for."""
        with self._lock:
            self._failures += 1
            if at_once or self._failures >= self._most:
                self._until = self._clock() + self._pause
