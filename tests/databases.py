"""The test database: migrated once, then copied.

Migrating from nothing takes half a minute of one core. The result depends on the migrations alone,
so it is kept as a template under a name made from all of them, and every test process gets a copy:
a file for SQLite, ``CREATE DATABASE … TEMPLATE`` for PostgreSQL. Tests that really commit leave
the template's content behind, rows made by migrations included, where Django would leave empty
tables.

SQLite tests run on a file in WAL mode, as the portal does, not in memory: threads and browsers of a
live server get connections of their own.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from portal.publishing import triggers
from portal.publishing.followed import followed_tables

if TYPE_CHECKING:
    import psycopg

TEMPLATES = Path(__file__).resolve().parents[1] / "var" / "test_databases"
KEPT_TEMPLATES = 3


class TestDatabase(Protocol):
    """A database of one test process, already in use by Django's connections."""

    __test__ = False

    def restore(self) -> None:
        """Bring back the content of the template after tests that committed."""

    def remove(self) -> None:
        """Give back what it takes up."""


def prepare(worker: str) -> TestDatabase:
    """Let Django's connections use a fresh copy of the template, made first where it is missing.

    Args:
        worker: the name of the test process among those that run now, such as ``gw0``.
    """
    key = fingerprint()
    if connection.vendor == "sqlite":
        return SqliteDatabase(key, worker)
    return PostgresqlDatabase(key, worker)


def fingerprint() -> str:
    """A name for what migrating from nothing would give."""
    digest = hashlib.sha256(settings.LANGUAGE_CODE.encode())
    for config in apps.get_app_configs():
        module, _explicit = MigrationLoader.migrations_module(config.label)
        spec = find_spec(module) if module and _has_migrations(module) else None
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for path in sorted(Path(folder).glob("*.py")):
                digest.update(f"{config.label}/{path.name}\0".encode())
                digest.update(path.read_bytes())
    # What is made after the migrations: the triggers of followed tables.
    digest.update(Path(triggers.__file__).read_bytes())
    digest.update(repr(list(followed_tables().values())).encode())
    return digest.hexdigest()[:16]


def _has_migrations(module: str) -> bool:
    parent = import_module(module.rpartition(".")[0])
    return hasattr(parent, "__path__")


def _migrate() -> None:
    sys.stderr.write("The test database is migrated; this is done once for these migrations.\n")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def _use(name: str) -> None:
    """Point the connections of all threads at another database."""
    connections.close_all()
    # All threads' connections share this dictionary.
    connection.settings_dict["NAME"] = name


