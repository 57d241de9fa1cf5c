"""Finished pages: by the portal's own front, and by nginx with the sample of ``deploy/nginx``.

Beside them what they are compared with: hello, WhiteNoise and nginx with a file of the same size.
"""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from .bars import Judgement
from .measure import Measurement
from .servers import ROOT, Server, ServerFailed

SAMPLE = ROOT / "deploy" / "nginx"
# What is compared with what, and how much more of the first there may be for one of the second.
BARS = (
    ("static file", "stored page", "WhiteNoise ÷ stored page, requests/s", 1 / 1.1),
    ("hello", "stored page", "hello ÷ stored page, requests/s", 1 / 0.85),
    ("nginx, static file", "nginx, stored page", "nginx: static file ÷ stored page", 1 / 0.9),
)
NEEDLESS = 0.05


def judge_store(subject: str, loads: Mapping[str, Measurement]) -> list[Judgement]:
    """Compare the loads that were measured together."""
    return [
        Judgement(
            f"{stored}, {subject}",
            title,
            loads[reference].requests_per_second / loads[stored].requests_per_second,
            bar,
        )
        for reference, stored, title, bar in BARS
        if reference in loads and stored in loads
    ]


def judge_exact(subject: str, seen: Mapping[str, Any]) -> list[Judgement]:
    """Compare what ``exact`` measured: pages that went out of the store beside those that changed."""
    judgements = []
    for name, figures in seen.get("changes", {}).items():
        where = f"one page {name} among {seen['pages']:,}, {subject}"
        needless = figures["needless"] / max(1, figures["changed"])
        judgements += [
            Judgement(where, "changed and still stored", figures["missed"], 0),
            Judgement(where, "taken out needlessly ÷ changed", needless, NEEDLESS),
        ]
    return judgements


def follow(server: Server) -> None:
    """Have the store begin: it keeps pages from the first request on that may have changed some."""
    _ask(server.port, "POST", "/api/")


def is_stored(data: Path, path: str) -> bool:
    return (data / "pages" / "live" / "127.0.0.1" / path.strip("/") / "index.html").is_file()


def _ask(port: int, method: str, path: str) -> None:
    headers = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}
    request = Request(f"http://127.0.0.1:{port}{path}", method=method, headers=headers)
    try:
        urlopen(request, timeout=60).close()
    except OSError as error:
        if not hasattr(error, "code"):  # any answer will do
            raise


def has_nginx() -> bool:
    return shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/sbin") is not None


@contextmanager
def nginx(folder: Path, data: Path, portal: Server, size: int) -> Iterator[Server]:
    """The sample without TLS, before the portal; ``/static/page.html`` has ``size`` bytes.

    Raises:
        ServerFailed: it does not start.
    """
    folder.mkdir(exist_ok=True)
    (folder / "snippets").mkdir(exist_ok=True)
    for name in ("portal-headers.conf", "portal-proxy.conf"):
        shutil.copy(SAMPLE / name, folder / "snippets" / name)
    (data / "static" / "page.html").write_bytes(b"x" * size)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    text = (SAMPLE / "portal.conf").read_text(encoding="utf-8")
    upstream, server = (
        text[: text.index("server {\n    listen 80")],
        text[text.rindex("\nserver {") :],
    )
    server = re.sub(r" *(listen \[::\]|ssl_)[^;]*;", "", server)
    server = server.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    server = server.replace("server_name www.example.gov.cn;", "server_name 127.0.0.1;")
    upstream = upstream.replace("127.0.0.1:8000", f"127.0.0.1:{portal.port}")
    server = server.replace("/var/lib/portal", str(data))
    (folder / "portal.conf").write_text(upstream + server)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; "
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if Path.home() == Path('/root') else ''} daemon off; worker_processes 2;"
        f" pid {folder}/nginx.pid; error_log {folder}/error.log; events {{ }} http {{"
        " include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on;"
        f" {temporary} include {SAMPLE}/portal-maps.conf; include {folder}/portal.conf; }}"
    )
    command = ["/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else "nginx"]
    process = subprocess.Popen([*command, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        ends = time.monotonic() + 20
        while time.monotonic() < ends and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise ServerFailed(f"nginx did not start\n{(folder / 'error.log').read_text()}")
        yield Server(name="nginx", port=port, pid=process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)
