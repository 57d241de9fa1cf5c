"""Databases that live as long as one measurement."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/portal_bench"


class NoDatabase(Exception):
    """PostgreSQL does not answer at the address given."""


@dataclass(frozen=True, slots=True)
class BenchDatabase:
    """A database made for this run. ``url`` is what the portal gets as ``DATABASE_URL``."""

    vendor: str
    url: str
    version: str

    def backend_pids(self) -> list[int]:
        """The PostgreSQL processes that serve this database now (none for SQLite)."""
        if self.vendor != "postgresql":
            return []
        with psycopg.connect(self.url, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchall()
        return sorted(row[0] for row in rows)

    def settle(self) -> None:
        """Bring the planner's statistics up to date, as a server that has run a night would."""
        if self.vendor == "postgresql":
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")


def postgresql_url() -> str:
    """The address of the server and the beginning of the database's name."""
    return os.environ.get("BENCH_DATABASE_URL") or DEFAULT_URL


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def postgresql(*, keep: bool) -> Iterator[BenchDatabase]:
    """A new PostgreSQL database, dropped at the end unless ``keep``.

    Its name is the one in ``BENCH_DATABASE_URL`` and the number of this process; a database that
    exists already is never touched.

    Raises:
        NoDatabase: the server does not answer, or refuses to make a database.
    """
    base = postgresql_url()
    prefix = urlsplit(base).path.lstrip("/") or "portal_bench"
    name = f"{prefix}_{os.getpid()}"
    server = with_database(base, "postgres")
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=5) as connection:
            row = connection.execute("SHOW server_version").fetchone()
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(name)
                )
            )
    except psycopg.Error as error:
        raise NoDatabase(f"PostgreSQL: {str(error).strip().splitlines()[0]}") from error
    try:
        yield BenchDatabase(
            vendor="postgresql",
            url=with_database(base, name),
            version=f"PostgreSQL {str(row[0]).split()[0] if row else '?'}",
        )
    finally:
        if not keep:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )


@contextmanager
def sqlite(directory: Path) -> Iterator[BenchDatabase]:
    """A new SQLite file in a folder that the caller removes."""
    yield BenchDatabase(
        vendor="sqlite",
        url=f"sqlite:///{directory / 'bench.sqlite3'}",
        version=f"SQLite {sqlite3.sqlite_version}",
    )
