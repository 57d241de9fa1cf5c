"""An index that stays true: it reads what changed since, each time it is asked.

The base is mapped from files, the rest (the delta) is kept in memory and read from the source by
increments. Where there is no base that can be read, questions are answered by their words until
one is made, in the background.
"""

import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.text.embedding import QUESTION

from . import files, segment
from .files import Base, FileRows
from .index import Snapshot
from .segment import Prepared, Reading, Segment, SegmentBuilder
from .source import Change, Generation, Model, Source
from .texts import PARTS

logger = logging.getLogger(__name__)

# Without a base, so many entries are read in the question's own time.
FEW = 300
# A base is made anew when so much of it has changed.
COMPACT_AT = 1000
_BATCH = 200
# A question waits so long for changes to be read; the rest is read with the next ones.
_PATIENCE = 0.7

type Say = Callable[[str], None]


@dataclass(slots=True)
class _State:
    epoch: str
    base: Base | None
    delta: dict[str, Prepared] = field(default_factory=dict)
    dead: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    seq: int = 0
    # The newest folder that was looked at, usable or not.
    looked_at: int = 0
    snapshot: Snapshot | None = None


class LiveIndex:
    """One for a process. ``directory`` None: all in memory.

    ``background`` starts a function beside the question (a thread, with what the source needs).
    """

    def __init__(
        self,
        source: Source,
        spaces: Mapping[str, Model],
        reading: Reading,
        directory: Path | None = None,
        background: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self._source = source
        self._spaces = dict(spaces)
        self._reading = reading
        self._directory = directory
        self._background = background or _thread
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._making = threading.Lock()

    def snapshot(self) -> Snapshot:
        """The index as of now. Reads the source's generation; more only when that moved."""
        generation = self._source.generation()
        state = self._state
        if state is not None and state.snapshot is not None and self._is_level(state, generation):
            return state.snapshot
        waits = -1 if state is None or state.snapshot is None else _PATIENCE
        if not self._lock.acquire(timeout=waits):
            assert state is not None
            assert state.snapshot is not None
            return state.snapshot  # another thread is at it
        try:
            return self._advance(generation)
        finally:
            self._lock.release()

    def what_if(self, changes: Sequence[Change]) -> tuple[Snapshot, Snapshot]:
        """The index as it is, and as it would be after some changes, which are not made.

        Made as the real one would be, from the same base with the same figures: what is ranked
        and decided in it is what will be once the changes are public. ``seq`` of the changes
        counts for nothing.
        """
        self.snapshot()
        with self._lock:
            state = self._state
            assert state is not None
            assert state.snapshot is not None
            now, imagined = state.snapshot, dataclasses.replace(state, delta=dict(state.delta))
        self._apply(imagined, changes)
        return now, self._look(imagined)

    @property
    def delta_size(self) -> int:
        """How many entries are kept in memory because they changed since the base was made."""
        return len(self._state.delta) if self._state is not None else 0

    # --- following the source --------------------------------------------------------------------
    def _is_level(self, state: _State, generation: Generation) -> bool:
        return (
            state.seq == generation.seq
            and state.epoch == generation.epoch
            and not self._has_newer_base(state)
        )

    def _advance(self, generation: Generation) -> Snapshot:
        state = self._state
        if (
            state is None
            or state.epoch != generation.epoch
            or not generation.floor <= state.seq <= generation.seq
        ):
            state = self._open(generation)
        elif (newer := self._newer_base(state, generation)) is not None:
            state = self._opened(newer)
        elif state.seq == generation.seq and state.snapshot is not None:
            return state.snapshot  # another thread was faster
        until = time.monotonic() + _PATIENCE
        moved = state.snapshot is None
        while state.seq < generation.seq:
            changes = self._source.changes(state.seq, _BATCH)
            self._apply(state, changes)
            moved = True
            full = len(changes) == _BATCH
            state.seq = changes[-1].seq if full else max(generation.seq, _last(changes))
            if full and time.monotonic() > until:
                break
        if moved:
            state.snapshot = self._look(state)
        self._state = state
        assert state.snapshot is not None
        return state.snapshot

    def _open(self, generation: Generation) -> _State:
        base = self._base(generation)
        if base is not None:
            return self._opened(base)
        if self._directory is None or self._source.count() <= FEW:
            prepared = _by_id(self._prepare_all(self._spaces))
            return _State(generation.epoch, None, prepared, seq=generation.seq)
        thin = _by_id(self._prepare_all({}, (QUESTION,)))
        self._background(self._make)
        return _State(generation.epoch, None, thin, seq=generation.seq)

    @staticmethod
    def _opened(base: Base) -> _State:
        dead = np.zeros(len(base.segment), np.bool_)
        return _State(base.epoch, base, dead=dead, seq=base.seq, looked_at=base.number)

    def _base(self, generation: Generation, above: int = 0) -> Base | None:
        if self._directory is None:
            return None
        base = files.newest(self._directory, above)
        if base is None or not is_usable(base, generation, self._reading):
            return None
        return base

    def _has_newer_base(self, state: _State) -> bool:
        return (
            self._directory is not None and files.newest_number(self._directory) > state.looked_at
        )

    def _newer_base(self, state: _State, generation: Generation) -> Base | None:
        if self._directory is None or not self._has_newer_base(state):
            return None
        above, state.looked_at = state.looked_at, files.newest_number(self._directory)
        return self._base(generation, above)

    def _apply(self, state: _State, changed: Sequence[Change]) -> None:
        there = [change.entry for change in changed if change.entry is not None]
        state.dead = state.dead.copy()  # the old snapshot goes on with its own
        for change in changed:
            state.delta.pop(change.id, None)
            place = state.base.segment.place(change.id) if state.base is not None else None
            if place is not None:
                state.dead[place] = True
        for prepared in segment.prepare(there, self._source, self._spaces, self._reading):
            state.delta[prepared.entry.id] = prepared

    def _prepare_all(
        self, spaces: Mapping[str, Model], parts: tuple[str, ...] = PARTS
    ) -> Iterator[Prepared]:
        for entries in batched(self._source.entries(), _BATCH):
            yield from segment.prepare(entries, self._source, spaces, self._reading, parts)

    def _look(self, state: _State) -> Snapshot:
        base = state.base
        averages = base.segment.averages if base is not None and len(base.segment) else None
        delta = segment.build(state.delta.values(), self._spaces, averages)
        segments = (base.segment, delta) if base is not None else (delta,)
        alive = np.concatenate([~state.dead, np.ones(len(delta), np.bool_)])
        return Snapshot(segments, alive, self._spaces, self._reading, state.seq)

    def _make(self) -> None:
        """Make the base that is missing, or wait for the process that does."""
        assert self._directory is not None
        if not self._making.acquire(blocking=False):
            return
        try:
            for _ in range(600):
                if self._base(self._source.generation()) is not None:
                    return
                if make_base(self._source, self._spaces, self._reading, self._directory):
                    return
                time.sleep(1)
        except Exception:
            # Questions go on being answered by their words; the job of each minute tries again.
            logger.exception("The assistant's index could not be made")
        finally:
            self._making.release()


def make_base(
    source: Source,
    spaces: Mapping[str, Model],
    reading: Reading,
    directory: Path,
    say: Say = lambda line: None,
) -> Path | None:
    """Write a base with all that the source has now; None when another process is at it."""
    with files.building(directory) as mine:
        if not mine:
            return None
        generation = source.generation()
        total = source.count()

        def make(folder: Path) -> Segment:
            builder = SegmentBuilder(
                spaces, lambda name, model: FileRows(folder / f"{name}.npy", model)
            )
            done = 0
            for entries in batched(source.entries(), _BATCH):
                for prepared in segment.prepare(entries, source, spaces, reading):
                    builder.add(prepared)
                done += len(entries)
                if done % (10 * _BATCH) == 0:
                    say(f"{done} / {total}")
            return builder.build()

        return files.write(directory, generation, reading.version, make)


def is_due(source: Source, spaces: Mapping[str, Model], reading: Reading, directory: Path) -> bool:
    """Whether the base should be made anew: missing, outdated, or much has changed since."""
    base = files.newest(directory, check=False)
    generation = source.generation()
    if base is None:
        return source.count() > FEW
    if not is_usable(base, generation, reading):
        return True
    if dict(base.segment.spaces) != dict(spaces):
        return True
    return source.changed(base.seq) >= COMPACT_AT


def is_usable(base: Base, generation: Generation, reading: Reading) -> bool:
    """Of this source and read as we read; one newer than the source is of another past."""
    return (
        base.reading == reading.version
        and base.epoch == generation.epoch
        and generation.floor <= base.seq <= generation.seq
    )


def _last(changes: Sequence[Change]) -> int:
    return changes[-1].seq if changes else 0


def _by_id(prepared: Iterator[Prepared]) -> dict[str, Prepared]:
    return {one.entry.id: one for one in prepared}


def _thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="assistant-index", daemon=True).start()
