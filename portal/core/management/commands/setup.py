"""``portal setup``: brings messages, database, static files and demo content up to date."""

import hashlib
import io
import json
import os
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from portal import setup_stamp
from portal.core import provisioning
from portal.core.models import SiteRecord
from portal.supervisor.paths import RUN_FOLDER


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to bring up to date.

    Attributes:
        title: what the person at the console reads.
        needed: whether there is anything to do; cheap.
        action: does it. Doing it twice does no harm.
        advice: what to do when it fails.
    """

    title: str
    needed: Callable[[], bool]
    action: Callable[[], object]
    advice: str


class Command(BaseCommand):
    help = (
        "Bring this installation up to date: message catalogues, database tables, rights of roles, "
        "static files and (outside production, once) the demo content. Does only what is needed; "
        "run it again after a failure and it goes on from there."
    )
    # The checks look into the database, which is made here.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave the demo content out")
        parser.add_argument("--force", action="store_true", help="do every step again")

    def handle(self, *args: Any, **options: Any) -> None:
        self._demo = not options["no_demo"] and not _is_production()
        for step in self._steps():
            if options["force"] or self._is_needed(step):
                self._carry_out(step, traceback=options["traceback"])
        if not options["no_demo"]:  # else the next set-up would take the demo for loaded
            setup_stamp.write()

    def _steps(self) -> Iterator[Step]:
        yield Step(
            "message catalogues",
            lambda: True,  # the command itself compares times
            lambda: call_command("compile_messages", verbosity=0),
            "Correct the file that is named above, or restore it: git checkout locales",
        )
        yield Step(
            "database",
            lambda: bool(_pending_migrations()),
            self._migrate,
            "Does the database answer, and may this account create tables? DATABASE_URL says "
            "which one it is (default: var/portal.sqlite3).",
        )
        yield Step(
            "rights of the roles",
            provisioning.is_outdated,
            lambda: call_command("provision_roles", verbosity=0),
            "Groups are as they were. Try it alone: .venv/bin/portal provision_roles",
        )
        yield Step(
            "static files",
            self._is_static_outdated,
            self._collect_static,
            "Is there room on the disk, and may this account write to var/static?",
        )
        if self._demo:
            yield Step(
                "demo content",
                self._demo_is_missing,
                self._load_demo,
                "To start without it: .venv/bin/portal setup --no-demo",
            )

    def _is_needed(self, step: Step) -> bool:
        try:
            return step.needed()
        except Exception as error:
            raise self._failure(step, error) from error

    def _carry_out(self, step: Step, *, traceback: bool) -> None:
        started = time.monotonic()
        if step.title != "message catalogues":
            self.stdout.write(f"==> {step.title} …")
            self.stdout.flush()
        try:
            step.action()
        except Exception as error:
            if traceback:
                raise
            raise self._failure(step, error) from error
        if (seconds := time.monotonic() - started) > 0.2:
            self.stdout.write(f"    {step.title}: {seconds:.1f} s")

    @staticmethod
    def _failure(step: Step, error: Exception) -> CommandError:
        reason = str(error).strip() or type(error).__name__
        return CommandError(
            f"The set-up stopped at '{step.title}': {reason}\n{step.advice}\n"
            "The next run goes on from here (portal setup --traceback tells more)."
        )

    # --- database ------------------------------------------------------------------------------
    def _migrate(self) -> None:
        progress = MigrationProgress(self.stdout, _pending_migrations())
        call_command("migrate", interactive=False, skip_checks=True, stdout=progress)

    # --- static files --------------------------------------------------------------------------
    @staticmethod
    def _is_static_outdated() -> bool:
        return (
            not Path(settings.STATIC_ROOT).is_dir() or _read_stamp("static") != static_fingerprint()
        )

    @staticmethod
    def _collect_static() -> None:
        fingerprint = static_fingerprint()
        call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
        _write_stamp("static", fingerprint)

    # --- demo ----------------------------------------------------------------------------------
    @staticmethod
    def _demo_is_missing() -> bool:
        """Once for each database. One that holds sites of its own is left alone."""
        stamp = _read_stamp("demo")
        if stamp == f"loading {_database_identity()}":
            return True  # begun and not finished: load_demo goes on
        return stamp != f"loaded {_database_identity()}" and not SiteRecord.objects.exists()

    @staticmethod
    def _load_demo() -> None:
        _write_stamp("demo", f"loading {_database_identity()}")
        call_command("load_demo", verbosity=1)
        _write_stamp("demo", f"loaded {_database_identity()}")


class MigrationProgress(OutputWrapper):
    """Turns the hundreds of lines of a first ``migrate`` into a line now and then."""

    def __init__(self, out: OutputWrapper, total: int, *, every: int = 40) -> None:
        super().__init__(io.StringIO())
        self._shown = out
        self._total = total
        self._every = every
        self._done = 0

    def write(self, msg: str = "", *args: Any, **options: Any) -> None:  # type: ignore[override]
        if msg.endswith("..."):  # "  Applying core.0001_initial..."
            self._done += 1
            if self._done % self._every == 0 or self._done == self._total:
                self._shown.write(f"    {self._done} of {self._total} migrations")
                self._shown.flush()


def _pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _is_production() -> bool:
    return os.environ.get("PORTAL_ENV") == "production"


def static_fingerprint() -> str:
    """Of all static files that would be collected, by name, size and time of change."""
    storages: Any = settings.STORAGES
    digest = hashlib.sha256(str(storages["staticfiles"]["BACKEND"]).encode())
    rows = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            rows.append(f"{name}|{status.st_size}|{status.st_mtime_ns}\n")
    digest.update("".join(sorted(rows)).encode())
    return digest.hexdigest()


def _database_identity() -> str:
    """The moment its first migration was applied: another database has another one."""
    first = MigrationRecorder(connection).migration_qs.order_by("applied").first()
    return first.applied.isoformat() if first else ""


def _stamp_path() -> Path:
    return Path(settings.DATA_DIR) / RUN_FOLDER / "setup-steps.json"


def _read_stamps() -> dict[str, str]:
    try:
        return dict(json.loads(_stamp_path().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _read_stamp(name: str) -> str:
    return _read_stamps().get(name, "")


def _write_stamp(name: str, value: str) -> None:
    path = _stamp_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_read_stamps() | {name: value}, indent=1) + "\n", encoding="utf-8")
