"""Runs of loads, one after another in turn, and what the servers spent on them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .cpu import CpuReading
from .databases import BenchDatabase
from .loads import LoadResult, run_load
from .servers import Server

ROUNDS = 3
WARM_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """An address to load. ``database`` is set where its backends' CPU belongs to the request."""

    key: str
    server: Server
    path: str
    database: BenchDatabase | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One load and the processor time spent on it, per request (None: not readable)."""

    load: LoadResult
    app_cpu_ms: float | None
    database_cpu_ms: float | None


@dataclass(frozen=True, slots=True)
class Measurement:
    """The best of some runs of one target."""

    key: str
    requests: int
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    body_bytes: int
    app_cpu_ms: float | None
    database_cpu_ms: float | None

    @property
    def cpu_ms(self) -> float | None:
        """Application and database together."""
        if self.app_cpu_ms is None:
            return None
        return self.app_cpu_ms + (self.database_cpu_ms or 0.0)


def best(key: str, runs: Sequence[Run]) -> Measurement:
    """The run with the most requests/s; CPU is the least of all runs, since noise only adds."""
    top = max(runs, key=lambda run: run.load.requests_per_second).load
    return Measurement(
        key=key,
        requests=sum(run.load.requests for run in runs),
        requests_per_second=top.requests_per_second,
        p50_ms=top.p50_ms,
        p99_ms=top.p99_ms,
        body_bytes=top.body_bytes,
        app_cpu_ms=_least(run.app_cpu_ms for run in runs),
        database_cpu_ms=_least(run.database_cpu_ms for run in runs),
    )


def interleaved(
    targets: Sequence[Target],
    *,
    seconds: float,
    say: Callable[[str], None],
    rounds: int = ROUNDS,
) -> dict[str, Measurement]:
    """Load the targets in turn, ``rounds`` times, so that a noisy minute hits all of them alike."""
    for target in targets:
        run_load(target.server.port, target.path, seconds=WARM_SECONDS)
    runs: dict[str, list[Run]] = {target.key: [] for target in targets}
    for number in range(1, rounds + 1):
        for target in targets:
            run = run_once(target, seconds)
            runs[target.key].append(run)
            say(
                f"  round {number} of {rounds}: {target.key:<12}"
                f"{run.load.requests_per_second:>9,.1f} requests/s"
            )
    return {key: best(key, done) for key, done in runs.items()}


def run_once(target: Target, seconds: float) -> Run:
    """One load, with readings of the processor time before and after it."""
    database = target.database
    app_before = CpuReading.of(target.server.worker_pids())
    database_before = CpuReading.of(database.backend_pids() if database else ())
    load = run_load(target.server.port, target.path, seconds=seconds)
    database_after = CpuReading.of(database.backend_pids() if database else ())
    app_after = CpuReading.of(target.server.worker_pids())
    return Run(
        load=load,
        app_cpu_ms=_per_request(app_after.since(app_before), load.requests),
        database_cpu_ms=_per_request(database_after.since(database_before), load.requests),
    )


def _per_request(seconds: float | None, requests: int) -> float | None:
    return None if seconds is None else 1000 * seconds / requests


def _least(values: Iterable[float | None]) -> float | None:
    return min((value for value in values if value is not None), default=None)
