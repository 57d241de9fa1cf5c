"""The load generator: some clients at once against one address of this machine.

Written here instead of calling ``ab`` or ``wrk``, so that every machine measures the same thing:
HTTP/1.1, a new connection for each request (gunicorn's sync workers keep none), every answer
checked to be whole and 200. The clients are processes of their own, because one Python process
could not ask fast enough. They take about 0.2 ms of the same cores for each request, which slows a
fast load more than a slow one and makes "hello ÷ page" smaller than a client on another machine
would: the CPU figures, read from the servers' own processes, do not have this fault and are always
printed beside.
"""

import json
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

CLIENTS = 4
_LIMIT = 200_000
_TIMEOUT = 60.0
_CLIENT = Path(__file__).with_name("client.py")


class LoadFailed(Exception):
    """A load got answers that are no measurement (errors, or none at all)."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What the clients saw in one run."""

    requests: int
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    body_bytes: int


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of values in ascending order; ``share`` from 0 to 1."""
    if not ordered:
        raise ValueError("no values")
    if not 0 <= share <= 1:
        raise ValueError("share must be from 0 to 1")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def request_bytes(path: str, *, host: str = "127.0.0.1") -> str:
    """The request that every client sends: a visitor without cookies behind an HTTPS proxy."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: text/html\r\n"
        "Accept-Language: zh-CN\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    )


def run_load(
    port: int, path: str, *, seconds: float, clients: int = CLIENTS, limit: int = _LIMIT
) -> LoadResult:
    """Load ``http://127.0.0.1:port/path`` for ``seconds`` (or ``limit`` requests) and report.

    Raises:
        LoadFailed: any answer was not a whole 200, or there was none.
    """
    orders = {
        "port": port,
        "request": request_bytes(path),
        "seconds": seconds,
        "limit": max(1, limit // clients),
        "timeout": _TIMEOUT,
    }
    processes = [_start(orders) for _ in range(clients)]
    try:
        for process in processes:
            _read(process)  # "ready"
        for process in processes:
            _write(process, "go")
        answers = [json.loads(_read(process)) for process in processes]
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()
            process.communicate()
    return summarise(answers, path)


def summarise(answers: Iterable[dict[str, object]], path: str) -> LoadResult:
    """Add up what the clients saw; the rates of clients that ran side by side are summed."""
    latencies: list[int] = []
    errors: Counter[str] = Counter()
    rate = 0.0
    size = 0
    for answer in answers:
        own = answer["latencies"]
        elapsed = answer["seconds"]
        assert isinstance(own, list)
        assert isinstance(elapsed, int | float)
        latencies += own
        rate += len(own) / elapsed if elapsed else 0.0
        errors.update(answer["errors"])  # type: ignore[call-overload]
        size = max(size, int(answer["bytes"]))  # type: ignore[call-overload]
    if errors:
        told = ", ".join(f"{count} × {reason}" for reason, count in errors.most_common(3))
        raise LoadFailed(f"{path}: {told}")
    if not latencies:
        raise LoadFailed(f"{path}: no answer")
    latencies.sort()
    return LoadResult(
        requests=len(latencies),
        requests_per_second=rate,
        p50_ms=percentile(latencies, 0.50) / 1000,
        p99_ms=percentile(latencies, 0.99) / 1000,
        body_bytes=size,
    )


def _start(orders: dict[str, object]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_CLIENT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    _write(process, json.dumps(orders))
    return process


def _write(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _read(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise LoadFailed("a load client ended without an answer")
    return line
