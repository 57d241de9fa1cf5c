"""Files of finished pages: written whole or not at all, and gone when they are said to be."""

import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import brotli

from . import layout

type Headers = Sequence[tuple[str, str]]

_SMALLEST_PACKED = 200  # bytes; below it packing makes it larger


@dataclass(frozen=True, slots=True)
class Finished:
    """A page as visitors get it.

    ``digest``: SHA-256 of ``body``, hex. ``holds_until``: when it says something else by itself, in
    seconds of Unix time. ``is_apart``: a web server that sends the file as any other would send it
    wrongly (``apart``).
    """

    body: bytes
    headers: tuple[tuple[str, str], ...]
    holds_until: float | None = None
    is_apart: bool = False

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class Files:
    """The folder of the store. ``root`` is made when it is first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.live = root / layout.LIVE

    # --- generations --------------------------------------------------------------------------
    def ready(self) -> None:
        """There is a generation that is served."""
        if not self.live.is_symlink():
            self.switch()

    def switch(self) -> Path:
        """Serve from a new, empty folder from now on, in one step.

        Returns:
            The folder that is served now; those of before are for ``sweep``.
        """
        generations = self.root / layout.GENERATIONS
        generations.mkdir(parents=True, exist_ok=True)
        fresh = generations / f"{time.time_ns()}-{secrets.token_hex(3)}"
        fresh.mkdir()
        link = self.root / f".live-{secrets.token_hex(6)}"
        link.symlink_to(Path(layout.GENERATIONS) / fresh.name)
        link.replace(self.live)
        return fresh

    def sweep(self) -> int:
        """Delete the generations that are served no more; how many."""
        served = self.live.resolve()
        gone = 0
        generations = self.root / layout.GENERATIONS
        for folder in generations.iterdir() if generations.is_dir() else ():
            if folder.resolve() != served:
                shutil.rmtree(folder, ignore_errors=True)
                gone += 1
        return gone

    # --- pages --------------------------------------------------------------------------------
    def write(self, folder: str, page: Finished) -> None:
        """Put a page in place. Each file appears whole; the plain one, which counts, last."""
        place = self.live / folder
        place.mkdir(parents=True, exist_ok=True)
        packed = {
            ".gz": gzip.compress(page.body, 6, mtime=0),
            ".br": brotli.compress(page.body, quality=5),
        }
        told = {"headers": page.headers, "digest": page.digest, "until": page.holds_until}
        mark = place / layout.APART_FILE
        if page.is_apart:
            _put(mark, b"")
        _put(place / layout.HEADERS_FILE, json.dumps(told).encode())
        for suffix, content in packed.items():
            file = place / (layout.PAGE_FILE + suffix)
            if len(page.body) >= _SMALLEST_PACKED:
                _put(file, content)
            else:
                file.unlink(missing_ok=True)
        _put(place / layout.PAGE_FILE, page.body)
        if not page.is_apart:
            # Last: until the new page is there, the mark is that of the old one.
            mark.unlink(missing_ok=True)

    def remove(self, folder: str) -> bool:
        """Take a page away; whether it was there.

        The plain file goes first: whoever comes in between is answered by the application.
        """
        place = self.live / folder
        there = _unlink(place / layout.PAGE_FILE)
        packed = (f"{layout.PAGE_FILE}.br", f"{layout.PAGE_FILE}.gz")
        for name in (*packed, layout.HEADERS_FILE, layout.APART_FILE):
            _unlink(place / name)
        return there

    def digest(self, folder: str) -> str:
        """SHA-256 of the page as it lies there, hex."""
        with (self.live / folder / layout.PAGE_FILE).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def pages(self) -> Iterator[str]:
        """The folders below ``live`` in which a page lies."""
        for folder, _folders, names in os.walk(self.live.resolve()):
            if layout.PAGE_FILE in names:
                yield os.path.relpath(folder, self.live.resolve())

    def clear_unfinished(self) -> int:
        """Delete what killed processes had begun to write; nobody writes meanwhile. How many."""
        gone = 0
        for folder, _folders, names in os.walk(self.live.resolve()):
            for name in names:
                if name.startswith(_UNFINISHED):
                    gone += _unlink(Path(folder) / name)
        return gone

    def strangers(self) -> Iterator[Path]:
        """Files that are no part of a page."""
        own = {layout.APART_FILE, layout.HEADERS_FILE, layout.PAGE_FILE}
        own |= {layout.PAGE_FILE + suffix for suffix in layout.ENCODINGS.values()}
        for folder, _folders, names in os.walk(self.live.resolve()):
            for name in names:
                if name not in own and not name.startswith(_UNFINISHED):
                    yield Path(folder) / name


_UNFINISHED = ".unfinished-"


def _put(file: Path, content: bytes) -> None:
    unfinished = file.with_name(f"{_UNFINISHED}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with unfinished.open("xb") as stream:
            stream.write(content)
        unfinished.replace(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _unlink(file: Path) -> bool:
    try:
        file.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


@contextlib.contextmanager
def locked(file: Path, *, patience: float | None = None) -> Iterator[bool]:
    """Hold a lock that all processes of this machine share.

    Args:
        file: made when it is not there.
        patience: seconds to wait for it; None waits as long as it takes.

    Yields:
        Whether it is held.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        yield _lock(descriptor, patience)
    finally:
        os.close(descriptor)  # gives the lock back


def _lock(descriptor: int, patience: float | None) -> bool:
    if patience is None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return True
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.005)
        else:
            return True
