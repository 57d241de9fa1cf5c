"""Generations as folders of one machine.

``search/<identity>.<serial>/`` is a tantivy index with ``generation.json`` beside its files, which
says what it was made of. ``search/current`` names the one in use and is exchanged by a rename.
"""

import datetime
import fcntl
import json
import shutil
import time
from contextlib import suppress
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path

from portal.search.engine.contract import (
    FACETS,
    EngineQuery,
    EngineUnavailable,
    Everything,
    Filters,
    Sort,
)
from portal.search.engine.tantivy_engine import TantivyEngine
from portal.search.engine.tantivy_schema import schema_hash
from portal.search.engine.tantivy_writer import BUILDING_HEAP_BYTES, HEAP_BYTES, TantivyWriter

from .plan import Identity, Plan
from .stores import Generation

POINTER = "current"
MANIFEST = "generation.json"
COMPLAINT = "complaint"
LEAST_FREE_BYTES = 100 * 1024 * 1024
# Readers look at the pointer with each search: after this long nobody is inside the old one.
GRACE_SECONDS = 60.0
LOOK_SECONDS = 60.0
BELIEVED_SECONDS = 600.0


class Manifest:
    """What a folder says of itself."""

    def __init__(self, identity: Identity, words: frozenset[str]) -> None:
        self.identity, self.words = identity, words

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raises:
        EngineUnavailable: it is not there, or not whole.
        """
        try:
            held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            return cls(Identity(**held["identity"]), frozenset(held["words"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EngineUnavailable(f"{folder.name} is no index of the portal: {error}") from error

    def write(self, folder: Path) -> None:
        held = {"identity": asdict(self.identity), "words": sorted(self.words)}
        _exchange(folder / MANIFEST, json.dumps(held, ensure_ascii=False))


def pointed_at(base: Path) -> Path | None:
    """The folder in use; None where no index was ever finished."""
    try:
        name = (base / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise EngineUnavailable(f"{base / POINTER} cannot be read: {error}") from error
    # Written by this module only; whatever else stands there must not lead anywhere.
    if not name or "/" in name or name.startswith("."):
        raise EngineUnavailable(f"{base / POINTER} does not name an index.")
    return base / name


class FolderGeneration(Generation):
    """One folder, open for writing."""

    def __init__(self, folder: Path, manifest: Manifest, *, heap_bytes: int) -> None:
        writer = TantivyWriter(folder, heap_bytes=heap_bytes)
        super().__init__(folder.name, manifest.identity, manifest.words, writer)
        self.folder = folder


class FolderStore:
    """The indexes of this machine. One process writes: whoever holds ``search/writer.lock``."""

    def __init__(self, base: Path, name: str) -> None:
        self.base, self.name = base, name
        self._lock: TextIOWrapper | None = None
        self._retired: dict[Path, float] = {}
        self._kept: set[Path] = set()
        self._looked_at = time.monotonic()
        self._believed_at = -BELIEVED_SECONDS

    def claim(self) -> bool:
        if self._lock is not None:
            return True
        lock = None
        try:
            self.base.mkdir(parents=True, exist_ok=True)
            lock = (self.base / "writer.lock").open("a")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if lock is not None:
                lock.close()
            return False
        except OSError as error:
            raise EngineUnavailable(f"{self.base} cannot be used: {error}") from error
        self._lock = lock
        return True

    def release(self) -> None:
        if self._lock is not None:
            self._lock.close()  # and with it the lock
            self._lock = None

    def in_use(self) -> FolderGeneration | None:
        folder = pointed_at(self.base)
        if folder is None:
            return None
        manifest = Manifest.read(folder)
        if manifest.identity.schema != schema_hash():
            return None  # of an older portal: others may still read it, nobody can write it
        self._kept.add(folder)
        return self._open(folder, manifest, HEAP_BYTES)

    def unfinished(self, plan: Plan) -> FolderGeneration:
        current = pointed_at_or_none(self.base)
        for folder in self._of(plan.identity):
            if folder != current:
                try:
                    return self._open(folder, Manifest.read(folder), BUILDING_HEAP_BYTES)
                except EngineUnavailable:
                    shutil.rmtree(folder, ignore_errors=True)
        return self._begun(plan)

    def _begun(self, plan: Plan) -> FolderGeneration:
        serial = 1 + max((_serial(folder) for folder in self.base.glob("*.*")), default=0)
        folder = self.base / f"{plan.identity.name}.{serial}"
        try:
            folder.mkdir(parents=True)
            manifest = Manifest(plan.identity, plan.words)
            manifest.write(folder)
        except OSError as error:
            raise EngineUnavailable(f"{folder} cannot be made: {error}") from error
        return self._open(folder, manifest, BUILDING_HEAP_BYTES)

    def _open(self, folder: Path, manifest: Manifest, heap_bytes: int) -> FolderGeneration:
        generation = FolderGeneration(folder, manifest, heap_bytes=heap_bytes)
        self._kept.add(folder)
        self._retired.pop(folder, None)
        return generation

    def use(self, generation: Generation) -> None:
        try:
            _exchange(self.base / POINTER, generation.name)
            (self.base / COMPLAINT).unlink(missing_ok=True)
        except OSError as error:
            raise EngineUnavailable(f"{self.base / POINTER} cannot be written: {error}") from error
        self._kept = {self.base / generation.name}

    def discard(self, generation: Generation) -> None:
        self._kept.discard(self.base / generation.name)
        with suppress(EngineUnavailable):  # it is taken away for a reason
            generation.close()
        shutil.rmtree(self.base / generation.name, ignore_errors=True)

    def complaint(self) -> str:
        current = pointed_at_or_none(self.base)
        if current is None:
            return ""
        try:
            name, _, reason = (self.base / COMPLAINT).read_text(encoding="utf-8").partition("\n")
        except (OSError, ValueError):
            return self._own_look(current)
        return self._weighed(current, reason) if current.name == name else ""

    def _weighed(self, folder: Path, reason: str) -> str:
        """A reader may have met with a limit of its own (open files, memory): where nothing is to
        be seen of it, it is believed now and then, not each time."""
        if own := self._own_look(folder, at_once=True):
            return own
        now = time.monotonic()
        if now - self._believed_at >= BELIEVED_SECONDS:
            self._believed_at = now
            return reason
        (self.base / COMPLAINT).unlink(missing_ok=True)
        return ""

    def _own_look(self, folder: Path, *, at_once: bool = False) -> str:
        """Once a minute: damage must not wait for a visitor to meet with it."""
        now = time.monotonic()
        if not at_once and now - self._looked_at < LOOK_SECONDS:
            return ""
        self._looked_at = now
        try:
            probe(TantivyEngine.open(folder))
        except EngineUnavailable as error:
            return str(error)
        return ""

    def tidy(self) -> None:
        now = time.monotonic()
        current = pointed_at_or_none(self.base)
        for folder in self.base.glob("*.*"):
            if not folder.is_dir() or folder == current or folder in self._kept:
                self._retired.pop(folder, None)
            elif self._retired.setdefault(folder, now) + GRACE_SECONDS <= now:
                shutil.rmtree(folder, ignore_errors=True)
                del self._retired[folder]

    def has_room(self) -> bool:
        try:
            return shutil.disk_usage(self.base).free >= LEAST_FREE_BYTES
        except OSError:
            return False

    def _of(self, identity: Identity) -> list[Path]:
        return sorted(self.base.glob(f"{identity.name}.*"), key=_serial, reverse=True)


def probe(engine: TantivyEngine) -> None:
    """Read something of every kind of file. Raises ``EngineUnavailable``."""
    at = datetime.datetime.now(datetime.UTC)
    for sort in Sort:
        everything = EngineQuery(
            node=Everything(), filters=Filters(at=at), facets=FACETS, sort=sort, recency=0.1
        )
        engine.search(everything)


def complain(base: Path, folder: Path, reason: str) -> None:
    """Tell the indexer, from a process that reads, that a generation is damaged."""
    try:
        _exchange(base / COMPLAINT, f"{folder.name}\n{reason}")
    except OSError:
        return  # a full disk, a folder that is only read: the indexer looks for itself, too


def pointed_at_or_none(base: Path) -> Path | None:
    try:
        return pointed_at(base)
    except EngineUnavailable:
        return None


def _serial(folder: Path) -> int:
    end = folder.name.rpartition(".")[2]
    return int(end) if end.isdecimal() else 0


def _exchange(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
