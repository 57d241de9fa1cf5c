"""The database refuses to change or remove entries, whoever asks.

Whoever may change the database's own definitions can take these guards away: then the chain tells.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.core.models import AuditEntry

_TABLE = AuditEntry._meta.db_table
_NAME = f"{_TABLE}_kept"
_REFUSAL = "entries of the audit log are neither changed nor removed"
_SEALED_BY = ("seq", "chain")


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the guards anew, for the columns that there are."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'DROP TRIGGER IF EXISTS "{_NAME}" ON "{_TABLE}"')
            cursor.execute(f'DROP FUNCTION IF EXISTS "{_NAME}"()')
        else:
            for event in ("update", "delete"):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{_NAME}_{event}"')


def are_installed(connection: BaseDatabaseWrapper) -> bool:
    query = (
        "SELECT count(*) FROM pg_trigger WHERE tgname = %s AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s || '%%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [_NAME])
        return bool(cursor.fetchone()[0] == (1 if connection.vendor == "postgresql" else 2))


@contextmanager
def lifted() -> Iterator[None]:
    """Within a transaction: for what takes out entries whose time is over."""
    installed = are_installed(connection)
    if installed:
        remove(connection)
    yield
    if installed:
        install(connection)


def _statements(connection: BaseDatabaseWrapper) -> list[str]:
    columns = [field.column for field in AuditEntry._meta.concrete_fields]
    changed = " OR ".join(
        f'OLD."{column}" IS DISTINCT FROM NEW."{column}"'
        for column in columns
        if column not in _SEALED_BY
    )
    forbidden = f'{changed} OR OLD."seq" IS NOT NULL'
    if connection.vendor == "postgresql":
        return [
            f'CREATE FUNCTION "{_NAME}"() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN '
            f"IF TG_OP = 'UPDATE' THEN IF NOT ({forbidden}) THEN RETURN NEW; END IF; END IF; "
            f"RAISE EXCEPTION '{_REFUSAL}'; END $body$",
            f'CREATE TRIGGER "{_NAME}" BEFORE UPDATE OR DELETE ON "{_TABLE}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{_NAME}"()',
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    return [
        f'CREATE TRIGGER "{_NAME}_update" BEFORE UPDATE ON "{_TABLE}" WHEN {forbidden} {refuse}',
        f'CREATE TRIGGER "{_NAME}_delete" BEFORE DELETE ON "{_TABLE}" {refuse}',
    ]
