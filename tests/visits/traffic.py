"""Requests as they reach the counter, and logs of them."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.visits.front import LogWriter, VisitCounter
from portal.visits.lines import Classes, Line

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; V2405A) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
)
PAD = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
SPIDER = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"
HOST = "testserver"
MINUTE = 29_600_000  # an afternoon in 2026
HTML = "text/html; charset=utf-8"


def environ(path: str = "/yaowen/", **more: Any) -> dict[str, Any]:
    """What a server hands to an application: ``referrer`` and other values by WSGI's names."""
    found = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": HOST,
        "HTTP_USER_AGENT": BROWSER,
        "REMOTE_ADDR": "203.0.113.77",
        "wsgi.url_scheme": "http",
    }
    return found | more


@dataclass
class Front:
    """A counter around an application that answers as it is told."""

    folder: Path
    status: str = "200 OK"
    content_type: str = HTML
    session_cookie: str = "sessionid"

    def __post_init__(self) -> None:
        self.writer = LogWriter(self.folder, Classes())
        # Tests say when it is written.
        self.writer._start = lambda: None  # type: ignore[method-assign]
        self.counter = VisitCounter(self._app, self.writer, session_cookie=self.session_cookie)

    def _app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response(self.status, [("X-Before", "1"), ("Content-Type", self.content_type)])
        return [b"answer"]

    def ask(self, path: str = "/yaowen/", **more: Any) -> tuple[str, bytes]:
        told = []
        body = self.counter(
            environ(path, **more), lambda status, headers, *rest: told.append(status)
        )
        return told[0], b"".join(body)

    def texts(self) -> list[str]:
        self.writer.flush()
        return [line for path in sorted(self.folder.glob("*.log")) for line in lines_in(path)]


def lines_in(path: Path) -> Iterator[str]:
    yield from path.read_text(encoding="ascii").splitlines()


def write_log(folder: Path, lines: list[Line], name: str = "1-abc") -> Path:
    """A file of the log, as a process leaves it. All lines are of one hour."""
    from portal.visits.lines import hour_name

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hour_name(lines[0].minute)}-{name}.log"
    with path.open("a", encoding="ascii") as stream:
        stream.writelines(line.text() for line in lines)
    return path


def line(path: str = "/yaowen/", **more: Any) -> Line:
    values: dict[str, Any] = {
        "minute": MINUTE, "host": HOST, "path": path, "status": 200, "kind": "page",
        "source": "direct", "referrer": "", "device": "desktop",
    }  # fmt: skip
    return Line(**values | more)


def random_lines(number: int, *, seed: int, minute: int, paths: list[str]) -> list[Line]:
    """Lines of one hour that begins with ``minute``."""
    chance = random.Random(seed)
    sources = [("own", ""), ("direct", ""), ("search", "www.baidu.com"), ("other", "news.example")]
    found = []
    for _ in range(number):
        source, referrer = chance.choice(sources)
        path = chance.choice(paths)
        kind = "file" if path.startswith("/documents/") else "page"
        found.append(
            line(
                path, minute=minute + chance.randrange(60), kind=kind, source=source,
                referrer=referrer, device=chance.choice(["phone", "tablet", "desktop"]),
            )
        )  # fmt: skip
    return found
