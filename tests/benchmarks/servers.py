"""gunicorn with two sync workers, started and stopped alike for the portal and the references."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import client
from .cpu import children
from .loads import request_bytes

WORKERS = 2
ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(__file__).with_name("reference")
_START_SECONDS = 60.0


class ServerFailed(Exception):
    """A server did not start; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn."""

    name: str
    port: int
    pid: int

    def worker_pids(self) -> list[int]:
        return children(self.pid)


@contextmanager
def gunicorn(
    name: str,
    application: str,
    *,
    directory: Path,
    log_directory: Path,
    probe: str = "/",
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Serve a WSGI application on a free port of 127.0.0.1 until the block ends.

    Raises:
        ServerFailed: it ended, or ``probe`` did not answer 200 within a minute.
    """
    port = _free_port()
    log = log_directory / f"{name}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", application,
                "--workers", str(WORKERS), "--worker-class", "sync",
                "--bind", f"127.0.0.1:{port}", "--timeout", "120",
                "--log-level", "warning", "--no-control-socket",
            ],
            cwd=directory,
            env={**os.environ, **(environment or {})},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _await_answer(process, port, probe, log, name)
        yield Server(name=name, port=port, pid=process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def hello_server(directory: Path) -> Iterator[Server]:
    """The hello-world view."""
    with gunicorn(
        "hello", "hello:application", directory=REFERENCE, log_directory=directory
    ) as server:
        yield server


@contextmanager
def static_server(directory: Path, size: int) -> Iterator[Server]:
    """A static file of ``size`` bytes at ``/page.html``."""
    root = directory / "static-reference"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    (root / "page.html").write_bytes(b"x" * size)
    with gunicorn(
        "static-file",
        "static_file:application",
        directory=REFERENCE,
        log_directory=directory,
        probe="/page.html",
        environment={"BENCH_STATIC_ROOT": str(root)},
    ) as server:
        yield server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(
    process: subprocess.Popen[bytes], port: int, probe: str, log: Path, name: str
) -> None:
    request = request_bytes(probe).encode("ascii")
    deadline = time.monotonic() + _START_SECONDS
    reason = "no answer"
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.fetch(port, request, timeout=30)
        except client.BadAnswer as error:
            reason = str(error)
            break
        except OSError:
            time.sleep(0.1)
        else:
            return
    tail = log.read_text(errors="replace")[-2000:]
    raise ServerFailed(f"{name} did not start ({reason}) at {probe}\n{tail}")
