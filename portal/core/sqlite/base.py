"""SQLite makes a file that is missing, and goes on with one that was taken away.

The first would serve an empty portal, the second would store letters in a file that nobody can
open. A process that saw the file once, or that serves visitors, does neither: it fails until there
is a file again, and then uses that one.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

_seen: set[str] = set()
_is_serving = False


def serve_only() -> None:
    """This process makes no database: what is missing is missing."""
    global _is_serving
    _is_serving = True


class DatabaseWrapper(base.DatabaseWrapper):
    _identity: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        name = str(conn_params["database"])
        if self.is_in_memory_db() or name.startswith("file:"):
            return super().get_new_connection(conn_params)
        if (_is_serving or name in _seen) and not Path(name).exists():
            raise self.Database.OperationalError("the database file is missing")
        connection = super().get_new_connection(conn_params)
        self._identity = _identity(name)
        if self._identity is not None:
            _seen.add(name)
        return connection

    def is_usable(self) -> bool:
        """Whether the open file is still the one that stands at its place: one look per request."""
        return (
            self._identity is None or _identity(str(self.settings_dict["NAME"])) == self._identity
        )


def _identity(name: str) -> tuple[int, int] | None:
    with suppress(OSError):
        found = Path(name).stat()
        return found.st_dev, found.st_ino
    return None
