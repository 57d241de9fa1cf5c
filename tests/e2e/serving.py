"""A served demo city: made once for each state of the code, copied for each run.

Loading the demo takes most of a minute, so the loaded data folder is kept under a name made from
everything that it depends on. The server is a process of its own with its own copy, as after
``make run``: no dummy plugin, no settings of the test suite.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATES = REPOSITORY / "var" / "test_demo"
KEPT_TEMPLATES = 2
SETTINGS = "tests.e2e.server_settings"
START_SECONDS = 120


@dataclass(frozen=True)
class Portal:
    """A running portal: its address, and the passwords of the demo accounts."""

    url: str
    passwords: dict[str, str]
    data: Path

    def at(self, path: str) -> str:
        return self.url + path

    @property
    def port(self) -> str:
        return self.url.rpartition(":")[2]

    def host(self, name: str) -> str:
        """The address of a sub-site with a host name of its own."""
        return f"http://{name}:{self.port}"


@contextlib.contextmanager
def serve_demo() -> Iterator[Portal]:
    with tempfile.TemporaryDirectory(prefix="portal-e2e-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(demo_template(), data)
        accounts = json.loads((data / "demo_accounts.json").read_text(encoding="utf-8"))
        # The server inherits a socket that listens already: no port to guess, nothing to poll.
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://localhost:{listening.getsockname()[1]}"
            environ = environment(data) | {"PORTAL_BASE_URL": url, "WEB_CONCURRENCY": "1"}
            with (Path(folder) / "server.log").open("w+") as log:
                server = subprocess.Popen(
                    [
                        *(sys.executable, "-m", "gunicorn"),
                        *("--config", "python:portal.gunicorn_conf"),
                        *("--bind", f"fd://{listening.fileno()}", "portal.wsgi:application"),
                    ],
                    cwd=REPOSITORY,
                    env=environ,
                    pass_fds=[listening.fileno()],
                    stdout=log,
                    stderr=log,
                )
                try:
                    _wait_for_answer(url, log.name)
                    passwords = {row["username"]: row["password"] for row in accounts}
                    yield Portal(url, passwords, data)
                finally:
                    server.terminate()
                    server.wait(timeout=30)


def _wait_for_answer(url: str, log: str) -> None:
    try:
        urlopen(f"{url}/healthz", timeout=START_SECONDS).close()
    except OSError as error:
        said = Path(log).read_text(encoding="utf-8")
        raise RuntimeError(f"The server does not answer ({error}). It said:\n{said}") from error


def environment(data: Path) -> dict[str, str]:
    """The surroundings of a person who types ``make run``, not those of the test suite."""
    foreign = ("PORTAL_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "PYTHONPATH", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"PORTAL_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": SETTINGS}


# --- the loaded demo ------------------------------------------------------------------------------
def demo_template() -> Path:
    """A data folder with the demo loaded; made when the code it depends on has changed."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    target = TEMPLATES / _fingerprint()
    with (TEMPLATES / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            _build(target)
        target.touch()  # the age tells which templates are out of use
        others = sorted(
            (path for path in TEMPLATES.iterdir() if path.is_dir() and path != target),
            key=lambda path: path.stat().st_mtime,
        )
        for old in others[: -(KEPT_TEMPLATES - 1)]:
            shutil.rmtree(old, ignore_errors=True)
    return target


@contextlib.contextmanager
def reading_demo() -> Iterator[sqlite3.Connection]:
    """The database of the loaded demo, to be read only."""
    address = f"file:{demo_template()}/portal.sqlite3?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
        yield database


def _build(target: Path) -> None:
    sys.stderr.write("The demo city is loaded for the browser tests; once for this code.\n")
    with tempfile.TemporaryDirectory(dir=TEMPLATES, prefix="building-") as building:
        data = Path(building) / "data"
        for command in (
            ["compile_messages"],
            ["migrate", "--no-input"],
            ["load_demo"],
            ["update_index"],
        ):
            done = subprocess.run(
                [sys.executable, "-m", "portal", *command],
                cwd=REPOSITORY,
                env=environment(data),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"portal {command[0]} failed:\n{done.stdout}{done.stderr}")
            (data / f"{command[0]}.log").write_text(done.stdout + done.stderr, encoding="utf-8")
        data.rename(target)


def _fingerprint() -> str:
    """Of all that the loaded demo is made from: code, demo data, messages, versions."""
    paths = [
        path
        for path in (REPOSITORY / "portal").rglob("*")
        if path.is_file() and not {"templates", "static", "__pycache__"}.intersection(path.parts)
    ]
    plugin = REPOSITORY / "assistant" / "portal_plugin"
    paths += [*(plugin / "migrations").glob("*.py"), *(plugin / "demo").rglob("*.*")]
    paths += (REPOSITORY / "locales").rglob("*.po")
    paths += [REPOSITORY / "requirements" / "full.txt", Path(__file__)]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(REPOSITORY)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
