from functools import partial
from typing import Any

from django.db.backends.postgresql import base

from portal.core.connecting import Door

_doors: dict[tuple[Any, ...], Door] = {}


def _door(params: dict[str, Any]) -> Door:
    place = tuple(params.get(name) for name in ("host", "port", "dbname", "user"))
    longest = float(params.get("connect_timeout") or 10) + 1
    return _doors.setdefault(place, Door(longest=longest))


class DatabaseWrapper(base.DatabaseWrapper):
    """Fails at once while the server is known to be away."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connect = partial(super().get_new_connection, conn_params)
        return _door(conn_params).through(connect, self.Database.OperationalError)
