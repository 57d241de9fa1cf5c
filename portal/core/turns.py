"""Writers of the page tree take turns.

All of them write the same few rows (version of the structure, counts of the portal's home, the
outbox), each in another order: on PostgreSQL two that publish at once would wait for each other
until one is killed. SQLite has one writer at a time anyway.
"""

from django.db import connection

# Any constant of our own; it only has to be the same in all processes.
_LOCK = 7_120_451


def take_turn() -> None:
    """Wait until no other transaction writes; ours holds the turn until it ends.

    To be called first in a transaction: before anything that others may wait for is written.
    """
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
