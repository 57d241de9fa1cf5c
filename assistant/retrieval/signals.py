"""What the steps of retrieval hand on. None of it changes, and none is copied on its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .contract import Query
from .index import Snapshot
from .ranking import Group

type Scores = NDArray[np.float32]


class Uncopied:
    """Pipelines copy what they hand on; what is large and never changes is handed on itself."""

    def __deepcopy__(self, _memo: object) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Asked(Uncopied):
    """A question at an index: what the pipeline is run with. ``candidates`` are the entries that
    may answer it."""

    query: Query
    index: Snapshot
    candidates: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vectors(Uncopied):
    """The question's vectors by space."""

    by_space: Mapping[str, Scores]


@dataclass(frozen=True, slots=True)
class Fields(Uncopied):
    """Scores of all entries by field (``bm25_question``, ``e5_answer`` …), NaN where an entry has
    nothing of the kind. ``elsewhere``: how close the question is to small talk and the like."""

    by_name: Mapping[str, Scores]
    elsewhere: float = 0.0


@dataclass(frozen=True, slots=True)
class Signals(Uncopied):
    """``fields`` as above, of the candidates alone. ``known``: places among them of entries that
    have this very question. ``mode`` is ``full`` or ``lexical``.
    ``elsewhere`` as of the fields."""

    query: Query
    candidates: NDArray[np.int64]
    fields: Mapping[str, Scores]
    known: NDArray[np.int64]
    mode: str
    elsewhere: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranking(Uncopied):
    """The best candidates, the best first, of each group one: numbers in the snapshot, places among
    the candidates, scores. ``fused`` are the scores of all candidates. ``groups``: for each of the
    best, who belongs to it."""

    entries: NDArray[np.int64]
    places: NDArray[np.int64]
    scores: Scores
    fused: Scores
    groups: Sequence[Group] = ()
