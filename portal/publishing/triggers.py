# ruff: noqa: S608 - names of our own tables and columns
"""Triggers by which the database notes every row that is written to a followed table.

Signals would miss what is written past the models (``update``, raw SQL, another program), and what
is noted after a transaction is lost when the process dies between the two. A trigger writes within
the transaction, whoever writes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from .followed import Followed, followed_tables
from .models import RowChange

_PREFIX = "page_store_"
_LOG = RowChange._meta.db_table


@dataclass(frozen=True, slots=True)
class Trigger:
    name: str
    table: str
    statements: tuple[str, ...]


def install(connection: BaseDatabaseWrapper) -> int:
    """Make the triggers that are missing and remove those that are no longer wanted.

    Returns:
        How many were made.
    """
    wanted = {trigger.name: trigger for trigger in _wanted(connection)}
    present = dict(_present(connection))
    made = 0
    with connection.cursor() as cursor:
        for name, table in present.items():
            if name not in wanted:
                _drop(connection, cursor, name, table)
        for name, trigger in wanted.items():
            if name not in present:
                for statement in trigger.statements:
                    cursor.execute(statement)
                made += 1
    return made


def remove(connection: BaseDatabaseWrapper) -> int:
    """Take all of them away, for who works without a store of pages."""
    present = list(_present(connection))
    with connection.cursor() as cursor:
        for name, table in present:
            _drop(connection, cursor, name, table)
    return len(present)


def _drop(connection: BaseDatabaseWrapper, cursor: object, name: str, table: str) -> None:
    execute = cursor.execute  # type: ignore[attr-defined]
    if connection.vendor == "postgresql":
        execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
        execute(f'DROP FUNCTION IF EXISTS "{name}"()')
    else:
        execute(f'DROP TRIGGER IF EXISTS "{name}"')


def _present(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    query = (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE tgname LIKE %s"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [f"{_PREFIX}%"])
        yield from cursor.fetchall()


def _wanted(connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    if _LOG not in tables:
        return
    for followed in followed_tables().values():
        if followed.table in tables:
            yield from make(followed)


def _name(definition: str) -> str:
    """Names carry what the trigger does: a changed table gets new ones."""
    return _PREFIX + hashlib.sha256(definition.encode()).hexdigest()[:16]


def _changed(followed: Followed) -> str:
    return " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in followed.seen)


def _row(followed: Followed, which: str, function: str) -> str:
    pairs = ", ".join(f"'{name}', {which}.\"{name}\"" for name in followed.finding)
    return f"{function}({pairs})"


def _sqlite(followed: Followed) -> Iterator[Trigger]:
    old, new = (_row(followed, which, "json_object") for which in ("OLD", "NEW"))
    for event, before, after in (
        ("INSERT", "NULL", new),
        ("DELETE", old, "NULL"),
        ("UPDATE", old, new),
    ):
        condition = f"WHEN {_changed(followed)} " if event == "UPDATE" else ""
        body = (
            f'AFTER {event} ON "{followed.table}" FOR EACH ROW {condition}BEGIN '
            f'INSERT INTO "{_LOG}" ("table", "old", "new") '
            f"VALUES ('{followed.table}', {before}, {after}); END"
        )
        name = _name(body)
        yield Trigger(name, followed.table, (f'CREATE TRIGGER "{name}" {body}',))


def _postgresql(followed: Followed) -> Iterator[Trigger]:
    old, new = (_row(followed, which, "jsonb_build_object") for which in ("OLD", "NEW"))
    for event, before, after in (
        ("INSERT", "NULL", new),
        ("DELETE", old, "NULL"),
        ("UPDATE", old, new),
    ):
        condition = f"WHEN ({_changed(followed)}) " if event == "UPDATE" else ""
        body = (
            f'BEGIN INSERT INTO "{_LOG}" ("table", "old", "new") '
            f"VALUES ('{followed.table}', {before}, {after}); RETURN NULL; END"
        )
        head = f'AFTER {event} ON "{followed.table}" FOR EACH ROW {condition}'
        name = _name(head + body)
        yield Trigger(
            name,
            followed.table,
            (
                f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql '
                f"AS $body$ {body} $body$",
                f'CREATE TRIGGER "{name}" {head} EXECUTE FUNCTION "{name}"()',
            ),
        )
