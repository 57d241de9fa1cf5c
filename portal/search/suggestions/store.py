"""The file: an SQLite database beside the index, with one tree for each way to begin a name.

Readers share the pages of the file; nothing of it is loaded into a process. It can be deleted at
any time: it is made anew from the database.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

SCHEME = 1
"""Changes with the tables and with whatever goes into them: another file is begun then."""

_TABLES = """
CREATE TABLE state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
-- What can be found. ``shown`` 0: its moment has not come, or is over; it has no names then.
CREATE TABLE document (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, language TEXT NOT NULL,
    site INTEGER NOT NULL, url TEXT NOT NULL, page INTEGER,
    public_from REAL, public_until REAL, shown INTEGER NOT NULL
);
CREATE INDEX document_public_from ON document (public_from) WHERE shown = 0;
CREATE INDEX document_public_until ON document (public_until) WHERE public_until IS NOT NULL;
-- What is suggested: ``shown_as`` fills the field; ``name`` is what was begun, it or an alias.
CREATE TABLE name (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, shown_as TEXT NOT NULL, name TEXT NOT NULL
);
CREATE INDEX name_document ON name (document);
-- Each place where somebody may begin: the name's first sign, or that of a word in it.
CREATE TABLE start (
    id INTEGER PRIMARY KEY, name INTEGER NOT NULL, place INTEGER NOT NULL,
    language TEXT NOT NULL, broad INTEGER NOT NULL, site INTEGER NOT NULL, rank REAL NOT NULL,
    written TEXT NOT NULL, spelt TEXT NOT NULL, initials TEXT NOT NULL
);
CREATE INDEX start_name ON start (name);
CREATE INDEX start_written ON start (language, broad, written);
CREATE INDEX start_spelt ON start (language, spelt) WHERE spelt <> '';
CREATE INDEX start_initials ON start (language, initials) WHERE initials <> '';
-- Beginnings of one and two signs: by rank, since there are too many to look at all.
CREATE TABLE head (
    language TEXT NOT NULL, beginning TEXT NOT NULL, rank REAL NOT NULL, start INTEGER NOT NULL,
    site INTEGER NOT NULL, PRIMARY KEY (language, beginning, rank DESC, start)
) WITHOUT ROWID;
-- Words and groups of words; ``uses`` is the number of public documents that have it.
CREATE TABLE word (
    id INTEGER PRIMARY KEY, language TEXT NOT NULL, word TEXT NOT NULL, uses INTEGER NOT NULL,
    UNIQUE (language, word)
);
CREATE TABLE use (
    word INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (word, document)
) WITHOUT ROWID;
CREATE INDEX use_document ON use (document);
-- What leads to a word: see ``words.marks``; each mark as a number.
CREATE TABLE mark (
    mark INTEGER NOT NULL, word INTEGER NOT NULL, PRIMARY KEY (mark, word)
) WITHOUT ROWID;
"""

_readers = threading.local()


def folder() -> Path:
    """Where the file is: beside the machine's index."""
    return Path(settings.DATA_DIR) / "search"


def path() -> Path:
    return folder() / f"names-{SCHEME}.sqlite3"


@contextlib.contextmanager
def writing() -> Iterator[sqlite3.Connection]:
    """A connection in a transaction of its own: all of it or nothing. Makes the file if need be."""
    folder().mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path(), isolation_level=None, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -32000")
        connection.execute("BEGIN IMMEDIATE")
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'mark'").fetchone():
            for statement in _TABLES.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    finally:
        connection.close()


def reader() -> sqlite3.Connection | None:
    """The connection of this thread; None while there is no file.

    Whoever gets one reads with it at once and keeps nothing open.
    """
    place = path()
    try:
        found = place.stat()
    except FileNotFoundError:
        return None
    file = (str(place), found.st_dev, found.st_ino, os.getpid())
    if getattr(_readers, "file", None) != file:
        close_reader()
        connection = sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True, timeout=1)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA mmap_size = 268435456")
        connection.execute("PRAGMA cache_size = -4000")
        _readers.connection, _readers.file = connection, file
    found_connection: sqlite3.Connection = _readers.connection
    return found_connection


def close_reader() -> None:
    """Let go of the file, in this thread."""
    connection = getattr(_readers, "connection", None)
    if connection is not None:
        # After a fork the parent goes on reading with it: only forgotten here.
        if _readers.file[-1] == os.getpid():
            connection.close()
        _readers.connection = _readers.file = None


def remove() -> None:
    """Delete the file, and those of other schemes: it is begun anew."""
    close_reader()
    for file in folder().glob("names-*.sqlite3*"):
        file.unlink(missing_ok=True)


def value(connection: sqlite3.Connection, name: str, default: int = 0) -> int:
    """A number of the file about itself."""
    row = connection.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
    return int(row[0]) if row else default


def keep_value(connection: sqlite3.Connection, name: str, number: int) -> None:
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [name, number])
