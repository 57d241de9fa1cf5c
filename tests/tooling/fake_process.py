"""Tiny programs for the supervisor's tests: ``python -m tests.tooling.fake_process WHAT …``."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def stay() -> None:
    """Live until asked to stop."""
    time.sleep(60)


def stay_stubbornly(mark: str) -> None:
    """Live on when asked to stop."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(mark).write_text(str(os.getpid()))
    time.sleep(60)


def stay_with_child(mark: str) -> None:
    """Start a stubborn helper in the same process group, then live."""
    child = subprocess.Popen([sys.executable, "-m", __spec__.name, "stay_stubbornly", mark + ".x"])
    while not Path(mark + ".x").exists():
        time.sleep(0.01)
    Path(mark).write_text(str(child.pid))
    time.sleep(60)


def tell(mark: str) -> None:
    """Write the names of all variables, then live."""
    Path(mark + ".new").write_text(" ".join(os.environ))
    Path(mark + ".new").rename(mark)
    time.sleep(60)


def note(mark: str) -> None:
    """Note the start, then live."""
    with Path(mark).open("a") as stream:
        stream.write("x")
    time.sleep(60)


def die(mark: str) -> None:
    """Note the start, complain and end with code 3."""
    with Path(mark).open("a") as stream:
        stream.write("x")
    print("cannot go on", file=sys.stderr, flush=True)
    raise SystemExit(3)


def chatter() -> None:
    """Write more than a pipe holds, and a line without end, then live."""
    sys.stdout.write("y" * 1_000_000)
    print("\nout", flush=True)
    print("err", file=sys.stderr, flush=True)
    time.sleep(60)


def answer(mark: str, failures: str = "0") -> None:
    """Serve HTTP on the socket that was handed down; die in the first starts if told so."""
    with Path(mark).open("a") as stream:
        stream.write("x")
    if len(Path(mark).read_text()) <= int(failures):
        print("no application", file=sys.stderr, flush=True)
        raise SystemExit(4)
    descriptor = int(os.environ["PORTAL_BIND"].removeprefix("fd://"))
    listening = socket.socket(fileno=descriptor)
    while True:
        connection, _ = listening.accept()
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        connection.close()


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
