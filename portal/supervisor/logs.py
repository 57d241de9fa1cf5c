"""Log files that rotate, and the console. Neither can fail or block the processes that write."""

import contextlib
import queue
import threading
from collections import deque
from pathlib import Path
from typing import TextIO

MEGABYTE = 1024 * 1024


class RotatingLog:
    """Bytes appended to a file that is renamed away when it has grown.

    A disk that is full or has gone costs log lines, never a process: errors are swallowed here and
    ``lost`` counts the bytes that could not be kept.
    """

    def __init__(self, path: Path, *, max_bytes: int = 10 * MEGABYTE, backups: int = 3) -> None:
        self.path = path
        self.lost = 0
        self.tail: deque[str] = deque(maxlen=40)
        self._max_bytes = max_bytes
        self._backups = backups

    def write(self, data: bytes) -> None:
        self.tail.extend(data.decode("utf-8", "replace").splitlines())
        try:
            if self._size() + len(data) > self._max_bytes:
                self._rotate()
            with self.path.open("ab", buffering=0) as stream:
                stream.write(data)
        except OSError:
            self.lost += len(data)

    def _size(self) -> int:
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return 0

    def _rotate(self) -> None:
        for number in range(self._backups - 1, 0, -1):
            older = self._numbered(number)
            if older.exists():
                older.replace(self._numbered(number + 1))
        if self.path.exists():
            self.path.replace(self._numbered(1))

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


class Console:
    """Lines for the person who watches.

    Written by a thread of its own behind a bounded queue: a terminal that is paused (Ctrl+S) or a
    reader that has gone away must not stop the supervisor, and with it the portal.
    """

    def __init__(self, stream: TextIO, *, depth: int = 1000) -> None:
        self._stream = stream
        self._lines: queue.Queue[str | None] = queue.Queue(depth)
        self._thread = threading.Thread(target=self._drain, name="console", daemon=True)
        self._thread.start()

    def say(self, line: str) -> None:
        with contextlib.suppress(queue.Full):
            self._lines.put_nowait(line)

    def close(self) -> None:
        """Write what is waiting, for a second at most."""
        with contextlib.suppress(queue.Full):
            self._lines.put_nowait(None)
        self._thread.join(timeout=1)

    def _drain(self) -> None:
        while (line := self._lines.get()) is not None:
            # ValueError: the stream was closed under us.
            with contextlib.suppress(OSError, ValueError):
                self._stream.write(line + "\n")
                self._stream.flush()


class LineSplitter:
    """Turns chunks of output into whole lines, without ever holding more than one long line."""

    def __init__(self, limit: int = 8192) -> None:
        self._rest = b""
        self._limit = limit

    def feed(self, data: bytes) -> list[str]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > self._limit:
            lines.append(self._rest)
            self._rest = b""
        return [line.decode("utf-8", "replace").rstrip("\r") for line in lines]
