"""Retrieval over a document store, for many machines and more entries than one keeps in memory.

The store puts entries forward: those in force, of the sites, languages and audience asked for, that
are closest to the question. A small index is made of them for each question, from what the source
says of them: ranking and gates are the same as over files. The store may lag behind the source;
what changed since is put forward as well, and an entry that is gone or over is never shown.
"""

import dataclasses
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from . import segment
from .contract import Query, Retrieval
from .embedders import Embedders
from .index import Snapshot
from .pipeline import StraightRun, make_pipeline
from .segment import Prepared, Reading
from .source import Change, Generation, Model, Source
from .store import Store, both, digest, equals, filters_of, space_of
from .texts import PARTS, for_models, texts_of
from .weighing import judge, rank

if TYPE_CHECKING:
    from .components import Judge, Ranker

# So many documents of each part are put forward, and so many entries show how the others score.
FORWARD, SAMPLE = 100, 300
# Beyond so many changes that the store has not got yet, the newest are asked.
MOST_RECENT = 500
_BATCH = 200
_REMEMBERED = 4_000


class PoolRetriever:
    """The retriever of the contract over a store. Safe to be asked by many threads at once."""

    def __init__(
        self,
        source: Source,
        store: Store,
        embedders: Embedders,
        reading: Reading,
        ranker: "Ranker" = rank,
        decide: "Judge" = judge,
    ) -> None:
        self._source, self._store, self._reading = source, store, reading
        self._embedders = embedders
        self._run = StraightRun(make_pipeline(embedders, ranker, decide))
        self._lock = threading.Lock()
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._generation: Generation | None = None
        self._recent: tuple[str, ...] = ()
        self._sample: tuple[str, ...] = ()

    def retrieve(self, query: Query) -> Retrieval:
        begun = time.perf_counter()
        generation = self._source.generation()
        with self._lock:
            self._follow(generation)
            known = (*self._sample, *self._recent)
        wanted = dict.fromkeys([*known, *self._put_forward(query)])
        snapshot = self._snapshot(list(wanted), generation)
        found = self._run(query, snapshot)
        took = (time.perf_counter() - begun) * 1000
        return dataclasses.replace(found, took_ms=round(took, 2))

    def warm_up(self) -> None:
        with self._lock:
            self._follow(self._source.generation())
        self._snapshot([*self._sample, *self._recent], self._source.generation())

    # --- who is asked ----------------------------------------------------------------------------
    def _put_forward(self, query: Query) -> list[str]:
        filters = filters_of(query)
        same = equals("same", digest(self._reading, query.text))
        found = list(self._store.entries(both(filters, same)))
        space = space_of(self._embedders.models)
        if space is None:
            return found
        vectors = self._embedders.question(for_models(query.text), [space])
        if space in vectors:
            for part in PARTS:
                aimed = self._reading.aim(space, part, vectors[space])
                of_part = both(filters, equals("part", part))
                found += self._store.closest(aimed, of_part, FORWARD)
        return found

    def _follow(self, generation: Generation) -> None:
        """Forget what changed, and note what the store has not got yet."""
        before = self._generation
        if before is not None and (before.seq, before.epoch) == (generation.seq, generation.epoch):
            return
        if before is None or before.epoch != generation.epoch or before.seq < generation.floor:
            self._prepared.clear()
            self._sample = tuple(one.id for one in islice(self._source.entries(), SAMPLE))
        else:
            for change in _changes(self._source, before.seq):
                self._prepared.pop(change.id, None)
        state = self._store.state()
        same = state.get("epoch") == generation.epoch
        reached = int(state.get("seq", 0)) if same else 0
        recent = [change.id for change in _changes(self._source, reached) if change.entry]
        self._recent = tuple(recent[-MOST_RECENT:])
        self._generation = generation

    # --- the index of one question ---------------------------------------------------------------
    def _snapshot(self, ids: Sequence[str], generation: Generation) -> Snapshot:
        prepared = self._prepare(ids)
        made = segment.build(prepared, self._embedders.models)
        alive = np.ones(len(made), np.bool_)
        return Snapshot((made,), alive, self._embedders.models, self._reading, generation.seq)

    def _prepare(self, ids: Sequence[str]) -> list[Prepared]:
        with self._lock:
            missing = [one for one in ids if one not in self._prepared]
        entries = self._source.some(missing) if missing else []
        models = self._embedders.models
        fresh = list(segment.prepare(list(entries), self._source, models, self._reading))
        with self._lock:
            have = {one.entry.id: one for one in fresh}
            for name in ids:
                if name in self._prepared:
                    have[name] = self._prepared[name]
                    self._prepared.move_to_end(name)
            for one in fresh:
                if _is_complete(one, models):  # vectors that are still missing come later
                    self._prepared[one.entry.id] = one
            while len(self._prepared) > _REMEMBERED:
                self._prepared.popitem(last=False)
        return [have[name] for name in ids if name in have]


def _is_complete(one: Prepared, models: Mapping[str, Model]) -> bool:
    texts = texts_of(one.entry)
    return all(
        len(one.vectors[space, part]) == len(texts.for_models(part))
        for space in models
        for part in PARTS
    )


def _changes(source: Source, after: int) -> list[Change]:
    found: list[Change] = []
    while True:
        some = source.changes(after, _BATCH)
        found += some
        if len(some) < _BATCH:
            return found
        after = some[-1].seq
