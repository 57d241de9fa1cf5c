"""nginx's log gives the same lines as the counter in the portal, once, over rotations and kills."""

import os
import random
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.visits.lines import Classes, parse
from portal.visits.models import AddressDay
from portal.visits.services import nginx_log
from portal.visits.services.nginx_log import (
    NginxLogError,
    line_of_nginx,
    nginx_configuration,
    take_log,
)
from portal.visits.services.scheduled import read_all
from tests.factories import World

from .traffic import BROWSER, HOST, PAD, PHONE, SPIDER, Front, lines_in

AT = 1_776_000_000.25


def nginx_line(path: str = "/yaowen/", **more: str) -> str:
    values = {
        "at": str(AT), "method": "GET", "host": HOST, "path": path, "status": "200",
        "type": "text/html; charset=utf-8", "referrer": "", "device": "desktop", "left_out": "",
    } | more  # fmt: skip
    return "\t".join(values.values()) + "\n"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VISITS_FOLDER = tmp_path / "visits"
    return tmp_path / "visits"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "visits.log"
    path.write_text("")
    return path


def add(log: Path, *lines: str) -> None:
    with log.open("a") as stream:
        stream.writelines(lines)


def taken(folder: Path) -> Counter[str]:
    return Counter(text.split("\t")[2] for path in folder.glob("*.log") for text in lines_in(path))


def test_a_line_of_nginx_becomes_a_line_of_the_portal() -> None:
    text = nginx_line("/%e6%96%b0/", referrer="www.baidu.com", device="phone").rstrip().encode()
    found = line_of_nginx(text + b"\t", Classes())
    assert found is not None
    assert found.text().split("\t")[1:] == [
        HOST, "/%E6%96%B0/", "200", "page", "search", "www.baidu.com", "phone\n",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"method": "POST"}, {"left_out": "1"}, {"device": ""}, {"status": "404"},
        {"type": "image/png"}, {"path": "/admin/"}, {"host": "-"},
    ],
)  # fmt: skip
def test_what_is_no_visit_is_passed_over(log: Path, folder: Path, more: dict[str, str]) -> None:
    add(log, nginx_line(**more))
    found = take_log(log)
    assert (found.counted, found.passed_over, found.unreadable) == (0, 1, 0)
    assert taken(folder) == Counter()


def test_what_is_not_in_the_format_is_told(log: Path, folder: Path) -> None:
    add(log, '203.0.113.9 - - [28/Nov/2026] "GET / HTTP/1.1" 200 12\n', nginx_line())
    found = take_log(log)
    assert (found.counted, found.unreadable) == (1, 1)


def test_reading_goes_on_behind_what_was_read(log: Path, folder: Path) -> None:
    add(log, nginx_line("/a/"), nginx_line("/b/")[:9])
    assert take_log(log).counted == 1
    add(log, nginx_line("/b/")[9:])
    assert take_log(log).counted == 1
    assert take_log(log).counted == 0
    assert taken(folder) == Counter({"/a/": 1, "/b/": 1})


def test_after_a_rotation_the_rest_of_the_old_file_is_read_first(log: Path, folder: Path) -> None:
    add(log, nginx_line("/a/"))
    take_log(log)
    add(log, nginx_line("/b/"))
    log.rename(log.with_name("visits.log.1"))
    log.write_text("")
    add(log, nginx_line("/c/"))
    assert take_log(log).counted == 2
    assert taken(folder) == Counter({"/a/": 1, "/b/": 1, "/c/": 1})
    assert take_log(log).counted == 0


def test_a_log_that_was_emptied_in_place_is_read_from_its_beginning(
    log: Path, folder: Path
) -> None:
    add(log, nginx_line("/a/"), nginx_line("/a/"))
    take_log(log)
    os.truncate(log, 0)
    add(log, nginx_line("/b/"))
    assert take_log(log).counted == 1
    # As long as before, and another one: told by its first line.
    os.truncate(log, 0)
    add(log, nginx_line("/c/", at=str(AT + 1)), nginx_line("/c/"), nginx_line("/c/"))
    assert take_log(log).counted == 3
    assert taken(folder) == Counter({"/a/": 2, "/b/": 1, "/c/": 3})


class Killed(BaseException):
    pass


def test_a_reading_that_is_killed_anywhere_gives_every_line_once(
    log: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nginx_log, "PORTION", 900)
    chance, sent = random.Random(3), Counter[str]()
    kills = 0
    for turn in range(60):
        for _ in range(chance.randrange(20)):
            path = f"/{chance.randrange(9)}/"
            sent[path] += 1
            add(log, nginx_line(path, at=str(AT + chance.randrange(9) * 3600)))
        if turn % 13 == 12:
            log.rename(log.with_name(f"visits.log.{turn}"))
            log.write_text("")
        with monkeypatch.context() as patch:
            if chance.random() < 0.5:
                step = chance.choice(["_remember", "_write"])
                real, behind = getattr(nginx_log._Reader, step), chance.random() < 0.5
                left = [chance.randrange(3)]

                def killed(
                    *args: Any, real: Any = real, behind: bool = behind, left: Any = left
                ) -> Any:
                    left[0] -= 1
                    if left[0] >= 0:
                        return real(*args)
                    if behind:
                        real(*args)
                    raise Killed

                patch.setattr(nginx_log._Reader, step, killed)
            try:
                take_log(log)
            except Killed:
                kills += 1
            else:
                continue
        take_log(log)  # before the next rotation takes the file away
    take_log(log)
    assert kills > 8
    assert taken(folder) == sent


