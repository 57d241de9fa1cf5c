"""The portal under test: a throwaway installation with production settings."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .databases import BenchDatabase
from .servers import ROOT, Server, gunicorn

SEED = 2026
# What a developer's shell may hold and a measurement must not depend on.
_FOREIGN_VARIABLES = (
    "REDIS_URL",
    "RASA_URL",
    "OPENSEARCH_URL",
    "DJANGO_SETTINGS_MODULE",
)


class PortalFailed(Exception):
    """A command of the portal failed; the message holds the end of its output."""


@dataclass(frozen=True, slots=True)
class Portal:
    """An installation in ``directory`` on ``database``.

    The content is made under the development settings, where no operators must be named; what is
    measured runs under ``PORTAL_ENV=production``.
    """

    directory: Path
    database: BenchDatabase
    secret: str

    @classmethod
    def in_directory(cls, directory: Path, database: BenchDatabase) -> "Portal":
        return cls(directory=directory, database=database, secret=secrets.token_urlsafe(50))

    def environment(self, kind: str) -> dict[str, str]:
        """The variables of the portal's processes, on top of the usual ones."""
        inherited = {k: v for k, v in os.environ.items() if k not in _FOREIGN_VARIABLES}
        return inherited | {
            "PORTAL_ENV": kind,
            "PORTAL_SECRET_KEY": self.secret,
            "PORTAL_ALLOWED_HOSTS": "127.0.0.1,testserver",
            "PORTAL_BASE_URL": "https://127.0.0.1",
            "PORTAL_DATA_DIR": str(self.directory / "data"),
            "PORTAL_SERVE_MEDIA": "1",  # as the web server in front would: pictures are measured
            "DATABASE_URL": self.database.url,
            "PORTAL_PAGE_STORE": "0",  # pages are measured as they are rendered
        }

    def prepare(self, say: Callable[[str], None]) -> None:
        """Tables, static files and the demo city."""
        say(f"{self.database.version}: tables, static files, demo content")
        self._command("dev", "compile_messages")
        self._command("dev", "migrate", "--verbosity", "0")
        self._command("production", "collectstatic", "--noinput", "--verbosity", "0")
        self._command("dev", "load_demo")

    def fill(self, articles: int, say: Callable[[str], None]) -> float:
        """Bring the number of synthetic articles to ``articles``; return the seconds it took."""
        say(f"{self.database.version}: {articles:,} synthetic articles")
        started = time.monotonic()
        self._command("dev", "generate_content", "--articles", str(articles), "--seed", str(SEED))
        seconds = time.monotonic() - started
        self.database.settle()
        # Content that is made in bulk tells nobody of itself.
        self._command("dev", "rebuild_index", "search")
        return seconds

    def inspect(self, *parts: str) -> dict[str, Any]:
        """Ask a process with the portal loaded (see ``inprocess``); return its answer."""
        output = self._run(
            "production", [sys.executable, "-m", "tests.benchmarks.inprocess", *parts]
        )
        answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        return answer

    def import_policies(self, documents: int) -> dict[str, Any]:
        """Bring in documents (see ``policies``), with few and with ``documents`` in the library."""
        output = self._run(
            "dev", [sys.executable, "-m", "tests.benchmarks.policies", str(documents)]
        )
        answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        return answer

    def translate(self, pages: int) -> dict[str, Any]:
        """The boards of foreign sections (see ``foreign``) with so many core pages in each."""
        output = self._run(
            "production", [sys.executable, "-m", "tests.benchmarks.foreign", str(pages)]
        )
        answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        return answer

    def ask_with_letters(self, few: int, many: int) -> dict[str, Any]:
        """Every screen of letters, guides and taking part (see ``letters``), in two worlds."""
        command = [sys.executable, "-m", "tests.benchmarks.letters", str(few), str(many)]
        answer: dict[str, Any] = json.loads(self._run("production", command).splitlines()[-1])
        return answer

    def find_answers(self, *entries: int) -> dict[str, dict[str, float]]:
        """Ask the assistant's index (see ``retrieval``) with so many entries, one after another."""
        command = [sys.executable, "-m", "tests.benchmarks.retrieval", *map(str, entries)]
        output = self._run("dev", command)
        answer: dict[str, dict[str, float]] = json.loads(output.strip().splitlines()[-1])
        return answer

    def search_documents(self, *numbers: int) -> dict[str, Any]:
        """Ask the search engine (see ``search_engine``) with so many documents each."""
        command = [sys.executable, "-m", "tests.benchmarks.search_engine", *map(str, numbers)]
        output = self._run("dev", command)
        answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        return answer

    def time_changes(self, number: int) -> dict[str, Any]:
        """Publish and withdraw pages, and wait for the index (see ``freshness``)."""
        command = [sys.executable, "-m", "tests.benchmarks.freshness", str(number)]
        output = self._run("dev", command)
        answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        return answer

    def publish_among(self, pages: int) -> dict[str, Any]:
        """What one published change takes out of so many stored pages (see ``exact``)."""
        command = [sys.executable, "-m", "tests.benchmarks.exact", str(pages)]
        output = self._run("production", command, {"PORTAL_PAGE_STORE": "1"})
        answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        return answer

    def suggest_names(self, number: int) -> dict[str, Any]:
        """Begin, misspell and mean names (see ``suggest``) among so many titles."""
        command = [sys.executable, "-m", "tests.benchmarks.suggest", str(number)]
        output = self._run("dev", command)
        answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        return answer

    @contextmanager
    def serve(self, probe: str, *, https: bool = True, store: bool = False) -> Iterator[Server]:
        """The portal under gunicorn; ``probe`` is an address that must answer 200.

        Without ``https`` as where nothing in front ends it: a browser can sign in. With ``store``
        finished pages are kept and served.
        """
        environment = self.environment("production")
        if store:
            environment |= {"PORTAL_PAGE_STORE": "1"}
        if not https:
            environment |= {"PORTAL_BASE_URL": "http://127.0.0.1"}
        with gunicorn(
            f"portal-{self.database.vendor}",
            "portal.wsgi:application",
            directory=ROOT,
            log_directory=self.directory,
            probe=probe,
            environment=environment,
        ) as server:
            yield server

    def _command(self, kind: str, *arguments: str) -> None:
        self._run(kind, [sys.executable, "-m", "portal", *arguments])

    def _run(self, kind: str, command: list[str], more: Mapping[str, str] | None = None) -> str:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(kind) | dict(more or {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            tail = (done.stdout + done.stderr)[-3000:]
            raise PortalFailed(f"{' '.join(command[1:])} ended with {done.returncode}\n{tail}")
        return done.stdout
