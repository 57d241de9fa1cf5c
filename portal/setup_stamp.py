"""Whether ``portal setup`` has anything to do, found out without loading Django.

The second ``make run`` should take seconds, and loading the portal twice (once to find that there
is nothing to set up, once to serve) would be most of them. After a complete set-up a stamp is left
under ``var/run``: what the set-up was made from (code, catalogues, static files, packages, the
variables that matter) and a look at the database. While both are unchanged, nothing is to do. A
wrong "changed" costs seconds; the full set-up then decides each step by itself.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from portal.supervisor.paths import PROJECT_DIR, data_dir, run_dir

FILE_NAME = "setup.json"
SOURCE_FOLDERS = ("portal", "assistant", "locales")
VARIABLES = ("DATABASE_URL", "PORTAL_ENV", "PORTAL_PLUGINS_DISABLED", "DJANGO_SETTINGS_MODULE")


def stamp_path() -> Path:
    return run_dir() / FILE_NAME


def is_current() -> bool:
    """True when everything is as the last complete set-up left it."""
    try:
        stamp = json.loads(stamp_path().read_text(encoding="utf-8"))
        known = (str(stamp["sources"]), str(stamp["database"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if not (data_dir() / "static").is_dir():
        return False
    return known == (source_fingerprint(), database_fingerprint())


def write() -> None:
    """Note a complete set-up. Not being able to is no failure: the next start takes longer."""
    database = database_fingerprint()
    if not database:
        return
    stamp = {"sources": source_fingerprint(), "database": database}
    with contextlib.suppress(OSError):
        stamp_path().parent.mkdir(parents=True, exist_ok=True)
        stamp_path().write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def source_fingerprint() -> str:
    """Of every file that set-up or start depends on, by name, size and time of change."""
    digest = hashlib.sha256()
    for path in _source_files():
        status = path.stat()
        digest.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    for variable in VARIABLES:
        digest.update(f"{variable}={os.environ.get(variable, '')}\n".encode())
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    # What the environment was made from: packages bring migrations and static files, too.
    yield from filter(Path.exists, [Path(sys.prefix) / "portal-stamps.json"])
    for folder in SOURCE_FOLDERS:
        for root, folders, names in os.walk(PROJECT_DIR / folder):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            yield from (Path(root, name) for name in sorted(names))


def database_fingerprint() -> str:
    """Which migrations the database has had; "" when it does not answer or has had none.

    The time of the first one tells two databases of the same shape apart.
    """
    url = os.environ.get("DATABASE_URL", "").strip()
    query = "SELECT count(*), max(id), min(applied) FROM django_migrations"
    try:
        if url.startswith(("postgres://", "postgresql://")):
            import psycopg

            with psycopg.connect(url, connect_timeout=3) as connection:
                row = connection.execute(query).fetchone()
        else:
            path = _sqlite_path(url)
            with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                row = database.execute(query).fetchone()
    except Exception:  # whatever the driver says: the full set-up will say it better
        return ""
    return f"{row[0]}|{row[1]}|{row[2]}" if row and row[0] else ""


def _sqlite_path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")) if url else data_dir() / "portal.sqlite3"
