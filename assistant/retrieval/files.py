"""The base of an index on disk: a folder of arrays, written beside and renamed when it is whole.

``<n>/manifest.json`` names every file with its size and checksum, and is written last. A reader
takes the newest folder that is whole and readable; what is torn, or of another format, is passed
over and made anew from the source. Folders are never changed: processes that have mapped one keep
it, even after it was removed.
"""

import fcntl
import json
import logging
import os
import shutil
import uuid
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy

from .segment import Arrays, Bytes, Segment
from .source import Generation, Model

logger = logging.getLogger(__name__)

FORMAT = 2
MANIFEST = "manifest.json"
KEPT = 2
_BLOCK = 1 << 20


class Unreadable(Exception):
    """A folder is not a whole index of this format; the message says why."""


@dataclass(frozen=True, slots=True)
class Base:
    """A segment and what it was made from: all changes up to ``seq`` of the source ``epoch``, read
    as ``reading`` says."""

    segment: Segment
    seq: int
    epoch: str
    reading: str
    number: int


class FileRows:
    """Rows of vectors that go to a file as they come."""

    def __init__(self, path: Path, model: Model) -> None:
        self._path = path
        self._shape = (0, model.dimensions)
        self._file: BinaryIO = path.open("wb")
        self._write_header()

    def add(self, rows: Bytes) -> None:
        if len(rows):
            self._file.write(np.ascontiguousarray(rows, np.int8).tobytes())
            self._shape = (self._shape[0] + len(rows), self._shape[1])

    def all(self) -> Bytes:
        self._file.seek(0)
        self._write_header()
        self._file.close()
        array: Bytes = np.load(self._path, mmap_mode="r" if self._shape[0] else None)
        return array

    def _write_header(self) -> None:
        # Of a fixed length: the shape is known at the end only.
        header = {"descr": "|i1", "fortran_order": False, "shape": self._shape}
        npy.write_array_header_1_0(self._file, header)
        if self._file.tell() != 128:
            raise ValueError(f"the header of {self._path.name} has an unexpected length")


@contextmanager
def building(directory: Path) -> Iterator[bool]:
    """True for the one process that may write here now; ends with the process at the latest."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def write(
    directory: Path, generation: Generation, reading: str, make: Callable[[Path], Segment]
) -> Path:
    """A new folder with what ``make`` builds (it may write vectors to the folder it is given).

    To be called while ``building`` says so. What a killed process left behind is removed.
    """
    for left in directory.glob(".new-*"):
        shutil.rmtree(left, ignore_errors=True)
    beside = directory / f".new-{uuid.uuid4().hex}"
    beside.mkdir()
    try:
        segment = make(beside)
        for name, array in segment.arrays.items():
            if not (beside / f"{name}.npy").exists():
                np.save(beside / f"{name}.npy", array, allow_pickle=False)
        _write_manifest(beside, segment, generation, reading)
        _sync(beside)
        number = newest_number(directory) + 1
        beside.rename(directory / str(number))
        _sync(directory, files=False)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    for old in _numbers(directory):
        if old <= number - KEPT:
            shutil.rmtree(directory / str(old), ignore_errors=True)
    return directory / str(number)


def newest_number(directory: Path) -> int:
    """The number of the newest folder, whole or not; 0: there is none."""
    return max(_numbers(directory), default=0)


def newest(directory: Path, above: int = 0, *, check: bool = True) -> Base | None:
    """The newest base that is whole, with a higher number than ``above``; None: there is none."""
    for number in sorted(_numbers(directory), reverse=True):
        if number <= above:
            break
        try:
            return read(directory / str(number), check=check)
        except Unreadable as reason:
            logger.warning("Index %s is passed over: %s", number, reason)
    return None


def read(folder: Path, *, check: bool = True) -> Base:
    """Map a base. ``check``: compare all bytes with their checksums (a second for a gigabyte).

    Raises:
        Unreadable: it is torn, damaged or of another format.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        if manifest["format"] != FORMAT:
            raise Unreadable(f"its format is {manifest['format']}, not {FORMAT}")
        arrays: Arrays = {}
        for name, (size, checksum) in manifest["files"].items():
            path = folder / f"{name}.npy"
            if path.stat().st_size != size or (check and _checksum(path) != checksum):
                raise Unreadable(f"{path.name} is damaged")
            arrays[name] = _mapped(path)
        segment = Segment(
            arrays,
            tuple(manifest["languages"]),
            tuple(manifest["audiences"]),
            {space: Model(**model) for space, model in manifest["spaces"].items()},
            manifest["averages"],
        )
        return Base(
            segment,
            manifest["seq"],
            manifest["epoch"],
            manifest["reading"],
            int(folder.name),
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _write_manifest(folder: Path, segment: Segment, generation: Generation, reading: str) -> None:
    files = {
        path.stem: (path.stat().st_size, _checksum(path)) for path in sorted(folder.glob("*.npy"))
    }
    manifest: Mapping[str, Any] = {
        "format": FORMAT,
        "seq": generation.seq,
        "epoch": generation.epoch,
        "reading": reading,
        "languages": segment.languages,
        "audiences": segment.audiences,
        "spaces": {space: asdict(model) for space, model in segment.spaces.items()},
        "averages": dict(segment.averages),
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))


def _mapped(path: Path) -> Any:
    try:
        # As a plain array: the class of mapped ones makes each of a thousand small looks slow.
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:  # an empty array cannot be mapped
        return np.load(path, allow_pickle=False)


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found = zlib.crc32(block, found)
    return found


def _numbers(directory: Path) -> list[int]:
    if not directory.is_dir():
        return []
    return [int(path.name) for path in directory.iterdir() if path.name.isdecimal()]


def _sync(folder: Path, *, files: bool = True) -> None:
    """To the disk itself: a power cut must not leave a whole name with half a content."""
    for path in [*folder.iterdir(), folder] if files else [folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