@contextmanager
def _one_process_at_a_time(key: str) -> Iterator[None]:
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with (TEMPLATES / f"{key}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- SQLite ---------------------------------------------------------------------------------------
class SqliteDatabase:
    def __init__(self, key: str, worker: str) -> None:
        self._template = TEMPLATES / f"{key}.sqlite3"
        self._folder = Path(tempfile.mkdtemp(prefix=f"portal-test-{worker}-"))
        with _one_process_at_a_time(key):
            if not self._template.exists():
                self._build()
        self._template.touch()  # the age tells which templates are out of use
        self._file = self._folder / "test.sqlite3"
        shutil.copyfile(self._template, self._file)
        _use(str(self._file))

    def _build(self) -> None:
        unfinished = self._folder / "migrating.sqlite3"
        _use(str(unfinished))
        _migrate()
        connections.close_all()
        with sqlite3.connect(unfinished) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # Another disk perhaps: copy beside the template, then name it, whole or not at all.
        beside = self._template.with_suffix(f".{os.getpid()}")
        shutil.copyfile(unfinished, beside)
        beside.replace(self._template)
        for old in _outdated(TEMPLATES.glob("*.sqlite3"), keep=self._template):
            old.unlink(missing_ok=True)
            old.with_suffix(".lock").unlink(missing_ok=True)

    def restore(self) -> None:
        connections.close_all()
        source, target = sqlite3.connect(self._template), sqlite3.connect(self._file)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()

    def remove(self) -> None:
        connections.close_all()
        shutil.rmtree(self._folder, ignore_errors=True)


def _outdated(paths: Iterator[Path], keep: Path) -> list[Path]:
    others = sorted((path for path in paths if path != keep), key=lambda p: p.stat().st_mtime)
    return others[: -(KEPT_TEMPLATES - 1)]


# --- PostgreSQL -----------------------------------------------------------------------------------
class PostgresqlDatabase:
    def __init__(self, key: str, worker: str) -> None:
        self._template = f"portal_template_{key}"
        self._name = f"test_{connection.settings_dict['NAME']}_{worker}_{os.getpid()}"
        # One lock for all templates: a server may hold those of several checkouts.
        with _one_process_at_a_time("postgresql"):
            if not self._exists(self._template):
                self._build()
        self._create()
        _use(self._name)

    def _build(self) -> None:
        unfinished = f"{self._template}_unfinished"
        self._execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
        self._execute(f"CREATE DATABASE \"{unfinished}\" TEMPLATE template0 ENCODING 'UTF8'")
        _use(unfinished)
        _migrate()
        connections.close_all()
        self._execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{self._template}"')
        rows = self._execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^portal_template_[0-9a-f]{16}$'"
            " ORDER BY oid"
        )
        others = [row[0] for row in rows if row[0] != self._template]
        for name in others[: -(KEPT_TEMPLATES - 1)]:
            self._execute(f'DROP DATABASE IF EXISTS "{name}"')

    def _create(self) -> None:
        self._execute(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}"')
        # What a test commits need not survive the machine.
        self._execute(f'ALTER DATABASE "{self._name}" SET synchronous_commit TO off')
        self._content = Content.of(self._connect(self._name))

    def restore(self) -> None:
        connections.close_all()
        if self._content is None or not self._content.put_back(self._connect(self._name)):
            self.remove()
            self._create()

    def remove(self) -> None:
        connections.close_all()
        self._execute(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _exists(self, name: str) -> bool:
        return bool(self._execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def _execute(self, statement: str) -> list[Any]:
        """Run one statement beside the tests' own connection; names are made here, not typed."""
        with self._connect("postgres") as database:
            database.autocommit = True
            cursor = database.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @staticmethod
    def _connect(name: str) -> "psycopg.Connection[Any]":
        import psycopg

        values = connection.settings_dict
        return psycopg.connect(
            host=values["HOST"] or None,
            port=values["PORT"] or None,
            user=values["USER"] or None,
            password=values["PASSWORD"] or None,
            dbname=name,
        )


@dataclass(frozen=True)
class Content:
    """What the template holds: few rows, put back many times faster than a database is copied."""

    tables: frozenset[str]
    rows: Mapping[str, bytes]
    sequences: Mapping[str, int | None]

    @classmethod
    def of(cls, database: "psycopg.Connection[Any]") -> "Content | None":
        """None where this account may not put rows back without their constraints being asked."""
        with database:
            if database.execute("SHOW is_superuser").fetchone() != ("on",):
                return None
            tables = cls._tables(database)
            rows = {}
            for table in cls._filled(database, tables):
                with database.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copied:
                    rows[table] = b"".join(copied)
            return cls(tables, rows, cls._sequences(database))

    def put_back(self, database: "psycopg.Connection[Any]") -> bool:
        """Whether it could be done; not where a test has made or dropped tables."""
        with database:
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if self._tables(database) != self.tables:
                return False
            # In any order: no trigger runs, and so no foreign key is asked.
            database.execute("SET session_replication_role = replica")
            for table in self._filled(database, self.tables) | self.rows.keys():
                database.execute(f'DELETE FROM "{table}"')
            for table, content in self.rows.items():
                with database.cursor().copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                    copy.write(content)
            for name, last in self._sequences(database).items():
                if last != self.sequences[name]:
                    number = self.sequences[name]
                    database.execute("SELECT setval(%s, %s, %s)", (name, number or 1, bool(number)))
        return True

    @staticmethod
    def _tables(database: "psycopg.Connection[Any]") -> frozenset[str]:
        found = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return frozenset(name for (name,) in found)

    @staticmethod
    def _filled(database: "psycopg.Connection[Any]", tables: Iterable[str]) -> set[str]:
        each = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables)
        return {name for (name,) in database.execute(" UNION ALL ".join(each))}

    @staticmethod
    def _sequences(database: "psycopg.Connection[Any]") -> dict[str, int | None]:
        found = database.execute(
            "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
            " WHERE schemaname = 'public'"
        )
        return dict(found.fetchall())
