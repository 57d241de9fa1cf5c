"""The sample of ``deploy/nginx`` in a real nginx: who answers what, with and without the portal."""

import datetime
import gzip
import http.client
import http.server
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from portal.publishing import front
from portal.publishing.store import apart, layout
from portal.publishing.store.files import Files, Finished

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = PROJECT / "deploy" / "nginx"
HOST = "www.example.gov.cn"
PAGE = "<!DOCTYPE html><title>新闻</title>" + "<p>云湖市新闻</p>" * 100


class Portal(http.server.BaseHTTPRequestHandler):
    """Stands in for the portal: says what it was asked, and how."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        status = int(self.headers.get("X-Wanted", "200"))
        told = {"path": self.path, "method": self.command, "headers": dict(self.headers.items())}
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-From", "portal")
        self.send_header("Connection", "close")  # down means down: no line stays open
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815 - names of the library

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_from_portal(self) -> bool:
        return self.headers.get("x-from") == "portal"

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Nginx:
    """The sample with other ports and folders, nothing else changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port, self.plain_port, self.portal_port = free_ports(3)
        self.files = Files(self.data / layout.FOLDER)
        self.portal: http.server.ThreadingHTTPServer | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def configure(self) -> Path:
        for name in ("static", "media", "media/documents"):
            (self.data / name).mkdir(parents=True)
        (self.folder / "logs").mkdir()
        snippets = self.folder / "snippets"
        snippets.mkdir()
        certificate(self.folder)
        shutil.copy(SAMPLE / "away.html", self.folder / "away.html")
        for name in ("portal-headers.conf", "portal-proxy.conf"):
            shutil.copy(SAMPLE / name, snippets / name)
        text = (SAMPLE / "portal.conf").read_text(encoding="utf-8")
        changes = {
            r"listen \[::\].*;": "",
            r"listen 80 default_server;": f"listen 127.0.0.1:{self.plain_port} default_server;",
            r"listen 443 (.*);": rf"listen 127.0.0.1:{self.port} \1;",
            r"127\.0\.0\.1:8000": f"127.0.0.1:{self.portal_port}",
            r"/etc/ssl/portal/": f"{self.folder}/",
            r"/var/lib/portal/": f"{self.data}/",
            r"/var/lib/portal(?=/pages;)": f"{self.data}",
            r"/var/www/portal/": f"{self.folder}/",
        }
        for before, after in changes.items():
            text = re.sub(before, after, text)
        assert "/var/" not in re.sub(r"#.*", "", text).replace(str(self.folder), "")
        (self.folder / "portal.conf").write_text(text)
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = self.folder / "nginx.conf"
        main.write_text(
            f"""
            {"user root;" if Path.home() == Path("/root") else ""}
            daemon off; master_process on; worker_processes 1;
            pid {self.folder}/nginx.pid; error_log {self.folder}/logs/error.log info;
            events {{ worker_connections 256; }}
            http {{
                include /etc/nginx/mime.types; default_type application/octet-stream;
                access_log {self.folder}/logs/access.log; gzip on; {temporary}
                include {SAMPLE}/portal-maps.conf; include {self.folder}/portal.conf;
            }}
            """
        )
        return main

    def start(self) -> None:
        main = self.configure()
        check = subprocess.run(
            ["nginx", "-t", "-c", str(main)], capture_output=True, text=True, check=False
        )
        assert check.returncode == 0, check.stderr
        assert "[warn]" not in check.stderr, check.stderr
        self._process = subprocess.Popen(["nginx", "-c", str(main)], stderr=subprocess.DEVNULL)
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError((self.folder / "logs" / "error.log").read_text())

    def stop(self) -> None:
        self.portal_down()
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)

    def portal_up(self) -> None:
        if self.portal is None:
            http.server.ThreadingHTTPServer.allow_reuse_address = True
            self.portal = http.server.ThreadingHTTPServer(("127.0.0.1", self.portal_port), Portal)
            self.portal.daemon_threads = True
            threading.Thread(target=self.portal.serve_forever, daemon=True).start()

    def portal_down(self) -> None:
        if self.portal is not None:
            self.portal.shutdown()
            self.portal.server_close()
            self.portal = None

    def store(self, path: str, html: str = PAGE, *, host: str = HOST, apart: bool = False) -> Path:
        """A finished page, as the portal puts it."""
        folder = layout.relative_folder(host, path)
        assert folder is not None
        self.files.write(folder, Finished(html.encode(), (), is_apart=apart))
        return self.files.live / folder

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        host: str = HOST,
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=20, context=context
        )
        # By name, as a browser does: nginx chooses its server by it.
        connection.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), 20), server_hostname=host
        )
        try:
            connection.request(method, path, body=body, headers={"Host": host, **named})
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, content)


