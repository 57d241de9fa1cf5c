"""An index as one question sees it: a base from files and what changed since, as one.

Entries are numbered through all segments. Nothing in here changes: a newer state is another
snapshot, and a question that has begun goes on with its own.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.text.embedding import ANSWER

from . import dense, lexical
from .contract import ALL_SITES, Query
from .segment import Reading, Segment
from .source import Model

type Scores = NDArray[np.float32]
type Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``alive`` has one place for each entry of all segments: those that changed since live in a
    later segment. ``spaces`` are the models that questions are asked with now."""

    segments: tuple[Segment, ...]
    alive: NDArray[np.bool_]
    spaces: Mapping[str, Model]
    reading: Reading
    seq: int = 0
    _offsets: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        sizes = [len(segment) for segment in self.segments]
        object.__setattr__(self, "_offsets", tuple(np.cumsum([0, *sizes]).tolist()))

    def __len__(self) -> int:
        return int(self.alive.sum())

    def __deepcopy__(self, _memo: object) -> "Snapshot":
        return self  # pipelines copy what they hand on; this is large and never changes

    # --- who may be found ------------------------------------------------------------------------
    def candidates(self, query: Query) -> Numbers:
        """All entries that may answer: in force, of the sites, languages and audience asked for."""
        at = query.at if query.at is not None else datetime.datetime.now(datetime.UTC).timestamp()
        admitted = [_admitted(segment, query, at) for segment in self.segments]
        return np.flatnonzero(self.alive & np.concatenate(admitted)) if admitted else _none()

    def known(self, text: str) -> Numbers:
        """The entries that have this very question, whatever its script and punctuation."""
        digest = lexical.digest(self.reading.same(text))
        parts = [
            segment.known(digest) + offset
            for segment, offset in zip(self.segments, self._offsets, strict=False)
        ]
        found = np.unique(np.concatenate(parts)) if parts else _none()
        return found[self.alive[found]]

    # --- what they score -------------------------------------------------------------------------
    def words(self, text: str, part: str) -> Scores:
        """BM25 of every entry, the best of its rows; NaN where it has none of this part."""
        query = lexical.weighted(self.reading.terms(text))
        scored = lexical.score([segment.postings[part] for segment in self.segments], query)
        parts = [
            dense.best_of(scores, segment.arrays[f"words.{part}.entries"])
            for scores, segment in zip(scored, self.segments, strict=True)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def closeness(
        self, space: str, vector: Scores, part: str, only: Numbers | None = None
    ) -> Scores:
        """Cosine of entries (``only`` these, in order; None: all) with a question; NaN without
        vectors. Of questions the best counts; of an answer its whole and its best window."""
        combine = dense.first_and_best_of if part == ANSWER else dense.best_of
        vector = self.reading.aim(space, part, vector)
        name = f"{space}.{part}"
        found = []
        for segment, offset in zip(self.segments, self._offsets, strict=False):
            if not self._speaks(segment, space):
                found.append(np.full(len(segment), np.nan, np.float32))
                continue
            rows, starts = segment.vectors(space, part), segment.arrays[f"{name}.entries"]
            if only is None:
                found.append(combine(dense.closeness(rows, vector), starts))
                continue
            here = only[(only >= offset) & (only < offset + len(segment))] - offset
            scores = np.full(len(segment), np.nan, np.float32)
            scores[here] = dense.among(rows, starts, here, vector, combine)
            found.append(scores)
        return np.concatenate(found) if found else np.zeros(0, np.float32)

    def rows(self, space: str, part: str) -> int:
        """How many vectors a field has."""
        name = f"{space}.{part}"
        return sum(len(s.arrays[name]) for s in self.segments if self._speaks(s, space))

    def has_vectors(self, space: str) -> bool:
        return any(
            self._speaks(segment, space) and segment.has_vectors(space) for segment in self.segments
        )

    def _speaks(self, segment: Segment, space: str) -> bool:
        """Vectors of another model or version are no vectors."""
        return segment.spaces.get(space) == self.spaces[space]

    # --- who they are ----------------------------------------------------------------------------
    def ids(self, numbers: Numbers) -> list[str]:
        return [name.decode() for name in self._of(numbers, lambda one: one.ids)]

    def groups(self, numbers: Numbers) -> list[bytes]:
        return self._of(numbers, lambda one: one.arrays["groups"])

    def languages(self, numbers: Numbers) -> list[str]:
        """The language of each entry."""
        return self._of(numbers, lambda one: np.array(one.languages)[one.arrays["languages"]])

    def written_in(self, numbers: Numbers, is_wanted: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Which entries are in a language of which something holds."""
        parts = [
            np.array([is_wanted(name) for name in segment.languages], np.bool_)[
                segment.arrays["languages"]
            ]
            for segment in self.segments
        ]
        every = np.concatenate(parts) if parts else np.zeros(0, np.bool_)
        found: NDArray[np.bool_] = every[numbers]
        return found

    def _of(self, numbers: Numbers, column: Callable[[Segment], NDArray[Any]]) -> list[Any]:
        """A column of all segments, at some entries."""
        found: list[Any] = [None] * len(numbers)
        which = np.searchsorted(self._offsets, numbers, side="right") - 1
        for number, (segment, offset) in enumerate(zip(self.segments, self._offsets, strict=False)):
            here = np.flatnonzero(which == number)
            if len(here):
                values = column(segment)[numbers[here] - offset].tolist()
                for place, value in zip(here.tolist(), values, strict=True):
                    found[place] = value
        return found


def _admitted(segment: Segment, query: Query, at: float) -> NDArray[np.bool_]:
    arrays = segment.arrays
    found: NDArray[np.bool_] = (arrays["since"] <= at) & (arrays["until"] > at)
    if query.sites is not None:
        found &= np.isin(arrays["sites"], [ALL_SITES, *query.sites])
    if query.languages is not None:
        wanted = [n for n, name in enumerate(segment.languages) if name in query.languages]
        found &= np.isin(arrays["languages"], wanted)
    if query.audience is not None:
        bits = sum(1 << n for n, name in enumerate(segment.audiences) if name in query.audience)
        audiences = arrays["audiences"]
        found &= (audiences == 0) | ((audiences & np.uint64(bits)) != 0)
    return found


def _none() -> Numbers:
    return np.zeros(0, np.int64)
