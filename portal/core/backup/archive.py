"""The file of a backup: a tar that begins with what it is and ends with what it holds.

::

    manifest.json      format, version, time, kind of database, migrations, rows of each table
    environment.json   the settings that came from outside, secrets too
    database.…         SQLite's file, or PostgreSQL's dump
    files/…            the data folder without what is made anew
    contents.json      size and SHA-256 of everything above; without it the file is not whole
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from .problems import BackupError, DamagedBackup

FORMAT = 1
MANIFEST, ENVIRONMENT, CONTENTS = "manifest.json", "environment.json", "contents.json"
FILES = "files"


class _Hashing:
    """A reader that notes what went through."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


class Writer:
    """Adds to an archive and remembers what it added."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar, self.contents = tar, dict[str, tuple[int, str]]()

    def value(self, name: str, value: Any) -> None:
        content = json.dumps(value, ensure_ascii=False, indent=1).encode()
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o600
        self._add(entry, io.BytesIO(content))

    def file(self, name: str, path: Path) -> None:
        """As much of the file as there is now: a log may grow meanwhile."""
        with path.open("rb") as file:
            entry = self._tar.gettarinfo(arcname=name, fileobj=file)
            # Hard links stand for themselves: a link to another name would not be checked.
            entry.type, entry.linkname = tarfile.REGTYPE, ""
            entry.size = os.fstat(file.fileno()).st_size
            self._add(entry, file)

    def folder(self, name: str, path: Path) -> None:
        self._tar.add(path, name, recursive=False)

    def _add(self, entry: tarfile.TarInfo, file: IO[bytes]) -> None:
        hashing = _Hashing(file)
        self._tar.addfile(entry, cast("IO[bytes]", hashing))
        self.contents[entry.name] = (entry.size, hashing.digest.hexdigest())


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Make the file under another name; it gets its own when it is whole and on the disk."""
    beside = target.with_name(f".{target.name}.unfinished")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as tar:
                writer = Writer(tar)
                yield writer
                writer.value(CONTENTS, writer.contents)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def manifest_of(source: Path) -> dict[str, Any]:
    """What a backup says of itself."""
    with _reading(source) as tar:
        first = tar.next()
        if first is None or first.name != MANIFEST:
            raise DamagedBackup(f"{source} is not a backup of this portal.")
        found: dict[str, Any] = json.loads(cast("IO[bytes]", tar.extractfile(first)).read())
    if found.get("format") != FORMAT:
        raise BackupError(f"{source} was written in format {found.get('format')}; known: {FORMAT}.")
    return found


def unpack(source: Path, target: Path) -> dict[str, Any]:
    """Take everything out into an empty folder and compare it with what was put in.

    Returns: the settings that came from outside.
    """
    seen: dict[str, tuple[int, str]] = {}
    with _reading(source) as tar:
        for entry in tar:
            if entry.name.startswith("/") or ".." in entry.name.split("/"):
                raise DamagedBackup(f"{source} names a place outside: {entry.name}")
            tar.extract(entry, target, filter="data")
            if entry.isdir():  # that filter leaves out who may look into a folder
                (target / entry.name).chmod(entry.mode & 0o777 | 0o700)
            if entry.isfile():
                with (target / entry.name).open("rb") as file:
                    seen[entry.name] = (entry.size, hashlib.file_digest(file, "sha256").hexdigest())
        # A tar ends before its file does: gzip compares its checksum, of names and times too, last.
        while tar.fileobj and tar.fileobj.read(1 << 20):
            pass
    if CONTENTS not in seen:
        raise DamagedBackup(f"{source} is cut off: its list of contents is missing.")
    del seen[CONTENTS]
    try:
        told = json.loads((target / CONTENTS).read_text(encoding="utf-8"))
    except ValueError as error:
        raise DamagedBackup(f"{source} is damaged: {CONTENTS} ({error})") from error
    wrong = sorted(
        name for name in told.keys() | seen.keys() if tuple(told.get(name, ())) != seen.get(name)
    )
    if wrong:
        raise DamagedBackup(f"{source} is damaged: {', '.join(wrong[:5])} ({len(wrong)} in all).")
    found: dict[str, Any] = json.loads((target / ENVIRONMENT).read_text(encoding="utf-8"))
    return found


@contextmanager
def _reading(source: Path) -> Iterator[tarfile.TarFile]:
    if not source.is_file():
        raise BackupError(f"There is no file {source}.")
    try:
        with tarfile.open(source, "r:gz") as tar:
            yield tar
    # No other OSError: a full disk is not the file's fault.
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error, ValueError) as error:
        raise DamagedBackup(f"{source} cannot be read: {error}") from error
