"""The counter in front: what leaves a line, what does not, and what a line never holds."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from portal.visits import front
from portal.visits.front import LogWriter, VisitCounter, with_visits_counted
from portal.visits.lines import Classes, parse, words_of

from .traffic import BROWSER, HOST, PAD, PHONE, SPIDER, Front, environ


@pytest.fixture
def door(tmp_path: Path) -> Front:
    return Front(tmp_path / "visits")


def fields(door: Front) -> list[tuple[str, ...]]:
    """(host, path, status, kind, source, referrer, device) of each line."""
    return [tuple(text.split("\t")[1:]) for text in door.texts()]


# --- what is counted ------------------------------------------------------------------------------
def test_a_page_that_was_answered_leaves_a_line_and_the_answer_alone(door: Front) -> None:
    assert door.ask() == ("200 OK", b"answer")
    assert fields(door) == [(HOST, "/yaowen/", "200", "page", "direct", "", "desktop")]
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ\t", door.texts()[0])


def test_every_line_is_read_back_as_it_was_noted(door: Front) -> None:
    door.ask("/zh-hant/yaowen/", HTTP_REFERER="https://m.baidu.com/s?wd=x")
    (text,) = door.texts()
    line = parse(text)
    assert line is not None
    assert line.text() == text + "\n"
    assert (line.source, line.referrer, line.is_entry) == ("search", "m.baidu.com", True)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/admin/pages/3/", {}),
        ("/api/v1/pages/", {}),
        ("/static/a.html", {}),
        ("/media/a.html", {}),
        ("/healthz", {}),
        ("/readyz", {}),
        ("/shared-preview/abc/", {}),
        ("/qr/3.svg", {}),
        ("/", {"REQUEST_METHOD": "POST"}),
        ("/", {"REQUEST_METHOD": "HEAD"}),
        ("/", {"HTTP_USER_AGENT": SPIDER}),
        ("/", {"HTTP_USER_AGENT": "curl/8.5"}),
        ("/", {"HTTP_USER_AGENT": ""}),
        ("/", {"HTTP_SEC_PURPOSE": "prefetch;prerender"}),
        ("/", {"HTTP_PURPOSE": "prefetch"}),
        ("/", {"HTTP_SEC_FETCH_DEST": "iframe"}),
        ("/", {"HTTP_SEC_FETCH_DEST": "empty"}),
        ("/", {"HTTP_COOKIE": "a=b; sessionid=an-editor"}),
        ("/", {"HTTP_HOST": "no host at all"}),
    ],
)
def test_what_is_no_visit_leaves_none(door: Front, path: str, more: dict[str, Any]) -> None:
    assert door.ask(path, **more) == ("200 OK", b"answer")
    assert door.texts() == []


@pytest.mark.parametrize(
    ("status", "content_type", "path", "kind"),
    [
        ("200 OK", "text/html", "/a/", "page"),
        ("200 OK", "application/json", "/a/", None),
        ("200 OK", "application/pdf", "/documents/3/a.pdf", "file"),
        ("206 Partial Content", "application/pdf", "/documents/3/a.pdf", None),
        ("304 Not Modified", "", "/a/", "page"),
        ("304 Not Modified", "", "/feed.xml", None),
        ("304 Not Modified", "", "/documents/3/a.pdf", None),
        ("404 Not Found", "text/html", "/a/", None),
        ("302 Found", "text/html", "/a/", None),
        ("503 Service Unavailable", "text/html", "/a/", None),
    ],
)
def test_pages_files_and_what_the_browser_had_already_count(
    door: Front, status: str, content_type: str, path: str, kind: str | None
) -> None:
    door.status, door.content_type = status, content_type
    door.ask(path)
    assert [row[3] for row in fields(door)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("referrer", "source", "host"),
    [
        ("", "direct", ""),
        (f"http://{HOST}/elsewhere/?q=1", "own", ""),
        (f"https://{HOST}:8443/", "own", ""),
        ("https://www.baidu.com/link?url=abc", "search", "www.baidu.com"),
        ("https://www.google.com.hk/", "search", "www.google.com.hk"),
        ("https://News.Example/a/b?c=d#e", "other", "news.example"),
        ("https://name:secret@news.example/", "other", "news.example"),
        ("https://203.0.113.9/a", "other", ""),
        ("https://evil\tname/", "other", ""),
        ("android-app://com.example", "direct", ""),
        ("https://notbaidu.com/", "other", "notbaidu.com"),
    ],
)
def test_of_a_referrer_the_class_and_the_host_alone_are_kept(
    door: Front, referrer: str, source: str, host: str
) -> None:
    door.ask(HTTP_REFERER=referrer)
    assert [row[4:6] for row in fields(door)] == [(source, host)]


@pytest.mark.parametrize(
    ("browser", "device"), [(BROWSER, "desktop"), (PHONE, "phone"), (PAD, "tablet")]
)
def test_devices_are_told_apart_coarsely(door: Front, browser: str, device: str) -> None:
    door.ask(HTTP_USER_AGENT=browser)
    assert [row[6] for row in fields(door)] == [device]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("/新闻/".encode().decode("latin-1"), "/%E6%96%B0%E9%97%BB/"),
        ("/a\tb\nc/", "/a%09b%0Ac/"),
        ("/a%2fb/", "/a%252fb/"),
        ("/" + "x" * 900 + "/", "/" + "x" * 399),
    ],
)
def test_whatever_a_path_holds_it_stays_one_field(door: Front, sent: str, kept: str) -> None:
    door.ask(sent)
    assert [row[1] for row in fields(door)] == [kept]


def test_a_host_is_counted_without_port_and_in_small_letters(door: Front) -> None:
    door.ask(HTTP_HOST="WWW.Yunhu.Example:8000")
    assert [row[0] for row in fields(door)] == ["www.yunhu.example"]


def test_an_installation_names_more_robots() -> None:
    classes = Classes(["Gov-Watch"])
    assert classes.device("Mozilla/5.0 gov-watch/3") == ""
    assert classes.device(BROWSER) == "desktop"
    with pytest.raises(ValueError, match="no word"):
        words_of("robots.txt", ["(a|b)"])


# --- nothing personal -----------------------------------------------------------------------------
def test_no_byte_of_the_log_tells_of_a_person(door: Front) -> None:
    door.ask(
        "/search/",
        QUERY_STRING="q=SecretQuestion",
        REMOTE_ADDR="203.0.113.77",
        HTTP_X_FORWARDED_FOR="198.51.100.23",
        HTTP_REFERER="https://mail.example/inbox/4711?user=zhang",
        HTTP_COOKIE="portal=abcdef",
        HTTP_USER_AGENT=PHONE,
        HTTP_ACCEPT_LANGUAGE="fr-CA",
    )
    door.writer.flush()
    raw = b"".join(path.read_bytes() for path in door.folder.iterdir())
    assert b"/search/" in raw
    for trace in (
        b"203.0.113", b"198.51.100", b"Secret", b"inbox", b"zhang", b"4711", b"abcdef", b"Android",
        b"V2405A", b"Chrome", b"fr-CA", b"?",
    ):  # fmt: skip
        assert trace not in raw


# --- on the disk ----------------------------------------------------------------------------------
def test_a_full_disk_loses_nothing_and_the_page_comes_all_the_same(
    door: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = os.write, [20]

    def short(file: int, text: Any) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        number = real(file, bytes(text)[: left[0]])
        left[0] -= number
        return number

    door.ask("/one/")
    door.ask("/two/")
    monkeypatch.setattr(front.os, "write", short)
    with pytest.raises(OSError, match="No space"):
        door.writer.flush()
    assert door.ask("/three/") == ("200 OK", b"answer")
    monkeypatch.setattr(front.os, "write", real)
    assert [row[1] for row in fields(door)] == ["/one/", "/two/", "/three/"]


def test_what_waits_is_bounded(
    door: Front, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(front, "MOST", 3)
    for _ in range(5):
        door.ask()
    assert len(door.texts()) == 3
    assert "2 visits were not noted" in caplog.text


def test_where_nobody_reads_the_log_it_does_not_grow_for_ever(
    door: Front, caplog: pytest.LogCaptureFixture
) -> None:
    door.folder.mkdir()
    (door.folder / "20200101T00-1-a.log").write_text("")
    door.ask()
    assert door.texts() == []
    assert "nobody reads" in caplog.text


def test_a_fork_takes_nothing_along(tmp_path: Path) -> None:
    """A server loads the application once and forks: notes of before belong to the first process."""
    writer = LogWriter(tmp_path, Classes())
    counter = VisitCounter(
        lambda environ, start: start("200 OK", [("Content-Type", "text/html")]) or [b""], writer
    )
    counter(environ("/before/"), lambda *rest: None)
    child = os.fork()
    if child == 0:
        try:
            counter(environ("/child/"), lambda *rest: None)
            time.sleep(1.5)  # its own thread writes
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    writer.flush()
    paths = [
        text.split("\t")[2] for path in tmp_path.iterdir() for text in path.read_text().splitlines()
    ]
    assert sorted(paths) == ["/before/", "/child/"]


def test_it_is_mounted_as_the_settings_say(settings: Any) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        return []

    assert isinstance(with_visits_counted(app), VisitCounter)
    settings.VISITS_NGINX_LOG = "/var/log/nginx/visits.log"
    assert with_visits_counted(app) is app
    settings.VISITS_NGINX_LOG, settings.VISITS_COUNTED = "", False
    assert with_visits_counted(app) is app


# --- real servers ---------------------------------------------------------------------------------
APP = """
import os
from pathlib import Path
from portal.visits.front import LogWriter, VisitCounter
from portal.visits.lines import Classes

