"""The database as one file, as it was at one moment while others wrote; and back.

SQLite's own backup copies a snapshot. On PostgreSQL ``pg_dump`` reads the snapshot in which the
rows were counted, so that the counts of the manifest are those of the dump.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from .problems import BackupError

FILE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def name_of_file() -> str:
    try:
        return FILE[connection.vendor]
    except KeyError:
        raise BackupError(f"Backups of {connection.vendor} are not known.") from None


@contextmanager
def snapshot(target: Path) -> Iterator[dict[str, Any]]:
    """Write the database to ``target``; gives its migrations and the rows of each table."""
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(_place(), timeout=60)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            yield _described(copy.execute)
        return
    with connections["default"].temporary_connection() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            (name,) = cursor.fetchone()
            _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                 f"--snapshot={name}", f"--file={target}")  # fmt: skip

            def asked(sql: str) -> Any:
                cursor.execute(sql)
                return cursor

            yield _described(asked)
        finally:
            cursor.execute("ROLLBACK")


def put_back(source: Path) -> None:
    """Make the empty database what the file holds; whole or not at all."""
    if connection.vendor == "sqlite":
        connections.close_all()
        place = _place()
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f".{place.name}.restoring")
        shutil.copyfile(source, beside)
        with closing(sqlite3.connect(beside)) as copy:
            if (said := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise BackupError(f"The database in the backup is damaged: {said}")
            copy.execute("PRAGMA journal_mode=WAL")
        beside.replace(place)
        return
    connections.close_all()
    _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
         f"--dbname={connection.settings_dict['NAME']}", str(source))  # fmt: skip


def is_empty() -> bool:
    """Whether nobody's tables are there yet."""
    if connection.vendor == "sqlite":
        place = _place()
        if not place.exists() or not place.stat().st_size:
            return True
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def put_aside(folder: Path) -> str:
    """Move the present database out of the way; where it went."""
    connections.close_all()
    if connection.vendor == "sqlite":
        place = _place()
        # Closed by its last reader, it has taken in what was beside it.
        with closing(sqlite3.connect(place)) as last:
            last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        target = folder / place.name
        shutil.move(place, target)
        for ending in ("-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
        return str(target)
    target = folder / FILE["postgresql"]
    _run("pg_dump", "--format=custom", f"--file={target}")
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connections.close_all()
    return str(target)


def counts() -> dict[str, int]:
    """The rows of each table as they are now."""
    with connection.cursor() as cursor:

        def asked(sql: str) -> Any:
            cursor.execute(sql)
            return cursor

        found: dict[str, int] = _described(asked)["rows"]
        return found


def _described(ask: Any) -> dict[str, Any]:
    quoted = connection.ops.quote_name
    migrations = sorted(
        f"{app}.{name}"
        for app, name in ask(
            f"SELECT app, name FROM {quoted(MigrationRecorder.Migration._meta.db_table)}"  # noqa: S608
        ).fetchall()
    )
    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if connection.vendor == "sqlite"
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    )
    names = sorted(name for (name,) in ask(tables).fetchall())
    rows = {
        name: ask(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0]  # noqa: S608
        for name in names
    }
    return {"migrations": migrations, "rows": rows}


def _place() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise BackupError(
            f"{program} is not installed; it comes with PostgreSQL's client (postgresql-client)."
        )
    done = subprocess.run(
        [program, *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-1000:]}")


def _environment() -> Mapping[str, str]:
    """Where the server is; by environment, so that no list of processes shows the password."""
    values = connection.settings_dict
    known = {
        "PGHOST": values["HOST"], "PGPORT": values["PORT"], "PGUSER": values["USER"],
        "PGPASSWORD": values["PASSWORD"], "PGDATABASE": values["NAME"],
    }  # fmt: skip
    return {**os.environ, **{name: str(value) for name, value in known.items() if value}}


def address_of(name: str) -> str:
    """``DATABASE_URL`` of another database on the same PostgreSQL server."""
    values = connection.settings_dict
    user, secret = (quote(str(values[key] or ""), safe="") for key in ("USER", "PASSWORD"))
    account = f"{user}:{secret}@" if secret else f"{user}@"
    host = quote(str(values["HOST"] or ""), safe="")
    return f"postgres://{account}{host}:{values['PORT'] or 5432}/{name}"
