"""Words: BM25 with Lucene's formula over sparse arrays that can be mapped from files.

A field is a list of rows (each phrasing of a question is one), stored by term: the digests of the
terms in order, and for each the rows that have it with their weights, without the rarity of the
term, which is worked out when it is asked for (so that parts of an index can be added up).
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75

type Digests = NDArray[np.uint64]
type Scores = NDArray[np.float32]


@lru_cache(maxsize=200_000)
def digest(token: str) -> int:
    """A number of 64 bits that is the same in every process."""
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Words:
    """The terms of one row: digests, how often each occurs, and the length of the text."""

    terms: Digests
    counts: NDArray[np.float32]
    length: int


def words(tokens: Iterable[str]) -> Words:
    counts = Counter(map(digest, tokens))
    return Words(
        np.fromiter(counts.keys(), np.uint64, len(counts)),
        np.fromiter(counts.values(), np.float32, len(counts)),
        sum(counts.values()),
    )


def weighted(terms: Mapping[str, float]) -> Words:
    """The terms of a question; their weights take the place of counts."""
    digests = np.fromiter(map(digest, terms), np.uint64, len(terms))
    return Words(digests, np.fromiter(terms.values(), np.float32, len(terms)), len(terms))


@dataclass(frozen=True, slots=True)
class Postings:
    """One field. ``starts`` has one number more than ``terms``; ``average`` is a length."""

    terms: Digests
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: Scores
    count: int
    average: float

    def slices(self, terms: Digests) -> list[tuple[int, int]]:
        """For each term where its rows are; an empty place for what nobody says."""
        if not len(self.terms):
            return [(0, 0)] * len(terms)
        places = np.searchsorted(self.terms, terms)
        places[places == len(self.terms)] = 0
        known = self.terms[places] == terms
        begins, ends = self.starts[places], self.starts[places + 1]
        return [
            (int(begin), int(end)) if is_known else (0, 0)
            for begin, end, is_known in zip(begins, ends, known, strict=True)
        ]


class PostingsBuilder:
    """Collects rows and turns them over. Takes 16 bytes of memory for each pair of row and term."""

    def __init__(self) -> None:
        self._terms = array("Q")
        self._counts = array("f")
        self._sizes = array("l")
        self._lengths = array("f")

    def add(self, row: Words) -> None:
        self._terms.frombytes(row.terms.tobytes())
        self._counts.frombytes(row.counts.tobytes())
        self._sizes.append(len(row.terms))
        self._lengths.append(row.length)

    def build(self, average: float | None = None) -> Postings:
        """``average``: the usual length of a text, where another part of the index has said it."""
        terms = np.frombuffer(self._terms, np.uint64)
        counts = np.frombuffer(self._counts, np.float32)
        lengths = np.frombuffer(self._lengths, np.float32)
        sizes = np.frombuffer(self._sizes, np.int64)
        filled = lengths[lengths > 0]
        usual = average or (float(filled.mean()) if len(filled) else 1.0)
        rows = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        weights = counts / (counts + np.float32(K1) * (1 - B + B * lengths[rows] / usual))
        order = np.argsort(terms, kind="stable")
        unique, starts = np.unique(terms[order], return_index=True)
        return Postings(
            unique,
            np.append(starts, len(terms)).astype(np.int64),
            rows[order],
            weights[order].astype(np.float32),
            len(sizes),
            usual,
        )


def score(parts: Sequence[Postings], query: Words) -> list[Scores]:
    """What each row of each part scores: rarity is counted over all parts together."""
    total = sum(part.count for part in parts)
    found = [part.slices(query.terms) for part in parts]
    frequency = np.zeros(len(query.terms), np.float64)
    for places in found:
        frequency += [end - begin for begin, end in places]
    rarity = np.log(1 + (total - frequency + 0.5) / (frequency + 0.5)) * query.counts
    return [_score_rows(part, places, rarity) for part, places in zip(parts, found, strict=True)]


def _score_rows(part: Postings, places: list[tuple[int, int]], rarity: NDArray[Any]) -> Scores:
    used = [number for number, (begin, end) in enumerate(places) if end > begin]
    if not used:
        return np.zeros(part.count, np.float32)
    rows = np.concatenate([part.rows[slice(*places[number])] for number in used])
    weights = np.concatenate(
        [part.weights[slice(*places[number])] * np.float32(rarity[number]) for number in used]
    )
    return np.bincount(rows, weights, minlength=part.count).astype(np.float32)
