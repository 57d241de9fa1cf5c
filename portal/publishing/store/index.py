"""What each finished page was made from: a small database beside the files of this machine.

It is no part of the portal's data: lost or broken, the store begins again with nothing.
"""

import json
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.publishing.followed import followed_tables
from portal.publishing.reading.statements import Link, Read, text_of

FILE = "index-2.sqlite3"  # another number where what it holds is written otherwise
# Of changes that were followed, so long: no rendering takes longer.
_RECENT_SECONDS = 600

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gap (id INTEGER PRIMARY KEY, since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS recent (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, tab TEXT NOT NULL, old TEXT, new TEXT, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS statement (
    id INTEGER PRIMARY KEY, sql TEXT NOT NULL, parameters TEXT, reads TEXT NOT NULL,
    UNIQUE (sql, parameters, reads)
);
CREATE TABLE IF NOT EXISTS finding (
    tab TEXT NOT NULL, col TEXT NOT NULL, value TEXT NOT NULL, statement INTEGER NOT NULL,
    PRIMARY KEY (tab, col, value, statement)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS finding_statement ON finding (statement);
CREATE TABLE IF NOT EXISTS page (
    id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL UNIQUE, folder TEXT NOT NULL,
    site INTEGER, page INTEGER, digest TEXT NOT NULL, stored_at REAL NOT NULL,
    holds_until REAL, stale_since REAL
);
CREATE INDEX IF NOT EXISTS page_page ON page (page);
CREATE INDEX IF NOT EXISTS page_holds ON page (holds_until) WHERE holds_until IS NOT NULL;
CREATE INDEX IF NOT EXISTS page_stale ON page (stale_since) WHERE stale_since IS NOT NULL;
CREATE TABLE IF NOT EXISTS asked (
    statement INTEGER NOT NULL, page INTEGER NOT NULL, rows INTEGER NOT NULL,
    complete INTEGER NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (statement, page)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS asked_page ON asked (page);
"""


# (table, column, other column), value -> texts of the other column in the rows that have the value;
# {""} for any row where no other column is asked for, nothing where there is no row.
type Standing = Callable[[tuple[str, str, str], Any], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Change:
    """A row of a table before and after; the columns by which rows are found."""

    table: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None

    @property
    def rows(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(row for row in (self.old, self.new) if row is not None)


@dataclass(frozen=True, slots=True)
class Question:
    """A statement of a page: what it reads, and what came back when the page was made."""

    sql: str
    parameters: str | None
    reads: tuple[Read, ...]
    rows: int
    complete: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored page."""

    id: int
    address: str
    folder: str
    site: int | None
    page: int | None
    digest: str
    stored_at: float
    holds_until: float | None
    stale_since: float | None


_ENTRY = "id, address, folder, site, page, digest, stored_at, holds_until, stale_since"


class Index:
    """One connection for each thread; writers are kept apart by the store's locks."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._local = threading.local()

    @property
    def _db(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._local.process != os.getpid():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._file, timeout=20, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.executescript(_SCHEMA)
            self._local.connection, self._local.process = connection, os.getpid()
        return connection

    def close(self) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction of its own."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # --- facts --------------------------------------------------------------------------------
    def fact(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_fact(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def machine(self) -> str:
        """A name of this store that no other has."""
        self._db.execute(
            "INSERT OR IGNORE INTO fact VALUES ('machine', ?)", (secrets.token_hex(16),)
        )
        return self.fact("machine")

    # --- changes ------------------------------------------------------------------------------
    def followed_to(self) -> int:
        """The number of the last change that was followed here; for who begins to render."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'recent'").fetchone()
        return int(row[0]) if row else 0

    def note_changes(self, changes: Iterable[Change]) -> None:
        now = time.time()
        self._db.executemany(
            "INSERT INTO recent (tab, old, new, at) VALUES (?, ?, ?, ?)",
            [(c.table, _dump(c.old), _dump(c.new), now) for c in changes],
        )
        self._db.execute("DELETE FROM recent WHERE at < ?", (now - _RECENT_SECONDS,))

    def changes_since(self, seq: int) -> list[Change] | None:
        """Those that were followed after this one; None when some are forgotten already."""
        first = self._db.execute("SELECT min(seq) FROM recent").fetchone()[0]
        newest = self.followed_to()
        if newest > seq and (first is None or first > seq + 1):
            return None
        rows = self._db.execute("SELECT tab, old, new FROM recent WHERE seq > ?", (seq,))
        return [Change(tab, _load(old), _load(new)) for tab, old, new in rows]

    def gaps(self) -> list[int]:
        return [row[0] for row in self._db.execute("SELECT id FROM gap ORDER BY id")]

    def set_gaps(
        self, missing: Iterable[int], *, found: Iterable[int], forget_after: float
    ) -> None:
        now = time.time()
        self._db.executemany("DELETE FROM gap WHERE id = ?", [(id,) for id in found])
        self._db.execute("DELETE FROM gap WHERE since < ?", (now - forget_after,))
        self._db.executemany("INSERT OR IGNORE INTO gap VALUES (?, ?)", [(i, now) for i in missing])

    # --- pages --------------------------------------------------------------------------------
    def put(
        self,
        *,
        address: str,
        folder: str,
        site: int | None,
        page: int | None,
        digest: str,
        holds_until: float | None,
        questions: Sequence[Question],
    ) -> int:
        """Write down a page instead of what was known of its address; its id."""
        self._forget_where("address = ?", (address,))
        cursor = self._db.execute(
            "INSERT INTO page (address, folder, site, page, digest, stored_at, holds_until) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (address, folder, site, page, digest, time.time(), holds_until),
        )
        id = cursor.lastrowid or 0
        for question in questions:
            self._db.execute(
                "INSERT OR IGNORE INTO asked VALUES (?, ?, ?, ?, ?)",
                (
                    self._statement(question),
                    id,
                    question.rows,
                    question.complete,
                    question.digest,
                ),
            )
        return id

    def _statement(self, question: Question) -> int:
        reads = _written(question.reads)
        # Parameters that cannot be written down: the same statement, but never asked again.
        key = (question.sql, question.parameters if question.parameters is not None else "", reads)
        row = self._db.execute(
            "SELECT id FROM statement WHERE sql = ? AND parameters = ? AND reads = ?", key
        ).fetchone()
        if row is not None:
            return int(row[0])
        cursor = self._db.execute(
            "INSERT INTO statement (sql, parameters, reads) VALUES (?, ?, ?)", key
        )
        id = cursor.lastrowid or 0
        self._db.executemany(
            "INSERT OR IGNORE INTO finding VALUES (?, ?, ?, ?)",
            [(read.table, column, value, id) for read in question.reads
             for column, value in _by_what(read)],
        )  # fmt: skip
        return id

    def statements_that_may_see(
        self, change: Change, standing: Standing
    ) -> dict[int, tuple[str, str]]:
        """Those that may have read a changed row: (SQL, parameters) by id.

        Args:
            standing: asks the database for what stands beside a value, see ``Standing``.
        """
        keys = {("", "")}
        for row in change.rows:
            keys |= {(column, text_of(value)) for column, value in row.items()}
        for (told,) in self._db.execute(
            "SELECT DISTINCT col FROM finding WHERE tab = ? AND col >= '[' AND col < '\\'",
            (change.table,),
        ):
            name, *place = json.loads(told)
            for row in change.rows:
                if row.get(name) is not None:
                    keys |= {(told, value) for value in standing((*place,), row[name])}
        found: dict[int, tuple[str, str]] = {}
        for column, value in keys:
            for id, sql, parameters, reads in self._db.execute(
                "SELECT s.id, s.sql, s.parameters, s.reads FROM finding f "
                "JOIN statement s ON s.id = f.statement "
                "WHERE f.tab = ? AND f.col = ? AND f.value = ?",
                (change.table, column, value),
            ):
                if id not in found and any(
                    any(map(read.may_see, change.rows)) and _stands(read, change, standing)
                    for read in reads_from(reads)
                    if read.table == change.table
                ):
                    found[id] = (sql, parameters)
        return found

    def askers(self, statement: int) -> list[tuple[int, int, bool, str]]:
        """(page, rows, whether that was all, digest) of those that asked a statement."""
        rows = self._db.execute(
            "SELECT page, rows, complete, digest FROM asked WHERE statement = ?", (statement,)
        )
        return [(page, count, bool(complete), digest) for page, count, complete, digest in rows]

    def entry(self, id: int) -> Entry | None:
        return self._first("id = ?", (id,))

    def entry_of(self, address: str) -> Entry | None:
        return self._first("address = ?", (address,))

    def entries_of_page(self, page: int) -> list[Entry]:
        """The forms of a Wagtail page: its parts, its variants."""
        return self._all("page = ?", (page,))

    def questions_of(self, id: int) -> list[tuple[str, str]]:
        rows = self._db.execute(
            "SELECT s.sql, s.reads FROM asked a JOIN statement s ON s.id = a.statement "
            "WHERE a.page = ? ORDER BY s.id",
            (id,),
        )
        return [(sql, reads) for sql, reads in rows]

    def entries(self) -> Iterator[Entry]:
        """All pages, by address, in portions: nobody waits for who goes through them."""
        last = ""
        while True:
            rows = self._db.execute(
                f"SELECT {_ENTRY} FROM page WHERE address > ? ORDER BY address LIMIT 500",  # noqa: S608
                (last,),
            ).fetchall()
            yield from (Entry(*row) for row in rows)
            if not rows:
                return
            last = rows[-1][1]

    def stale(self) -> list[Entry]:
        return self._all("stale_since IS NOT NULL ORDER BY stale_since", ())

    def run_out(self, now: float) -> list[Entry]:
        return self._all("holds_until IS NOT NULL AND holds_until <= ?", (now,))

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM page").fetchone()[0])

    def mark_stale(self, ids: Iterable[int]) -> None:
        now = time.time()
        self._db.executemany(
            "UPDATE page SET stale_since = ? WHERE id = ? AND stale_since IS NULL",
            [(now, id) for id in ids],
        )

    def mark_fresh(self, id: int) -> None:
        self._db.execute("UPDATE page SET stale_since = NULL WHERE id = ?", (id,))

    def forget(self, id: int) -> None:
        self._forget_where("id = ?", (id,))

    def forget_all(self) -> None:
        for table in ("asked", "page", "finding", "statement"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names from above

    def forget_unused_statements(self) -> int:
        """Statements that no page asks any more; how many."""
        unused = "NOT EXISTS (SELECT 1 FROM asked WHERE asked.statement = {0})"
        self._db.execute(f"DELETE FROM finding WHERE {unused.format('finding.statement')}")  # noqa: S608
        return self._db.execute(
            f"DELETE FROM statement WHERE {unused.format('statement.id')}"  # noqa: S608
        ).rowcount

    def _forget_where(self, condition: str, values: tuple[Any, ...]) -> None:
        self._db.execute(
            f"DELETE FROM asked WHERE page IN (SELECT id FROM page WHERE {condition})",  # noqa: S608
            values,
        )
        self._db.execute(f"DELETE FROM page WHERE {condition}", values)  # noqa: S608

    def _first(self, condition: str, values: tuple[Any, ...]) -> Entry | None:
        found = self._all(condition, values)
        return found[0] if found else None

    def _all(self, condition: str, values: tuple[Any, ...]) -> list[Entry]:
        query = f"SELECT {_ENTRY} FROM page WHERE {condition}"  # noqa: S608 - conditions from above
        return [Entry(*row) for row in self._db.execute(query, values)]


def _by_what(read: Read) -> list[tuple[str, str]]:
    """The column by which a statement is found from a changed row: that with the fewest values,
    where it tells rows apart; otherwise where they must stand as well."""
    followed = followed_tables().get(read.table)
    coarse = followed.coarse if followed else ()
    fine = {name: values for name, values in read.values.items() if name not in coarse}
    if not fine and read.links:
        # One is enough, the rest is looked at afterwards: one with values if there is any.
        of = [(name, link) for name, links in sorted(read.links.items()) for link in links]
        name, link = min(of, key=lambda one: (not one[1].values, one[0], one[1].table))
        told = json.dumps([name, *_place(link)])
        return [(told, value) for value in sorted(_wanted(link))]
    chosen = fine or read.values
    if not chosen:
        return [("", "")]
    column = min(chosen, key=lambda name: (len(chosen[name]), name != "id", name))
    return [(column, value) for value in sorted(chosen[column])]


def _place(link: Link) -> tuple[str, str, str]:
    """(table, column, the other column whose values count, or "")."""
    return (link.table, link.column, next(iter(link.values), ""))


def _wanted(link: Link) -> frozenset[str]:
    """Values of that other column; "" stands for a row at all."""
    return next(iter(link.values.values()), frozenset({""}))


def _stands(read: Read, change: Change, standing: Standing) -> bool:
    """Whether the row, as it was or as it is, has its counterparts in other tables."""

    def of(value: Any, links: tuple[Link, ...]) -> bool:
        return value is not None and all(
            not _wanted(link).isdisjoint(standing(_place(link), value)) for link in links
        )

    return not read.links or any(
        all(name not in row or of(row[name], links) for name, links in read.links.items())
        for row in change.rows
    )


def _written(reads: Sequence[Read]) -> str:
    return json.dumps(
        [
            [
                read.table,
                {name: sorted(values) for name, values in read.values.items()},
                dict(read.prefixes),
                {
                    name: [
                        [link.table, link.column, {k: sorted(v) for k, v in link.values.items()}]
                        for link in links
                    ]
                    for name, links in read.links.items()
                },
            ]
            for read in reads
        ]
    )


def reads_from(text: str) -> list[Read]:
    """What a statement reads, as the index has it."""
    return [
        Read(
            table,
            {name: frozenset(found) for name, found in values.items()},
            prefixes,
            {
                name: tuple(
                    Link(of, column, {k: frozenset(v) for k, v in wanted.items()})
                    for of, column, wanted in found
                )
                for name, found in links.items()
            },
        )
        for table, values, prefixes, links in json.loads(text)
    ]


def _dump(row: Mapping[str, Any] | None) -> str | None:
    return None if row is None else json.dumps(row)


def _load(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)
