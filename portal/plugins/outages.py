"""Failures of what everything rests on: the database that is away, locked, full or read-only.

None of them is a fault of the code that met it. Whoever asks gets "later" (503), no plugin is
blamed, and what was asked for may be tried again as it is.
"""

import errno
import sqlite3
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, OperationalError

# A full or read-only disk, too many open files: files of uploads meet the same.
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE})
# "SQL error or missing database": a statement that is wrong, or a table that is missing.
_SQLITE_STATEMENT = 1
_SQLITE_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# PostgreSQL says these two as "internal errors": read-only (a standby, a full disk), closed before.
_POSTGRESQL = frozenset({"25006", "57P01"})
_DEPTH = 12


def outage_behind(error: BaseException | None) -> BaseException | None:
    """The outage that an exception comes from, itself included; None where there is none."""
    return next((found for found in _chain(error) if _is_outage(found)), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_DEPTH):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _is_outage(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _DISK
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, DatabaseError):
        return False
    driver = error.__cause__
    code = getattr(driver, "sqlite_errorcode", None)
    if code is not None:
        if code & 0xFF in _SQLITE_DAMAGED:
            return True
        return isinstance(error, OperationalError) and code != _SQLITE_STATEMENT
    if getattr(driver, "sqlstate", None) in _POSTGRESQL:
        return True
    return isinstance(error, OperationalError)