def free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    found = Nginx(tmp_path_factory.mktemp("nginx"))
    found.start()
    yield found
    found.stop()


@pytest.fixture
def nginx(served: Nginx) -> Nginx:
    """With the portal behind it, and an empty store."""
    served.files.switch()
    served.files.sweep()
    served.portal_up()
    return served


def headers_of_sample() -> dict[str, str]:
    text = (SAMPLE / "portal-headers.conf").read_text(encoding="utf-8")
    return dict(re.findall(r'^add_header ([\w-]+) "([^"]*)" always;$', text, re.MULTILINE))


def has_headers(answer: Answer) -> bool:
    wanted = {name.lower(): value for name, value in headers_of_sample().items()}
    return wanted.items() <= answer.headers.items()


# --- finished pages -------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/", "/news/", "/zh-hant/news/", "/en/", "/新闻/"])
def test_a_finished_page_is_sent_by_nginx(nginx: Nginx, path: str) -> None:
    from urllib.parse import quote

    nginx.store(path)
    answer = nginx.ask(quote(path))
    assert answer.status == 200
    assert not answer.is_from_portal
    assert answer.body.decode() == PAGE
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert has_headers(answer)
    assert nginx.ask(quote(path), "HEAD").headers["content-length"] == str(len(PAGE.encode()))


def test_packed_and_unchanged(nginx: Nginx) -> None:
    nginx.store("/news/")
    packed = nginx.ask("/news/", Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body).decode() == PAGE
    assert "accept-encoding" in packed.headers["vary"].lower()
    unchanged = nginx.ask("/news/", If_None_Match=packed.headers["etag"], Accept_Encoding="gzip")
    assert unchanged.status == 304


@pytest.mark.parametrize(
    ("path", "tag"),
    [("/", settings.LANGUAGE_CODE), ("/zh-hant/", "zh-Hant"), ("/endings/", settings.LANGUAGE_CODE)]
    + [
        (f"/{code}/x/", code)
        for code, _name in settings.LANGUAGES
        if code != settings.LANGUAGE_CODE
    ],
)
def test_the_language_is_that_of_the_address(nginx: Nginx, path: str, tag: str) -> None:
    nginx.store(path)
    assert nginx.ask(path).headers["content-language"] == tag
    assert apart.language_of(path) == tag


def test_a_page_that_was_taken_out_is_asked_for_at_once(nginx: Nginx) -> None:
    nginx.store("/news/")
    nginx.store("/other/")
    assert not nginx.ask("/news/").is_from_portal
    nginx.files.remove(f"{HOST}/news")
    assert nginx.ask("/news/").is_from_portal
    assert not nginx.ask("/other/").is_from_portal
    nginx.files.switch()  # all of them, in one step
    assert nginx.ask("/other/").is_from_portal


def test_each_host_has_its_own(nginx: Nginx) -> None:
    nginx.store("/news/", host="elsewhere.example.gov.cn")
    assert nginx.ask("/news/").is_from_portal


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/news/?page=2", "GET", {}),
        ("/news/?print", "GET", {}),
        ("/news/", "POST", {}),
        ("/news/", "GET", {"Cookie": "sessionid=abc"}),
        ("/news/", "GET", {"Cookie": "a=b; portal_preferences=x"}),
        ("/news/", "GET", {"Authorization": "Bearer x"}),
        ("/news", "GET", {}),
        ("/admin/", "GET", {}),
        ("/api/v1/columns", "GET", {}),
        ("/robots.txt", "GET", {}),
    ],
)
def test_the_portal_answers_what_is_not_for_everybody(
    nginx: Nginx, path: str, method: str, headers: dict[str, str]
) -> None:
    for stored in ("/news/", "/admin/"):
        nginx.store(stored)
    answer = nginx.ask(path, method, **headers)
    assert answer.is_from_portal
    assert (answer.told["path"], answer.told["method"]) == (path, method)


def test_other_cookies_change_nothing(nginx: Nginx) -> None:
    nginx.store("/news/")
    assert not nginx.ask("/news/", Cookie="csrftoken=a; theme=dark").is_from_portal


def test_the_rules_are_those_of_the_front() -> None:
    [cookies] = re.findall(r'"~\(([^)]*)\)" "1"', (SAMPLE / "portal-maps.conf").read_text())
    assert set(cookies.split("|")) == set(front.PERSONAL_COOKIES)


