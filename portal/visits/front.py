"""The counter that sits outside of everything: it notes what was read and hands it to a thread.

A visitor waits some microseconds longer. What was noted is written once in half a second by a
thread of the process, into a file of its own for each process and hour; a process that is killed
loses what came since. Django is not needed here, nor is a database.
"""

import atexit
import logging
import os
import secrets
import threading
import time
import weakref
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .lines import FILES, NOT_COUNTED, Classes, Line, clean_path, hour_name, line_of

logger = logging.getLogger(__name__)

WAIT = 0.5  # seconds from a note to its writing
# So many notes wait at most, and so many bytes of lines while the disk takes none; newer ones are
# given up then.
MOST = 100_000
MOST_BYTES = 20_000_000
# Whoever reads the log deletes it after its days. Where nobody does, no more is written.
GRACE_DAYS = 14
_LOOKED_AT = ("document", "")

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]
# at, host, path, status, content type, referrer, browser
type Note = tuple[float, str, str, str, str, str, str]


class _HalfWritten(Exception):
    def __init__(self, reason: OSError, rest: memoryview) -> None:
        super().__init__(reason)
        self.reason, self.rest = reason, rest


class LogWriter:
    """Notes of one process on their way to the disk. Survives a fork: the child begins anew."""

    def __init__(self, folder: Path, classes: Classes, *, days: int = 30) -> None:
        self.folder, self.classes, self.days = folder, classes, days
        self._begin()
        me = weakref.WeakMethod(self._begin), weakref.WeakMethod(self.flush)
        os.register_at_fork(after_in_child=lambda: _call(me[0]))
        atexit.register(lambda: _call(me[1]))

    def _begin(self) -> None:
        self._notes: deque[Note] = deque()
        self._waiting: deque[tuple[str, memoryview]] = deque()
        self._wake = threading.Event()
        self._starting, self._writing = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._hour, self._file, self._is_refused = "", -1, False
        self._lost = 0

    def note(self, note: Note) -> None:
        if len(self._notes) >= MOST:
            self._lost += 1
            return
        self._notes.append(note)
        if not self._wake.is_set():
            if self._thread is None:
                self._start()
            self._wake.set()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="visits", daemon=True)
                self._thread.start()

    def _loop(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(WAIT)
            self._wake.clear()
            try:
                self.flush()
            except Exception:  # the next notes have their chance all the same
                logger.exception("Visits could not be written; tried again")
                time.sleep(WAIT)
                self._wake.set()

    def flush(self) -> None:
        """Write what was noted until now.

        Raises:
            OSError: the disk does not take it; what is not written waits for the next time.
        """
        with self._writing:
            self._take_notes()
            while self._waiting:
                hour, text = self._waiting.popleft()
                try:
                    self._write(hour, text)
                except _HalfWritten as half:
                    self._waiting.appendleft((hour, half.rest))
                    raise half.reason from None

    def _take_notes(self) -> None:
        by_hour: defaultdict[str, list[str]] = defaultdict(list)
        for _ in range(len(self._notes)):
            line = self._line(self._notes.popleft())
            if line is not None:
                by_hour[hour_name(line.minute)].append(line.text())
        for hour in sorted(by_hour):
            text = "".join(by_hour[hour]).encode("ascii")
            if sum(len(one) for _hour, one in self._waiting) + len(text) > MOST_BYTES:
                self._lost += len(by_hour[hour])
            else:
                self._waiting.append((hour, memoryview(text)))
        if self._lost:
            logger.error("%s visits were not noted: more came than could be written", self._lost)
            self._lost = 0

    def _line(self, note: Note) -> Line | None:
        at, host, path, status, content_type, referrer, browser = note
        device = self.classes.device(browser)
        if not device:
            return None
        return line_of(
            self.classes,
            at=at,
            host=host,
            path=clean_path(path),
            status=status,
            content_type=content_type,
            referrer=referrer,
            device=device,
        )

    def _write(self, hour: str, text: memoryview) -> None:
        try:
            if hour != self._hour:
                self._open(hour)
            while text and not self._is_refused:
                text = text[os.write(self._file, text) :]
        except OSError as error:
            raise _HalfWritten(error, text) from error

    def _open(self, hour: str) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._hour, self._file = "", -1
        self.folder.mkdir(parents=True, exist_ok=True)
        self._is_refused = self._is_read_by_nobody()
        if self._is_refused:
            logger.error("Visits are not noted: nobody reads and deletes the log in %s",
                         self.folder)  # fmt: skip
        else:
            # The name is used once on whichever machine: a number of a process comes again.
            name = f"{hour}-{os.getpid()}-{secrets.token_hex(6)}.log"
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._file = os.open(self.folder / name, flags, 0o640)
        self._hour = hour

    def _is_read_by_nobody(self) -> bool:
        days = self.days + GRACE_DAYS
        first = hour_name(int(time.time()) // 60 - days * 24 * 60)
        return any(name < first for name in os.listdir(self.folder) if name.endswith(".log"))  # noqa: PTH208


def _call(method: "weakref.WeakMethod[Callable[[], None]]") -> None:
    found = method()
    if found is not None:
        found()


class VisitCounter:
    """A WSGI application around another one; see the module."""

    def __init__(self, app: Application, writer: LogWriter, *, session_cookie: str = "") -> None:
        self.app, self.writer = app, writer
        self._signed_in = f"{session_cookie}=" if session_cookie else ""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] != "GET" or path.startswith(NOT_COUNTED):
            return self.app(environ, start_response)

        def noting(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if status[:3] in ("200", "304"):
                self._note(environ, path, status[:3], headers)
            return start_response(status, headers, *rest)

        return self.app(environ, noting)

    def _note(
        self, environ: Environ, path: str, status: str, headers: list[tuple[str, str]]
    ) -> None:
        content_type = ""
        for name, value in headers:
            if name == "Content-Type" or (len(name) == 12 and name.lower() == "content-type"):
                content_type = value
                break
        is_page = status == "304" or content_type.startswith("text/html")
        if not is_page and not path.startswith(FILES):
            return
        get = environ.get
        # A part of another page, or fetched by a script.
        if get("HTTP_SEC_FETCH_DEST", "document") not in _LOOKED_AT:
            return
        purpose = get("HTTP_SEC_PURPOSE") or get("HTTP_PURPOSE")
        if purpose and ("prefetch" in purpose or "prerender" in purpose):
            return  # fetched ahead: perhaps nobody will ever look at it
        if self._signed_in and self._signed_in in get("HTTP_COOKIE", ""):
            return  # an editor
        self.writer.note(
            (
                time.time(),
                get("HTTP_HOST") or get("SERVER_NAME", ""),
                path,
                status,
                content_type,
                get("HTTP_REFERER", ""),
                get("HTTP_USER_AGENT", ""),
            )
        )


def with_visits_counted(app: Application) -> Application:
    """The counter around the portal's application, as the settings have it; Django is set up."""
    from django.apps import apps
    from django.conf import settings

    if not settings.VISITS_COUNTED or settings.VISITS_NGINX_LOG:
        return app  # off, or the web server's log is read
    if not apps.is_installed("portal.visits"):
        return app
    classes = Classes(settings.VISITS_ROBOTS)
    writer = LogWriter(settings.VISITS_FOLDER, classes, days=settings.VISITS_LOG_DAYS)
    return VisitCounter(app, writer, session_cookie=settings.SESSION_COOKIE_NAME)
