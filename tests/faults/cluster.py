"""A PostgreSQL server of the tests' own: one that may be stopped, killed and started again."""

import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.databases import TEMPLATES, fingerprint

PROJECT = Path(__file__).resolve().parents[2]
NAME = "portal"
KEPT = 2
_SETTINGS = "fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def _binaries() -> Path:
    """The newest PostgreSQL that is installed, else the one that comes with the tests' packages."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if installed:
        return installed[-1].parent
    from pgserver._commands import POSTGRES_BIN_PATH

    return Path(POSTGRES_BIN_PATH)


def _version(initdb: Path) -> int:
    return int(initdb.parts[-3])


class Cluster:
    """One server in a folder, on a free port of this machine.

    PostgreSQL refuses to run as root; then its files belong to another account.
    """

    def __init__(self, folder: Path) -> None:
        self.data = folder / "cluster"
        self.log = folder / "postgresql.log"
        self._binaries = _binaries()
        self._user = None
        if os.geteuid() == 0:
            self._user = next(name for name in ("postgres", "nobody") if _exists(name))
            folder.chmod(0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{NAME}"

    def create(self) -> None:
        self.data.mkdir()
        self._give(self.data)
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust",
                  "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip

    def start(self) -> None:
        self.log.touch()
        self._give(self.log)
        self._run("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-o",
                  f"-p {self.port} -h 127.0.0.1 -k '' -c {_SETTINGS}", "start")  # fmt: skip

    def stop(self) -> None:
        """At once, as when a machine is switched off: connections are cut in the middle."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def freeze(self) -> None:
        """It takes connections but never answers: a machine whose disk hangs."""
        os.kill(self._pid(), signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._pid(), signal.SIGCONT)

    def is_running(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def psql(self, statement: str, database: str = "postgres") -> None:
        import psycopg

        url = f"postgres://postgres@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def _pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def _give(self, path: Path) -> None:
        if self._user is not None:
            shutil.chown(path, self._user)

    def _run(self, program: str, *arguments: str) -> None:
        # To a file: the server inherits what it writes to, and a pipe would stay open with it.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [str(self._binaries / program), *arguments],
                user=self._user, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                check=False,
            )  # fmt: skip
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program}: {said.read()}")


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


@contextmanager
def running(folder: Path, environ: Mapping[str, str]) -> Iterator[Cluster]:
    """A server with the tables of the portal and one empty site, from a template made once.

    Args:
        folder: for the server's files.
        environ: of the portal's commands that make the template.
    """
    template = TEMPLATES / f"{fingerprint()}.cluster"
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with (TEMPLATES / "cluster.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.is_dir():
            _build(template, environ)
        others = {path for path in TEMPLATES.glob("*.cluster") if path != template}
        for old in sorted(others, key=lambda path: path.stat().st_mtime)[: -(KEPT - 1)]:
            shutil.rmtree(old, ignore_errors=True)
    cluster = Cluster(folder)
    subprocess.run(["cp", "-a", str(template), str(cluster.data)], check=True)
    cluster.start()
    try:
        yield cluster
    finally:
        if cluster.is_running():
            cluster.stop()


def _build(target: Path, environ: Mapping[str, str]) -> None:
    sys.stderr.write(
        "A PostgreSQL server of the fault tests is filled; once for these migrations.\n"
    )
    with tempfile.TemporaryDirectory(prefix="portal-cluster-") as name:
        cluster = Cluster(Path(name))
        cluster.create()
        cluster.start()
        try:
            cluster.psql(f"CREATE DATABASE {NAME}")
            for command in (
                ["migrate", "--no-input"],
                ["provision_roles"],
                [
                    "create_portal",
                    "--name",
                    "云湖市人民政府",
                    "--code",
                    "yunhu",
                    "--host",
                    "localhost",
                ],
            ):
                done = subprocess.run(
                    [sys.executable, "-m", "portal", *command],
                    cwd=PROJECT,
                    env={**environ, "DATABASE_URL": cluster.url},
                    capture_output=True,
                    text=True,
                    check=False,
                )
                if done.returncode:
                    raise RuntimeError(f"portal {command[0]}:\n{done.stdout}{done.stderr}")
        finally:
            # In order: the template needs no recovery.
            cluster._run("pg_ctl", "-D", str(cluster.data), "-m", "fast", "-w", "stop")
        beside = target.with_suffix(f".{os.getpid()}")
        subprocess.run(["cp", "-a", str(cluster.data), str(beside)], check=True)
        beside.rename(target)
