"""Follows what is asked of the database while a page is rendered."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from .parameters import frozen


@dataclass(slots=True)
class Asked:
    """A statement and what came back: so many rows, with this digest, and whether that was all."""

    sql: str
    parameters: tuple[Any, ...]
    rows: int = 0
    complete: bool = False
    _digest: Any = field(default_factory=hashlib.sha256)

    def saw(self, row: Any) -> None:
        self.rows += 1
        self._digest.update(repr(row).encode())

    @property
    def digest(self) -> str:
        digest: str = self._digest.hexdigest()[:32]
        return digest


@dataclass(slots=True)
class Recording:
    """``asked``: by statement and parameters, in order. ``wrote``: the first statement that was no
    question; such a page is not kept."""

    started: datetime.datetime
    asked: list[Asked] = field(default_factory=list)
    wrote: str = ""

    def note(self, sql: str, parameters: Any) -> Asked | None:
        word = sql.lstrip("( \n").partition(" ")[0].upper()
        if word in ("SELECT", "WITH"):
            if not isinstance(parameters, (list, tuple, type(None))):
                self.wrote = self.wrote or sql
                return None
            asked = Asked(sql, frozen(parameters or (), self.started))
            self.asked.append(asked)
            return asked
        if word not in ("SAVEPOINT", "RELEASE", "SET", "PRAGMA", "BEGIN", "COMMIT"):
            self.wrote = self.wrote or sql
        return None


class _RecordingCursor(CursorWrapper):
    def __init__(self, cursor: Any, db: Any, recording: Recording) -> None:
        super().__init__(cursor, db)
        self._recording = recording
        self._asked: Asked | None = None

    def execute(self, sql: Any, params: Any = None) -> Any:
        self._asked = self._recording.note(str(sql), params)
        return super().execute(sql, params)

    def executemany(self, sql: Any, param_list: Any) -> Any:
        self._recording.wrote = self._recording.wrote or str(sql)
        return super().executemany(sql, param_list)

    def callproc(self, procname: str, params: Any = None, kparams: Any = None) -> Any:
        self._recording.wrote = self._recording.wrote or procname
        return super().callproc(procname, params, kparams)

    def fetchone(self) -> Any:
        row = self.cursor.fetchone()
        self._seen(() if row is None else (row,), ended=row is None)
        return row

    def fetchmany(self, size: int | None = None) -> Any:
        rows = self.cursor.fetchmany() if size is None else self.cursor.fetchmany(size)
        self._seen(rows, ended=not rows)
        return rows

    def fetchall(self) -> Any:
        rows = self.cursor.fetchall()
        self._seen(rows, ended=True)
        return rows

    def __iter__(self) -> Iterator[Any]:
        for row in self.cursor:
            self._seen((row,), ended=False)
            yield row
        self._seen((), ended=True)

    def _seen(self, rows: Iterable[Sequence[Any]], *, ended: bool) -> None:
        if self._asked is None:
            return
        for row in rows:
            self._asked.saw(tuple(row))
        self._asked.complete = self._asked.complete or ended


@contextmanager
def recorded() -> Iterator[Recording]:
    """Follow this thread's connection."""
    recording = Recording(timezone.now())
    # The connection itself: ``django.db.connection`` only stands for it.
    database: Any = connections[DEFAULT_DB_ALIAS]

    def make_cursor(cursor: Any) -> CursorWrapper:
        return _RecordingCursor(cursor, database, recording)

    before = {name: database.__dict__.get(name) for name in ("make_cursor", "make_debug_cursor")}
    database.make_cursor = make_cursor
    database.make_debug_cursor = make_cursor
    try:
        yield recording
    finally:
        for name, value in before.items():
            if value is None:
                database.__dict__.pop(name, None)
            else:
                setattr(database, name, value)
