"""Writing many rows of one table as fast as the database takes them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, connections, models
from wagtail.models import Page


def insert(model: type[models.Model], objects: Iterable[models.Model]) -> None:
    """Insert objects into the table of ``model``, as they are: no signals, no look at conflicts.

    Unlike ``bulk_create`` it writes one table of a model that inherits from another, so a page is
    written by one call for ``Page`` and one for its type. Primary keys are written where the first
    object has one and left to the database otherwise (and are not read back). PostgreSQL gets the
    rows by COPY, which takes a fraction of the processor time of INSERT on both sides.
    """
    objects = list(objects)
    if not objects:
        return
    fields: list[Any] = list(model._meta.local_concrete_fields)
    if objects[0].pk is None:
        fields = [field for field in fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    database = connections[connection.alias]  # not the proxy: it is asked for every single value
    rows = (
        [field.get_db_prep_save(field.pre_save(obj, True), database) for field in fields]
        for obj in objects
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            holders = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({holders})"  # noqa: S608 - names
            cursor.executemany(statement, list(rows))


def reserve_ids(model: type[models.Model], number: int) -> Sequence[int]:
    """Primary keys for new rows, so that rows which name each other can be written at once.

    Call it in a transaction: on SQLite that holds the only write lock, so the next numbers are
    free; PostgreSQL's sequence never gives a number twice.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, number],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    last = int(row[0]) if row else 0
    return range(last + 1, last + 1 + number)


def last_step(parent: Page) -> int:
    """The number, in treebeard's count, of a page's last child; 0 when it has none."""
    below = Page._get_children_path_interval(parent.path)
    children = Page.objects.filter(depth=parent.depth + 1, path__range=below)
    last = children.order_by("-path").values_list("path", flat=True).first()
    step: int = Page._str2int(last[-Page.steplen :]) if last else 0
    return step