def test_a_page_with_headers_of_its_own_is_sent_by_the_portal(nginx: Nginx) -> None:
    nginx.store("/news/", apart=True)
    assert nginx.ask("/news/").is_from_portal
    nginx.store("/news/")  # it has none any more
    assert not nginx.ask("/news/").is_from_portal


# --- what is never sent ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "/.index.json",
        "/news/.index.json",
        "/news/.apart",
        "/.git/config",
        "/media/.hidden",
        "/static/.env",
        "/media/documents/a.pdf",
        "/news/%2e%2e/.index.json",
        "/static../portal.sqlite3",
        "/media/%2e%2e/portal.sqlite3",
        "/static/..%2fportal.sqlite3",
    ],
)
def test_hidden_files_and_the_data_folder_stay_where_they_are(nginx: Nginx, path: str) -> None:
    nginx.store("/")
    nginx.store("/news/", apart=True)
    for name in ("media/.hidden", "static/.env", "media/documents/a.pdf", "portal.sqlite3"):
        (nginx.data / name).write_text("secret")
    answer = nginx.ask(path)
    assert b"secret" not in answer.body
    assert b'"headers": []' not in answer.body
    assert answer.status == 404 or answer.is_from_portal


def test_a_name_that_is_not_ours_gets_no_answer(nginx: Nginx) -> None:
    with pytest.raises(ssl.SSLError):
        nginx.ask("/", host="elsewhere.example.org")


def test_files_have_their_headers(nginx: Nginx) -> None:
    (nginx.data / "static" / "a.0123.css").write_text("body{}")
    (nginx.data / "media" / "a.webp").write_text("picture")
    style, picture = nginx.ask("/static/a.0123.css"), nginx.ask("/media/a.webp")
    assert style.headers["access-control-allow-origin"] == "*"
    assert "max-age=315360000" in style.headers["cache-control"]
    assert picture.headers["content-disposition"] == "inline"
    assert has_headers(style)
    assert has_headers(picture)


# --- what the portal is told ----------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/x", "/x/", "/admin/", "/api/v1/a", "/shared-preview/a/"])
def test_nobody_says_who_he_is_himself(nginx: Nginx, path: str) -> None:
    forged = {
        "X_Forwarded_For": "203.0.113.9",
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Host": "evil.example",
        "Forwarded": "for=203.0.113.9",
    }
    told = nginx.ask(path, **forged).told["headers"]
    assert told["Host"] == HOST
    assert told["X-Forwarded-For"] == "127.0.0.1"
    assert told["X-Forwarded-Proto"] == "https"
    assert "X-Forwarded-Host" not in told
    assert "Forwarded" not in told


@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [("/letters/write/", 55, 200), ("/letters/write/", 62, 413), ("/api/v1/a", 5, 413),
     ("/admin/media/", 70, 200)],
)  # fmt: skip
def test_sizes_are_limited_by_place(nginx: Nginx, path: str, megabytes: int, status: int) -> None:
    body = b"x" * megabytes * 1024 * 1024
    try:
        answer = nginx.ask(path, "POST", body=body)
    except (BrokenPipeError, ConnectionResetError):
        assert status == 413  # nginx answers and hangs up before all is sent
        return
    assert answer.status == status


def test_errors_of_the_portal_are_its_own(nginx: Nginx) -> None:
    answer = nginx.ask("/x/", X_Wanted="503")
    assert answer.is_from_portal
    assert answer.status == 503


# --- without the portal ---------------------------------------------------------------------------
def test_finished_pages_are_read_on_and_the_rest_is_told(nginx: Nginx) -> None:
    nginx.store("/news/")
    nginx.portal_down()
    assert nginx.ask("/news/").status == 200
    for method, path in (("GET", "/other/"), ("GET", "/news/?a=b"), ("POST", "/letters/write/"),
                         ("GET", "/admin/")):  # fmt: skip
        answer = nginx.ask(path, method)
        assert answer.status == 503
        assert answer.headers["retry-after"] == "30"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert has_headers(answer)
        assert answer.body == (SAMPLE / "away.html").read_bytes()
    problem = nginx.ask("/api/v1/columns")
    assert problem.status == 503
    assert problem.headers["content-type"] == "application/problem+json"
    assert json.loads(problem.body)["status"] == 503
    assert nginx.ask("/portal-away/away.html").status in (404, 503)
    nginx.portal_up()
    assert nginx.ask("/other/").is_from_portal


def test_the_page_without_the_portal_speaks_each_language() -> None:
    text = (SAMPLE / "away.html").read_text(encoding="utf-8")
    wanted = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    assert wanted <= set(re.findall(r'<p lang="(\w+)"', text))
    assert "<style" not in text
    assert "<script" not in text
