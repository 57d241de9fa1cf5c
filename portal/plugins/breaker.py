"""The circuit breaker around every call into plugin code.

One plugin's failure at one extension point is logged and answered with a default. After several
failures in a row the plugin is left out at that point for a while, then tried once; one success
closes the circuit. Other plugins, and the same plugin at other points, go on.

State is kept in each process: no database and no lock on the way that succeeds.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from .outages import outage_behind

logger = logging.getLogger(__name__)

type Report = Callable[[str, str, Exception], None]
type Fault = Callable[[str, str], None]
type Watch = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Policy:
    """When to give up on a plugin, for how long, and whether failures surface (tests)."""

    failure_limit: int = 5
    cool_down: float = 60.0
    reraise: bool = False


def policy_from_settings() -> Policy:
    return Policy(
        failure_limit=getattr(settings, "PORTAL_PLUGIN_FAILURE_LIMIT", 5),
        cool_down=getattr(settings, "PORTAL_PLUGIN_COOL_DOWN", 60.0),
        reraise=getattr(settings, "PORTAL_PLUGIN_ERRORS_RAISE", False),
    )


@dataclass(slots=True)
class Circuit:
    """What is remembered of one plugin at one extension point."""

    in_a_row: int = 0
    total: int = 0
    open_until: float = 0.0
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class CircuitState:
    """A circuit as shown to people: how often it failed, and whether it is left out now."""

    plugin: str
    point: str
    in_a_row: int
    total: int
    last_error: str
    is_open: bool
    retry_in: float


class Breaker:
    """Calls plugin code so that its failure stays its own."""

    def __init__(
        self,
        policy: Callable[[], Policy] = policy_from_settings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._circuits: dict[tuple[str, str], Circuit] = {}
        self._lock = threading.Lock()
        self._reports: list[Report] = []
        self._watches: list[Watch] = []
        self._fault: Fault | None = None

    def call[R](
        self,
        plugin: str,
        point: str,
        work: Callable[[], R],
        default: R,
        *,
        passes: tuple[type[Exception], ...] = (),
        isolate: bool = False,
    ) -> R:
        """Return ``work()``, or ``default`` when it fails or its circuit is open.

        Args:
            passes: exceptions that are an answer, not a failure (a refusal, a 404).
            isolate: run inside a savepoint, for points called in a write transaction: a database
                error in a plugin then does not spoil the whole transaction.
        """
        circuit = self._circuits.get((plugin, point))
        if circuit is not None and circuit.open_until > self._clock():
            self._left_out(plugin, point)
            return default
        try:
            if self._fault is not None:
                self._fault(plugin, point)
            with transaction.atomic() if isolate else contextlib.nullcontext():
                result = work()
        except passes:
            self._succeeded(circuit)
            raise
        except Exception as error:
            self.failed(plugin, point, error)
            if self._policy().reraise:
                raise
            self._left_out(plugin, point)
            return default
        self._succeeded(circuit)
        return result

    def failed(self, plugin: str, point: str, error: Exception) -> None:
        """Count, log and report one failure; opens the circuit when there were too many.

        A database that is away is nobody's failure: with it back, every plugin is there at once.
        """
        if outage := outage_behind(error):
            logger.warning("Plugin %s could not answer at %s: %s", plugin, point, outage)
            return
        policy = self._policy()
        with self._lock:
            circuit = self._circuits.setdefault((plugin, point), Circuit())
            circuit.in_a_row += 1
            circuit.total += 1
            circuit.last_error = f"{type(error).__name__}: {error}"[:500]
            opened = circuit.in_a_row >= policy.failure_limit
            if opened:
                circuit.open_until = self._clock() + policy.cool_down
        logger.error("Plugin %s failed at %s", plugin, point, exc_info=error)
        if opened:
            logger.error("Plugin %s is left out at %s for %ss", plugin, point, policy.cool_down)
        for report in self._reports:
            # Telling about a failure must never become a second one.
            with contextlib.suppress(Exception):
                report(plugin, point, error)

    def is_open(self, plugin: str, point: str) -> bool:
        """Tell whether the plugin is being left out at this point."""
        circuit = self._circuits.get((plugin, point))
        return circuit is not None and circuit.open_until > self._clock()

    def state(self, plugin: str | None = None) -> list[CircuitState]:
        """Return every circuit that ever failed in this process, open ones first."""
        now = self._clock()
        with self._lock:
            states = [
                CircuitState(
                    slug,
                    point,
                    circuit.in_a_row,
                    circuit.total,
                    circuit.last_error,
                    circuit.open_until > now,
                    max(0.0, circuit.open_until - now),
                )
                for (slug, point), circuit in self._circuits.items()
                if plugin in (None, slug)
            ]
        return sorted(states, key=lambda state: (not state.is_open, state.plugin, state.point))

    def reset(self, plugin: str | None = None) -> None:
        """Forget failures: of one plugin (an administrator switched it on again) or of all."""
        with self._lock:
            for key in [key for key in self._circuits if plugin in (None, key[0])]:
                del self._circuits[key]

    def report_to(self, report: Report) -> None:
        """Have each failure told to ``report(plugin, point, error)`` too."""
        if report not in self._reports:
            self._reports.append(report)

    def watch(self, watch: Watch) -> None:
        """Have ``watch(plugin, point)`` called whenever a default stands for a plugin's answer."""
        if watch not in self._watches:
            self._watches.append(watch)

    def _left_out(self, plugin: str, point: str) -> None:
        for watch in self._watches:
            watch(plugin, point)

    @contextlib.contextmanager
    def faults(self, fault: Fault) -> Iterator[None]:
        """Call ``fault(plugin, point)`` before each call into a plugin; for fault injection."""
        before, self._fault = self._fault, fault
        try:
            yield
        finally:
            self._fault = before

    def check_fault(self, plugin: str, point: str) -> None:
        """Let an injected fault strike where code is not run through ``call``."""
        if self._fault is not None:
            self._fault(plugin, point)

    def _succeeded(self, circuit: Circuit | None) -> None:
        if circuit is not None and circuit.in_a_row:
            with self._lock:
                circuit.in_a_row = 0
                circuit.open_until = 0.0


breaker = Breaker()


def state(plugin: str | None = None) -> list[CircuitState]:
    """Return what this process remembers of failing plugins."""
    return breaker.state(plugin)