def answer(environ, start_response):
    body = b"%d" % os.getpid()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]

application = VisitCounter(answer, LogWriter(Path({folder!r}), Classes()))
"""


class Gunicorn:
    """Gunicorn as in production: loaded once, several processes, threads."""

    def __init__(self, folder: Path, workers: int = 3) -> None:
        self.folder, self.log = folder, folder / "visits"
        (folder / "counted_app.py").write_text(APP.format(folder=str(self.log)))
        self.socket = folder / "web.sock"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--chdir", str(folder), "--preload",
             "--workers", str(workers), "--worker-class", "gthread", "--threads", "4",
             "--bind", f"unix:{self.socket}", "--graceful-timeout", "5", "--log-level", "error",
             "counted_app:application"],
            env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        )  # fmt: skip

    def ask(self, path: str) -> str:
        """Which of the processes answered."""
        import socket

        deadline = time.monotonic() + 30
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as line:
                    line.settimeout(10)
                    line.connect(str(self.socket))
                    line.sendall(
                        f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: {BROWSER}\r\n"
                        "Connection: close\r\n\r\n".encode()
                    )
                    answer = b""
                    while piece := line.recv(65536):
                        answer += piece
                assert answer.startswith(b"HTTP/1.1 200")
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return answer.rpartition(b"\r\n\r\n")[2].decode()

    def counted(self) -> Counter[str]:
        return Counter(
            text.split("\t")[2]
            for path in self.log.glob("*.log")
            for text in path.read_text().splitlines()
        )

    def workers(self) -> set[str]:
        return {path.name.split("-")[1] for path in self.log.glob("*.log")}


def test_several_processes_and_threads_note_every_visit_once(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    server = Gunicorn(tmp_path)
    try:
        answering = [server.ask("/first/")]
        while len(set(answering)) < 2:  # on a busy machine one is there long before the others
            assert len(answering) < 10_000
            answering.append(server.ask("/first/"))
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: server.ask(f"/{number % 7}/"), range(210)))
    finally:
        server.process.terminate()
        assert server.process.wait(30) == 0  # what was not written yet is written at the end
    counted = server.counted()
    assert counted.pop("/first/") == len(answering)
    assert counted == Counter({f"/{number}/": 30 for number in range(7)})
    assert len(server.workers()) > 1


def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    server = Gunicorn(tmp_path, workers=1)
    try:
        for _ in range(20):
            server.ask("/early/")
        deadline = time.monotonic() + 20
        while server.counted()["/early/"] < 20:  # half a second, on a machine that has time
            assert time.monotonic() < deadline
            time.sleep(0.1)
        (pid,) = server.workers()
        os.kill(int(pid), signal.SIGKILL)
        server.ask("/late/")  # of the next process
    finally:
        server.process.terminate()
        server.process.wait(30)
    assert server.counted() == Counter({"/early/": 20, "/late/": 1})
    for path in server.log.glob("*.log"):
        assert all(parse(text) for text in path.read_text().splitlines())