def test_a_log_that_is_not_there_or_read_by_another_is_told(log: Path, folder: Path) -> None:
    with pytest.raises(NginxLogError, match="no file"):
        take_log(log.with_name("other.log"))
    with pytest.raises(CommandError, match="no file"):
        call_command("read_visits", "--nginx", str(log.with_name("other.log")))
    reader = nginx_log._Reader(log, folder)
    folder.mkdir()
    with reader._alone(), pytest.raises(NginxLogError, match="Another process"):
        take_log(log)


def test_the_schedule_reads_the_log_that_the_settings_name(
    world: World, log: Path, folder: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.VISITS_NGINX_LOG = str(log)
    add(log, nginx_line())
    read_all()
    assert AddressDay.objects.get().page_id == world.column.pk
    settings.VISITS_NGINX_LOG = str(log.with_name("gone.log"))
    read_all()
    assert "PORTAL_VISITS_NGINX_LOG" in caplog.text


# --- a real nginx ---------------------------------------------------------------------------------
_NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


class Nginx:
    """Answers everything with HTML, with the configuration that the command prints."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log, self.socket = folder, folder / "access.log", folder / "n.sock"
        made, _marker, _server = nginx_configuration().partition("# Into the server block")
        conf = folder / "nginx.conf"
        conf.write_text(f"""
            daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 2;
            events {{}}
            http {{
              client_body_temp_path {folder}/1; proxy_temp_path {folder}/2;
              fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
              {made}
              server {{
                listen unix:{self.socket};
                access_log {self.log} visits;
                default_type "text/html; charset=utf-8";
                location /json/ {{ default_type application/json; return 200 "x"; }}
                location /gone/ {{ return 404 "x"; }}
                location / {{ return 200 "x"; }}
              }}
            }}
        """)
        self.process = subprocess.Popen([_NGINX, "-c", str(conf), "-e", f"{folder}/error.log"])

    def ask(self, request: bytes) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as line:
                    line.settimeout(10)
                    line.connect(str(self.socket))
                    line.sendall(request)
                    while line.recv(65536):
                        pass
            except (FileNotFoundError, ConnectionRefusedError):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    server = Nginx(tmp_path)
    yield server
    server.stop()


def traffic() -> Iterator[tuple[str, dict[str, str]]]:
    """The same requests for both: (target with a query, headers by their names)."""
    yield from (
        ("/yaowen/?q=SecretQuestion", {}),
        ("/%E6%96%B0%E9%97%BB/", {"Referer": f"http://{HOST}/a?b"}),
        ("/a%20b/%09c/", {"Referer": "https://www.baidu.com/s?wd=SecretQuestion"}),
        ("/a/b.html", {"Referer": "HTTPS://Name:Pass@News.Example:99/private?x"}),
        ("/ref-in-numbers/", {"Referer": "https://198.51.100.7/x"}),
        ("/app/", {"Referer": "android-app://com.example/"}),
        ("/phone/", {"User-Agent": PHONE}),
        ("/pad/", {"User-Agent": PAD}),
        ("/tablet/", {"User-Agent": "Mozilla/5.0 (Linux; Android 14; X-T1) Chrome/140 Safari/5"}),
        ("/spider/", {"User-Agent": SPIDER}),
        ("/curl/", {"User-Agent": "curl/8"}),
        ("/nobody/", {"User-Agent": ""}),
        ("/ahead/", {"Sec-Purpose": "prefetch;anonymous-client-ip"}),
        ("/ahead/", {"Purpose": "prefetch"}),
        ("/frame/", {"Sec-Fetch-Dest": "iframe"}),
        ("/document/", {"Sec-Fetch-Dest": "document"}),
        ("/editor/", {"Cookie": "x=y; sessionid=abc"}),
        ("/visitor/", {"Cookie": "x=y"}),
        ("/admin/", {}),
        ("/documents/3/a.pdf", {}),
        ("/json/", {}),
        ("/gone/", {}),
        ("/port/", {"Host": "WWW.Yunhu.Example:8080"}),
        ("/" + "long/" * 120, {}),
    )


def test_both_ways_of_counting_agree_on_the_same_traffic(
    nginx: Nginx, tmp_path: Path, folder: Path
) -> None:
    from urllib.parse import unquote_to_bytes

    door = Front(tmp_path / "front")
    for target, more in traffic():
        headers = {"Host": HOST, "User-Agent": BROWSER, "Connection": "close"} | more
        text = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
        nginx.ask(f"GET {target} HTTP/1.1\r\n{text}\r\n".encode())
        path = target.partition("?")[0]
        door.status = "404 Not Found" if path == "/gone/" else "200 OK"
        door.content_type = "application/json" if path == "/json/" else "text/html"
        values = {
            f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()
        }
        door.ask(unquote_to_bytes(path).decode("latin-1"), **values)
    nginx.stop()
    found = take_log(nginx.log)
    assert found.unreadable == 0
    assert (folder / "visits").exists() is False
    by_nginx = [
        text.split("\t")[1:] for path in sorted(folder.glob("*.log")) for text in lines_in(path)
    ]
    by_portal = [text.split("\t")[1:] for text in door.texts()]
    assert sorted(by_nginx) == sorted(by_portal)
    assert len(by_portal) == 14
    # What nginx itself has written down.
    raw = nginx.log.read_bytes() + b"".join(path.read_bytes() for path in folder.glob("*.log"))
    for trace in (
        b"127.0.0.1",
        b"Secret",
        b"Mozilla",
        b"Chrome",
        b"Pass",
        b"private",
        b"abc",
        b"?",
    ):
        assert trace not in raw


def test_every_line_taken_is_read_back(log: Path, folder: Path) -> None:
    add(log, *(nginx_line(f"/{number}/") for number in range(5)))
    take_log(log)
    texts = [text for path in folder.glob("*.log") for text in lines_in(path)]
    assert len(texts) == 5
    assert all(parse(text) for text in texts)
