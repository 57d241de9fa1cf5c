"""The load generator against small servers that misbehave on purpose."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from . import client
from .__main__ import _options
from .loads import LoadFailed, request_bytes, run_load
from .servers import REFERENCE

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


@contextmanager
def server(answer: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Answers every connection with the same bytes; yields the port and what was asked."""
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                asked.append(connection.recv(4096))
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=5)


def test_clients_ask_side_by_side_and_stop_at_the_limit() -> None:
    with server(WHOLE) as (port, asked):
        result = run_load(port, "/page/", seconds=30, clients=2, limit=20)
    assert result.requests == 20 == len(asked)
    assert result.body_bytes == 5
    assert 0 < result.p50_ms <= result.p99_ms
    assert asked[0] == request_bytes("/page/").encode()


def test_clients_stop_when_the_time_is_over() -> None:
    with server(WHOLE) as (port, _):
        result = client.run(port, request_bytes("/").encode(), 0.05, 10**9, 5.0)
    assert 0.05 <= float(str(result["seconds"])) < 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
            "status 500",
        ),
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", "status 302"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "torn body"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "torn body"),
        (b"HTTP/1.1 200 OK\r\n", "status 200"),
        (b"", "status missing"),
    ],
)
def test_an_answer_that_is_not_a_whole_200_is_an_error(answer: bytes, reason: str) -> None:
    with server(answer) as (port, _), pytest.raises(client.BadAnswer, match=reason):
        client.fetch(port, request_bytes("/").encode(), 5.0)


def test_a_server_that_is_not_there_fails_the_load() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(LoadFailed, match="refused"):
        run_load(port, "/", seconds=5, clients=1, limit=1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--only", "nothing"],
        ["--only", ","],
        ["--scale", "0"],
        ["--scale", "x"],
        ["--seconds", "0"],
    ],
)
def test_bad_arguments_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        _options(arguments)
    assert stopped.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_parts_default_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONLY", "pages,sqlite")
    assert _options([]).only == {"pages", "sqlite"}
    assert _options(["--only", "growth"]).only >= {
        "growth",
        "postgresql",
        "sqlite",
        "pages",
    }
    assert _options(["--only", "references"]).only == {"references"}


@pytest.mark.parametrize("name", ["hello", "static_file"])
def test_reference_projects_answer(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In a process of their own: they configure Django themselves."""
    root = tmp_path_factory.mktemp("static")
    (root / "page.html").write_bytes(b"x" * 100)
    address = "/" if name == "hello" else "/page.html"
    script = (
        "import sys; from wsgiref.util import setup_testing_defaults\n"
        f"from {name} import application\n"
        f"environ = {{'PATH_INFO': '{address}', 'HTTP_HOST': '127.0.0.1'}}\n"
        "setup_testing_defaults(environ)\n"
        "print(b''.join(application(environ, lambda status, *_: print(status))).decode())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=REFERENCE,
        env={"BENCH_STATIC_ROOT": str(root), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "200 OK",
        "hello, world" if name == "hello" else "x" * 100,
    ]
