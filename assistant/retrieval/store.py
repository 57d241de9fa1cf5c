"""What is asked of a document store that holds an index for many machines, and how it is filled.

The store holds a document for each text that the main model reads: its vector, and what says who
may be shown it. No texts: what is said of an entry comes from the source.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from portal.text.embedding import QUESTION

from . import lexical, segment
from .contract import ALL_SITES, Entry, Query
from .segment import EVERYONE, Prepared, Reading
from .source import Model, Source
from .texts import PARTS, text_key, texts_of

_BATCH = 200
_MINUTE = 60
_ALWAYS = 2_000_000_000  # minutes: what fits into the stores' whole numbers

type Filters = dict[str, Any]
type Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stored:
    """One text of an entry. ``meta`` is flat, so that any store can filter by it."""

    id: str
    vector: Sequence[float]
    meta: Mapping[str, Any]


class Store(Protocol):
    """What is asked of a document store; filters as Haystack defines them."""

    def closest(self, vector: Vector, filters: Filters, count: int) -> Sequence[str]:
        """The entries of the documents that are closest, the closest first."""
        ...

    def entries(self, filters: Filters) -> Sequence[str]: ...

    def write(self, documents: Sequence[Stored]) -> None: ...

    def remove(self, entries: Sequence[str]) -> None:
        """All documents of some entries."""
        ...

    def clear(self) -> None: ...

    def state(self) -> Mapping[str, Any]:
        """What ``keep_state`` was told last; empty at first and after ``clear``."""
        ...

    def keep_state(self, state: Mapping[str, Any]) -> None: ...


class StoreFailed(Exception):
    """The store did not answer; the message says why."""


def sync(
    source: Source,
    store: Store,
    models: Mapping[str, Model],
    reading: Reading,
    say: Callable[[str], None] = lambda _line: None,
    seconds: float = float("inf"),
) -> int:
    """Bring the store in line with the source; the number of entries that were written.

    Goes on where it was interrupted: after each batch the store knows how far it is.
    """
    generation = source.generation()
    space = space_of(models)
    made_for = "none" if space is None else f"{models[space].name} {models[space].version}"
    wanted = {"epoch": generation.epoch, "reading": reading.version, "model": made_for}
    state = store.state()
    is_level = {name: state.get(name) for name in wanted} == wanted
    if not is_level or not generation.floor <= int(state["seq"]) <= generation.seq:
        store.clear()
        state = {**wanted, "seq": 0, "waiting": []}
    until = time.monotonic() + seconds
    written = 0
    # Entries whose vectors were not made yet are looked at again.
    waiting = list(state["waiting"])
    written += _write(source.some(waiting), source, store, models, reading)[0] if waiting else 0
    still = _incomplete(source.some(waiting), source, models) if waiting else []
    seq = int(state["seq"])
    while seq < generation.seq:
        changes = source.changes(seq, _BATCH)
        if not changes:
            break
        store.remove([change.id for change in changes])
        there = [change.entry for change in changes if change.entry is not None]
        number, incomplete = _write(there, source, store, models, reading)
        written += number
        still += incomplete
        seq = changes[-1].seq
        store.keep_state({**wanted, "seq": seq, "waiting": still})
        say(f"{seq} / {generation.seq}")
        if time.monotonic() > until:
            return written
    store.keep_state({**wanted, "seq": max(seq, generation.seq), "waiting": still})
    return written


def is_behind(source: Source, store: Store) -> bool:
    """Whether there is anything to bring in line."""
    state, generation = store.state(), source.generation()
    return (
        state.get("epoch") != generation.epoch
        or int(state.get("seq", 0)) != generation.seq
        or bool(state.get("waiting"))
    )


def filters_of(query: Query) -> Filters:
    """Validity, site, language and audience as the store asks for them.

    Validity to the minute, on the generous side: to the second it is asked of the entry itself.
    """
    at = query.at if query.at is not None else datetime.now(UTC).timestamp()
    conditions: list[Filters] = [
        {"field": "meta.since", "operator": "<=", "value": int(at // _MINUTE)},
        {"field": "meta.until", "operator": ">", "value": int(at // _MINUTE)},
    ]
    if query.sites is not None:
        conditions.append(_in("site", sorted({ALL_SITES, *query.sites})))
    if query.languages is not None:
        conditions.append(_in("language", sorted(query.languages)))
    if query.audience is not None:
        for_some = [equals(f"for_{name}", True) for name in sorted(query.audience)]
        conditions.append({"operator": "OR", "conditions": [equals("everyone", True), *for_some]})
    return {"operator": "AND", "conditions": conditions}


def space_of(models: Mapping[str, Model]) -> str | None:
    """The space in which the store compares: that of the main model."""
    return next(iter(models), None)


def _write(
    entries: Iterable[Entry],
    source: Source,
    store: Store,
    models: Mapping[str, Model],
    reading: Reading,
) -> tuple[int, list[str]]:
    found = list(entries)
    space = space_of(models)
    spaces = {} if space is None else {space: models[space]}
    documents: list[Stored] = []
    for one in segment.prepare(found, source, spaces, reading):
        documents += _documents(one, space, reading)
    if documents:
        store.write(documents)
    return len(found), _incomplete(found, source, models)


def _documents(one: Prepared, space: str | None, reading: Reading) -> list[Stored]:
    entry = one.entry
    common = {
        "entry": entry.id,
        "site": entry.site,
        "language": entry.language,
        "since": 0 if entry.valid_from is None else int(entry.valid_from // _MINUTE),
        "until": _ALWAYS if entry.valid_until is None else int(-(-entry.valid_until // _MINUTE)),
        "everyone": not entry.audience or EVERYONE in entry.audience,
        **{f"for_{name}": True for name in entry.audience},
    }
    asked = texts_of(entry).questions
    found = []
    for part in PARTS:
        if space is None or (space, part) not in one.vectors:
            continue
        rows = one.vectors[space, part]
        for number, (row, scale) in enumerate(zip(rows.rows, rows.scales, strict=True)):
            same = (
                digest(reading, asked[number]) if part == QUESTION and number < len(asked) else ""
            )
            vector = (row * scale).tolist()
            meta = {**common, "part": part, "same": same}
            found.append(Stored(f"{entry.id}.{part}.{number}", vector, meta))
    return found


def _incomplete(entries: Iterable[Entry], source: Source, models: Mapping[str, Model]) -> list[str]:
    """The entries of which the store's model has not read everything yet."""
    space = space_of(models)
    if space is None:
        return []
    keys = {
        one.id: {text_key(part, text) for part in PARTS for text in texts_of(one).for_models(part)}
        for one in entries
    }
    there = source.vectors(models[space], {key for some in keys.values() for key in some})
    return [name for name, some in keys.items() if not some <= there.keys()]


def digest(reading: Reading, text: str) -> str:
    return f"{lexical.digest(reading.same(text)):016x}"


def equals(name: str, value: Any) -> Filters:
    return {"field": f"meta.{name}", "operator": "==", "value": value}


def _in(name: str, values: Sequence[Any]) -> Filters:
    return {"field": f"meta.{name}", "operator": "in", "value": list(values)}


def both(filters: Filters, condition: Filters) -> Filters:
    return {"operator": "AND", "conditions": [*filters["conditions"], condition]}
