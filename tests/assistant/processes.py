"""Processes of a portal on the test's database, as ``portal serve`` starts them; to be killed."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).parents[2]
START_SECONDS = 120  # on a busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def database_url() -> str:
    """The address of this test's database for another process."""
    database = connection.settings_dict
    if connection.vendor != "postgresql":
        return f"sqlite:///{database['NAME']}"
    user, host = database["USER"], database["HOST"] or "127.0.0.1"
    secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return f"postgres://{user}{secret}@{host}:{database['PORT'] or 5432}/{database['NAME']}"


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """The environment of such a process; without vectors, which take long to load."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "PORTAL_ENV": "dev",
        "DATABASE_URL": database_url(),
        "ASSISTANT_EMBEDDERS": "none",
        "PORTAL_DATA_DIR": str(data),
        **more,
    }


@contextlib.contextmanager
def running(
    arguments: list[str], data: Path, log: Path, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process with the portal's surroundings, ended in any case."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=surroundings(data, **environment),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Web:
    """gunicorn's master with its worker processes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log

    def ask(
        self, method: str, path: str, content: Any = None, *, timeout: float = 60
    ) -> tuple[int, bytes]:
        """One request.

        Raises:
            OSError, http.client.HTTPException: nobody answered, or not to the end.
        """
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            body = None if content is None else json.dumps(content)
            asking.request(method, path, body, {"Content-Type": "application/json"})
            response = asking.getresponse()
            return response.status, response.read()
        finally:
            asking.close()

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_worker(self) -> None:
        """Signal 9 to one; its master starts another."""
        for pid in self.workers()[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def await_answer(self) -> None:
        def answers() -> bool:
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            with contextlib.suppress(OSError, http.client.HTTPException):
                return self.ask("GET", "/healthz")[0] == 200
            return False

        wait_until(answers, self.log)


@contextlib.contextmanager
def web(data: Path, **environment: str) -> Iterator[Web]:
    """gunicorn as ``portal serve`` starts it, with one worker process unless told otherwise."""
    port, log = free_port(), data / "web.log"
    arguments = ["-m", "gunicorn", "--config", "python:portal.gunicorn_conf"]
    about = {"PORTAL_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1"} | environment
    with running([*arguments, "portal.wsgi:application"], data, log, **about) as process:
        served = Web(process, port, log)
        served.await_answer()
        yield served


def wait_until(true: Callable[[], object], log: Path, seconds: float = START_SECONDS) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, log.read_text()[-2000:] if log.exists() else "nothing said"
        time.sleep(0.1)
