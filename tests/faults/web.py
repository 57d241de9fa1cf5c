"""The real web process, and many visitors of it."""

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Web:
    """gunicorn with the portal's own settings."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        host: str = "localhost",
        timeout: float = 20,
    ) -> Answer:
        started = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            sent = {"Host": f"{host}:{self.port}", "Accept": "text/html", **(headers or {})}
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, content, time.monotonic() - started)

    def said(self) -> str:
        return self.log.read_text(errors="replace")


@contextmanager
def gunicorn(
    folder: Path,
    environ: Mapping[str, str],
    *,
    application: str = "portal.wsgi:application",
    options: Sequence[str] = ("--config", "python:portal.gunicorn_conf"),
) -> Iterator[Web]:
    log = folder / "web.log"
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening, log.open("wb") as stream:
        port = int(listening.getsockname()[1])
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", *options),
                *("--bind", f"fd://{listening.fileno()}", application),
            ],
            cwd=PROJECT,
            env={"WEB_CONCURRENCY": "2", **environ, "PORTAL_BASE_URL": f"http://localhost:{port}"},
            pass_fds=[listening.fileno()],
            stdout=stream,
            stderr=stream,
        )
        web = Web(port, process, log)
        try:
            assert eventually(lambda: web.ask("/healthz").status == 200, 120), web.said()
            yield web
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def eventually(check: Callable[[], bool], seconds: float) -> bool:
    """Whether something becomes true within so many seconds; no answer counts as no."""
    ends = time.monotonic() + seconds
    while True:
        try:
            if check():
                return True
        except (OSError, http.client.HTTPException):
            pass
        if time.monotonic() > ends:
            return False
        time.sleep(0.1)


@dataclass
class Visitors:
    """Threads that ask for addresses in turn until they are told to stop, and what they got."""

    web: Web
    paths: Sequence[str]
    number: int = 8
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)

    def __enter__(self) -> "Visitors":
        for start in range(self.number):
            thread = threading.Thread(target=self._visit, args=[start], daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads), "a visitor still waits"

    def forget(self) -> None:
        with self._lock:
            self.answers.clear()
            self.failures.clear()
            self.slowest = 0.0

    @property
    def statuses(self) -> set[int]:
        with self._lock:
            return {status for _path, status in self.answers}

    def _visit(self, start: int) -> None:
        turn = start
        while not self._over.is_set():
            path = self.paths[turn % len(self.paths)]
            turn += 1
            try:
                answer = self.web.ask(path)
            except (OSError, http.client.HTTPException) as error:
                with self._lock:
                    self.failures.append(f"{path}: {error!r}")
            else:
                with self._lock:
                    self.answers[path, answer.status] += 1
                    self.slowest = max(self.slowest, answer.seconds)
