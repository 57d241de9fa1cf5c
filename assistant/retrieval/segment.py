"""A part of an index: plain arrays about a number of entries, in memory or mapped from files.

Each field has rows (a phrasing, a window of an answer), and ``….entries`` says where those of each
entry begin. The arrays are all that a segment is: what can be named, can be written to a file each,
and mapped again by any number of processes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from portal.text.embedding import ANSWER

from . import dense, lexical
from .contract import Entry
from .dense import Quantised
from .lexical import Postings, PostingsBuilder, Words
from .source import Half, Model, Source
from .texts import PARTS, Texts, text_key, texts_of

EVERYONE = "everyone"
_ALWAYS = (-np.inf, np.inf)

type Bytes = NDArray[np.int8]
type Arrays = dict[str, NDArray[Any]]
type Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """How texts are read.

    ``tokens`` of a text; ``terms`` of a question with their weights; ``same``: the form in which
    two questions are equal; ``place`` moves stored vectors (space, part, rows) to where they are
    compared, ``aim`` (space, part, vector) a question's. ``version`` is told apart in files:
    an index that was read otherwise is made anew.
    """

    tokens: Callable[[str], Iterable[str]]
    terms: Callable[[str], Mapping[str, float]]
    same: Callable[[str], str]
    place: Callable[[str, str, Scores], Scores]
    aim: Callable[[str, str, Scores], Scores]
    version: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry with all that costs time worked out; ``vectors``: (space, part) → rows."""

    entry: Entry
    words: Mapping[str, Sequence[Words]]
    known: NDArray[np.uint64]
    vectors: Mapping[tuple[str, str], Quantised]


@dataclass(frozen=True, slots=True)
class Segment:
    """``tables``: the languages and audiences that numbers in the arrays stand for."""

    arrays: Arrays
    languages: tuple[str, ...]
    audiences: tuple[str, ...]
    spaces: Mapping[str, Model]
    averages: Mapping[str, float]
    postings: Mapping[str, Postings] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "postings", {part: self._postings(part) for part in PARTS})

    def __len__(self) -> int:
        return len(self.arrays["ids"])

    @property
    def ids(self) -> NDArray[np.bytes_]:
        return self.arrays["ids"]

    def place(self, entry_id: str) -> int | None:
        """Where an entry is; None: not in here."""
        wanted, order = np.bytes_(entry_id.encode()), self.arrays["ids.order"]
        rank = int(np.searchsorted(self.ids, wanted, sorter=order))
        if rank == len(self) or self.ids[order[rank]] != wanted:
            return None
        return int(order[rank])

    def known(self, digest: int) -> NDArray[np.int64]:
        """The entries that have a question or phrasing with this digest."""
        digests = self.arrays["known.digests"]
        wanted = np.uint64(digest)
        begin, end = (int(np.searchsorted(digests, wanted, side)) for side in ("left", "right"))
        return self.arrays["known.entries"][begin:end].astype(np.int64)

    def vectors(self, space: str, part: str) -> Quantised:
        name = f"{space}.{part}"
        return Quantised(self.arrays[name], self.arrays[f"{name}.scales"])

    def has_vectors(self, space: str) -> bool:
        return any(len(self.arrays[f"{space}.{part}"]) for part in PARTS if space in self.spaces)

    def _postings(self, part: str) -> Postings:
        return Postings(
            self.arrays[f"words.{part}.terms"],
            self.arrays[f"words.{part}.starts"],
            self.arrays[f"words.{part}.rows"],
            self.arrays[f"words.{part}.weights"],
            int(self.arrays[f"words.{part}.entries"][-1]),
            self.averages[part],
        )


def prepare(
    entries: Sequence[Entry],
    source: Source,
    spaces: Mapping[str, Model],
    reading: Reading,
    parts: Sequence[str] = PARTS,
) -> Iterator[Prepared]:
    """Work out what a segment says of entries: their words, and the vectors that are there."""
    texts = [texts_of(entry) for entry in entries]
    keys = [_keys(found, parts) for found in texts]
    wanted = {key for of_entry in keys for part in of_entry.values() for key in part}
    found = {space: source.vectors(model, wanted) for space, model in spaces.items()}
    for entry, of_entry, of_keys in zip(entries, texts, keys, strict=True):
        yield Prepared(
            entry,
            {
                part: _words(of_entry.for_words(part), reading) if part in parts else []
                for part in PARTS
            },
            np.array([lexical.digest(reading.same(text)) for text in of_entry.questions], "u8"),
            {
                (space, part): _placed(
                    _there(part, of_keys.get(part, ()), vectors),
                    space,
                    part,
                    spaces[space],
                    reading,
                )
                for space, vectors in found.items()
                for part in PARTS
            },
        )


