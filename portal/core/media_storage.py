"""Where media lie: in the folder that web servers send, or beside it where none looks."""

import contextlib
import errno
import shutil
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages

# Sent by the portal after a look at rights, never by a web server.
_GUARDED = "documents/"


def withheld() -> FileSystemStorage:
    """What was taken offline. It has no address."""
    found = storages["withheld"]
    assert isinstance(found, FileSystemStorage)
    return found


class MediaStorage(FileSystemStorage):
    """Media. The name of a withheld file is taken; deleted, it is deleted there too.

    Documents are read by the house all the while: by who mends the page, and by the scan of files.
    """

    def exists(self, name: str) -> bool:
        return super().exists(name) or withheld().exists(name)

    def delete(self, name: str) -> None:
        super().delete(name)
        withheld().delete(name)

    def size(self, name: str) -> int:
        return super().size(name) if super().exists(name) else withheld().size(name)

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        if name.startswith(_GUARDED) and not super().exists(name) and withheld().exists(name):
            return withheld().open(name, mode)
        return super()._open(name, mode)  # type: ignore[misc]


def move(name: str, source: FileSystemStorage, target: FileSystemStorage) -> bool:
    """Move a file in one step; False: it is neither here nor there.

    Done again after a kill at any point it ends the same. A file is never in neither place, and
    half a file is never under its name.
    """
    here, there = Path(source.path(name)), Path(target.path(name))
    if not here.is_file():
        return there.is_file()
    there.parent.mkdir(parents=True, exist_ok=True)
    try:
        here.replace(there)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = there.with_name(f"{there.name}.part")  # another disk
        shutil.copy2(here, part)
        part.replace(there)
        with contextlib.suppress(FileNotFoundError):
            here.unlink()
    return True
