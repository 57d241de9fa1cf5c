"""Which files below the data folder a backup carries."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from portal.core.extension_points import backup_parts

RECORDS = "backups"
# Of the core: what lives as long as the processes, what `portal setup` makes, what programs say.
_DERIVED = ("run", "logs", "static", RECORDS)


def derived() -> frozenset[str]:
    """Folders that are made anew from the rest, relative to the data folder."""
    named = (folder for entry in backup_parts.entries() for folder in entry.item.derived)
    return frozenset((*_DERIVED, *named))


def carried(data: Path) -> Iterator[Path]:
    """Folders and files to carry, relative to ``data``; a folder before what lies in it."""
    left_out = {data / name for name in derived()} | _database_files()
    for place, folders, files in os.walk(data):
        here = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if here / name not in left_out and not _of_a_restore(here, name, data)
        )
        if here != data:
            yield here.relative_to(data)
        for name in sorted(files):
            path = here / name
            # Sockets and links do not come from the portal; an unfinished backup is none.
            if path not in left_out and path.is_file() and not path.is_symlink():
                yield path.relative_to(data)


def _of_a_restore(here: Path, name: str, data: Path) -> bool:
    return here == data and name.startswith((".restoring-", "before-restore-", ".backup-"))


def _database_files() -> set[Path]:
    if connection.vendor != "sqlite":
        return set()
    name = str(connection.settings_dict["NAME"])
    return {Path(name + ending) for ending in ("", "-wal", "-shm", "-journal")}


def data_folder() -> Path:
    return Path(settings.DATA_DIR)
