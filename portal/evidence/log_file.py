"""The log as a file: the same bytes as in the table, on a disk that the database knows nothing of.

One entry a line: the leaf, a tab, the chain. The file is written and synced before the table: a
process that dies in between leaves lines that the next one takes over into the table, and at most
one half line at the end, which is cut off and never believed.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .leaves import chained
from .merkle import leaf_hash

_HEADER = b"portal-evidence-log v1 "
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands, with the offset of its first byte and of the next line's."""

    offset: int
    end: int
    raw: bytes

    @property
    def leaf(self) -> bytes:
        return self.raw.partition(b"\t")[0]

    @property
    def chain(self) -> str:
        return self.raw.partition(b"\t")[2].decode("ascii", "replace")

    def values(self) -> dict[str, Any] | None:
        """What the leaf says; None where it is none."""
        try:
            found = json.loads(self.leaf)
        except ValueError:
            return None
        return found if isinstance(found, dict) and isinstance(found.get("seq"), int) else None

    def follows(self, chain: str) -> bool:
        """Whether the line continues what ended with this chain."""
        return self.chain == chained(chain, leaf_hash(self.leaf).hex())


@dataclass(slots=True)
class LogFile:
    """An append-only file. Only one process appends at a time: whoever holds the log's row."""

    path: Path

    def identity(self) -> str | None:
        """Of the log that it belongs to; "" where the first line is none, None without a file."""
        try:
            with self.path.open("rb") as file:
                first = file.readline(200)
        except FileNotFoundError:
            return None
        if not first.startswith(_HEADER) or not first.endswith(b"\n"):
            return ""
        return first.removeprefix(_HEADER).strip().decode("ascii", "replace")

    def begin(self, identity: str) -> None:
        """Make the file with its first line; there is none yet."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path.open("xb") as file:
            file.write(_HEADER + identity.encode() + b"\n")
            _sync(file)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # its name too survives a power cut
        finally:
            os.close(folder)

    def mend(self) -> bytes:
        """Cut off what a killed process left of a line at the end; what was cut."""
        with self.path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            place, kept = size, b""
            while place > 0 and b"\n" not in kept:
                step = min(_BLOCK, place)
                place -= step
                file.seek(place)
                kept = file.read(step) + kept
            torn = kept.rpartition(b"\n")[2]
            if torn:
                file.truncate(size - len(torn))
                _sync(file)
            return torn

    def cut(self, offset: int) -> None:
        """Give up what stands from a line's offset on."""
        with self.path.open("r+b") as file:
            file.truncate(offset)
            _sync(file)

    def last(self) -> Line | None:
        """The last whole line; None where the file has no entry."""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            step = min(size, _BLOCK)
            file.seek(size - step)
            lines = file.read(step).split(b"\n")[:-1]
        if not lines or lines[-1].startswith(_HEADER):
            return None
        raw = lines[-1]
        return Line(size - len(raw) - 1, size, raw)

    def append(self, lines: Sequence[tuple[bytes, str]]) -> None:
        """Write leaves with their chains, synced to the disk when this returns."""
        with self.path.open("ab") as file:
            for leaf, chain in lines:
                file.write(leaf + b"\t" + chain.encode() + b"\n")
            _sync(file)

    def lines(self, offset: int = 0) -> Iterator[Line]:
        """The whole lines from an offset on (0: from the first entry). A half one is left out."""
        with self.path.open("rb") as file:
            if offset == 0:
                offset = len(file.readline())
            file.seek(offset)
            for raw in file:
                if not raw.endswith(b"\n"):
                    return
                end = offset + len(raw)
                yield Line(offset, end, raw[:-1])
                offset = end

    def put_aside(self) -> Path:
        """Rename a file that does not belong to this log; it is kept."""
        with self.path.open("rb") as file:
            mark = hashlib.file_digest(file, "sha256").hexdigest()[:12]
        target = self.path.with_name(f"{self.path.stem}-aside-{mark}{self.path.suffix}")
        self.path.replace(target)
        return target


def _sync(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
