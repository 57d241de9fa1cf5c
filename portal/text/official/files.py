"""Many files, read and taken apart beside the process that stores them."""

import hashlib
import logging
import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from .model import Parsed, Source
from .parsing import parse
from .reading import DocumentFileError, Limits, read

logger = logging.getLogger(__name__)

# So many files are under way for each worker: enough to keep it busy, few enough for memory.
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Taken:
    """One file: ``parsed`` with its ``source``, or ``refusal`` (None: it was read)."""

    path: Path
    digest: str = ""
    source: Source | None = None
    parsed: Parsed | None = None
    refusal: DocumentFileError | None = None


def digest_of(data: bytes) -> str:
    """What tells whether a file was brought in before, whatever it is called."""
    return hashlib.sha256(data).hexdigest()


def take(path: Path, *, limits: Limits | None = None) -> Taken:
    """Read one file and take it apart. What cannot be read is a refusal, never an exception."""
    limits = limits or Limits()
    try:
        if path.stat().st_size > limits.file_size:
            raise DocumentFileError("too_large", limit=limits.file_size)
        data = path.read_bytes()
    except OSError as error:
        return Taken(path, refusal=DocumentFileError("broken", kind=error.strerror or "file"))
    except DocumentFileError as error:
        return Taken(path, refusal=error)
    return take_bytes(path, data, limits=limits)


def take_bytes(path: Path, data: bytes, *, limits: Limits | None = None) -> Taken:
    """As ``take``, for bytes that are in memory; ``path`` gives the name."""
    digest = digest_of(data)
    try:
        source = read(data, path.name, limits=limits or Limits())
        return Taken(path, digest, source, parse(source))
    except DocumentFileError as error:
        return Taken(path, digest, refusal=error)
    except Exception:
        # A fault of ours, to be mended; it must not cost the other files of a long run.
        logger.exception("A file could not be taken apart: %s (%s)", path.name, digest)
        return Taken(path, digest, refusal=DocumentFileError("failed"))


def take_all(paths: Iterable[Path], *, workers: int = 1) -> Iterator[Taken]:
    """Yield the files in their order.

    A worker that dies (a file that eats its memory) costs the file that it was at, not the run.
    """
    if workers < 2:
        yield from map(take, paths)
        return
    context = multiprocessing.get_context("spawn")  # never a copy of open database connections
    waiting: list[tuple[Path, Future[Taken]]] = []
    remaining = iter(paths)
    pool = ProcessPoolExecutor(workers, mp_context=context)
    try:
        while True:
            while len(waiting) < workers * _AHEAD and (path := next(remaining, None)) is not None:
                waiting.append((path, pool.submit(take, path)))
            if not waiting:
                return
            path, future = waiting.pop(0)
            try:
                yield future.result()
            except BrokenProcessPool:
                pool.shutdown(cancel_futures=True)
                pool = ProcessPoolExecutor(workers, mp_context=context)
                yield Taken(path, refusal=DocumentFileError("too_complex", kind=path.suffix))
                waiting = [(other, pool.submit(take, other)) for other, _future in waiting]
    finally:
        pool.shutdown(cancel_futures=True)