class SegmentBuilder:
    """Takes prepared entries, each once, in any order.

    ``sink`` takes the rows of vectors as they come and gives them all at the end: in memory, or in
    a file where they are too many.
    """

    def __init__(
        self,
        spaces: Mapping[str, Model],
        sink: "Callable[[str, Model], Sink]",
        averages: Mapping[str, float] | None = None,
    ) -> None:
        self._spaces = spaces
        self._averages = averages or {}
        self._entries: list[tuple[Any, ...]] = []
        self._languages: dict[str, int] = {}
        self._audiences: dict[str, int] = {}
        self._words = {part: PostingsBuilder() for part in PARTS}
        self._word_sizes: dict[str, list[int]] = {part: [0] for part in PARTS}
        self._known: list[NDArray[np.uint64]] = []
        self._vectors = {
            (space, part): sink(f"{space}.{part}", model)
            for space, model in spaces.items()
            for part in PARTS
        }
        self._scales: dict[tuple[str, str], list[NDArray[np.float32]]] = {
            key: [] for key in self._vectors
        }
        self._vector_sizes: dict[tuple[str, str], list[int]] = {key: [0] for key in self._vectors}

    def add(self, prepared: Prepared) -> None:
        entry = prepared.entry
        self._entries.append(
            (
                entry.id.encode(),
                (entry.group or entry.id).encode(),
                entry.site,
                self._languages.setdefault(entry.language, len(self._languages)),
                self._audience_bits(entry.audience),
                _ALWAYS[0] if entry.valid_from is None else entry.valid_from,
                _ALWAYS[1] if entry.valid_until is None else entry.valid_until,
            )
        )
        self._known.append(prepared.known)
        for part in PARTS:
            for row in prepared.words[part]:
                self._words[part].add(row)
            self._word_sizes[part].append(len(prepared.words[part]))
        for key, rows in prepared.vectors.items():
            self._vectors[key].add(rows.rows)
            self._scales[key].append(rows.scales)
            self._vector_sizes[key].append(len(rows))

    def build(self) -> Segment:
        columns = list(zip(*self._entries, strict=True)) or [()] * 7
        kinds: tuple[Any, ...] = ("S", "S", np.int64, np.int16, np.uint64, np.float64, np.float64)
        names = ("ids", "groups", "sites", "languages", "audiences", "since", "until")
        arrays: Arrays = {
            name: np.array(column, dtype=kind if column else _empty(kind))
            for name, column, kind in zip(names, columns, kinds, strict=True)
        }
        arrays["ids.order"] = np.argsort(arrays["ids"], kind="stable").astype(np.int32)
        owners = np.repeat(np.arange(len(self._known)), [len(part) for part in self._known])
        digests = np.concatenate(self._known) if self._known else np.zeros(0, np.uint64)
        order = np.argsort(digests, kind="stable")
        arrays |= {"known.digests": digests[order], "known.entries": owners[order].astype(np.int32)}
        averages = {}
        for part in PARTS:
            built = self._words[part].build(self._averages.get(part))
            averages[part] = built.average
            arrays |= {
                f"words.{part}.terms": built.terms,
                f"words.{part}.starts": built.starts,
                f"words.{part}.rows": built.rows,
                f"words.{part}.weights": built.weights,
                f"words.{part}.entries": np.cumsum(self._word_sizes[part], dtype=np.int64),
            }
        for (space, part), sizes in self._vector_sizes.items():
            scales = self._scales[space, part]
            arrays[f"{space}.{part}"] = self._vectors[space, part].all()
            arrays[f"{space}.{part}.scales"] = (
                np.concatenate(scales) if scales else np.zeros(0, np.float32)
            )
            arrays[f"{space}.{part}.entries"] = np.cumsum(sizes, dtype=np.int64)
        return Segment(
            arrays, tuple(self._languages), tuple(self._audiences), dict(self._spaces), averages
        )

    def _audience_bits(self, audience: Iterable[str]) -> int:
        """The bits of those whom an entry is for; none: everyone."""
        named = set(audience)
        if not named or EVERYONE in named:
            return 0
        for name in named - self._audiences.keys():
            if len(self._audiences) == 64:
                return 0  # more kinds of people than an index can tell apart: shown to all
            self._audiences[name] = len(self._audiences)
        return sum(1 << self._audiences[name] for name in named)


class Sink(Protocol):
    """Takes the rows of one field of vectors, and gives them all at the end."""

    def add(self, rows: Bytes) -> None: ...

    def all(self) -> Bytes: ...


class Rows:
    """Rows of vectors in memory."""

    def __init__(self, _name: str, model: Model) -> None:
        self._parts: list[Bytes] = []
        self._dimensions = model.dimensions

    def add(self, rows: Bytes) -> None:
        if len(rows):
            self._parts.append(rows)

    def all(self) -> Bytes:
        if not self._parts:
            return np.zeros((0, self._dimensions), np.int8)
        return np.ascontiguousarray(np.concatenate(self._parts))


def build(
    prepared: Iterable[Prepared],
    spaces: Mapping[str, Model],
    averages: Mapping[str, float] | None = None,
) -> Segment:
    """A segment in memory."""
    builder = SegmentBuilder(spaces, Rows, averages)
    for one in prepared:
        builder.add(one)
    return builder.build()


def _words(texts: Sequence[str], reading: Reading) -> list[Words]:
    return [lexical.words(reading.tokens(text)) for text in texts]


def _keys(texts: Texts, parts: Sequence[str]) -> dict[str, list[bytes]]:
    return {part: [text_key(part, text) for text in texts.for_models(part)] for part in parts}


def _there(part: str, keys: Sequence[bytes], vectors: Mapping[bytes, Half]) -> list[Half]:
    """The vectors that are there; of an answer none, as long as that of the whole is missing."""
    if part == ANSWER and keys and keys[0] not in vectors:
        return []
    return [vectors[key] for key in keys if key in vectors]


def _placed(rows: list[Half], space: str, part: str, model: Model, reading: Reading) -> Quantised:
    if not rows:
        return dense.quantise(np.zeros((0, model.dimensions), np.float32))
    return dense.quantise(reading.place(space, part, np.stack(rows).astype(np.float32)))


def _empty(kind: Any) -> Any:
    return "S1" if kind == "S" else kind
