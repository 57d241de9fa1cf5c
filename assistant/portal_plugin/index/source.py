"""The index's source: the database."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched

import numpy as np

from assistant.portal_plugin.models import IndexedEntry, IndexGeneration, TextVector
from assistant.retrieval.contract import Entry
from assistant.retrieval.source import Change, Generation, Half, Model

# SQLite takes 32,766 parameters in one query; large answers are held in memory one batch at a time.
_KEYS = 2_000
_ROWS = 500


class DatabaseSource:
    """Reads rows and vectors. Without state: one serves all threads."""

    def generation(self) -> Generation:
        rows = IndexGeneration.objects.filter(pk=1).values_list("seq", "floor", "epoch")
        found = rows.first()
        return Generation(found[0], found[1], found[2].hex) if found else Generation()

    def changes(self, after: int, most: int) -> Sequence[Change]:
        rows = IndexedEntry.objects.filter(seq__gt=after).order_by("seq")[:most]
        return [Change(row.seq, str(row.page), entry_of(row) if row.live else None) for row in rows]

    def changed(self, after: int) -> int:
        return IndexedEntry.objects.filter(seq__gt=after).count()

    def entries(self) -> Iterator[Entry]:
        last = 0
        while True:
            rows = IndexedEntry.objects.filter(live=True, pk__gt=last).order_by("pk")[:_ROWS]
            found = list(rows)
            yield from map(entry_of, found)
            if len(found) < _ROWS:
                return
            last = found[-1].pk

    def some(self, ids: Sequence[str]) -> Sequence[Entry]:
        rows = IndexedEntry.objects.filter(live=True, page__in=[int(name) for name in ids])
        return [entry_of(row) for row in rows]

    def count(self) -> int:
        return IndexedEntry.objects.filter(live=True).count()

    def vectors(self, model: Model, keys: Iterable[bytes]) -> Mapping[bytes, Half]:
        found: dict[bytes, Half] = {}
        for some in batched(keys, _KEYS):
            rows = TextVector.objects.filter(
                model=model.name,
                version=model.version,
                text__in=[uuid.UUID(bytes=key) for key in some],
            ).values_list("text", "vector")
            for text, vector in rows.iterator(chunk_size=_KEYS):
                found[text.bytes] = np.frombuffer(vector, "<f2")
        return found

    def missing(self, model: Model, keys: Iterable[bytes]) -> set[bytes]:
        """Those without a vector."""
        wanted = set(keys)
        for some in batched(list(wanted), _KEYS):
            rows = TextVector.objects.filter(
                model=model.name,
                version=model.version,
                text__in=[uuid.UUID(bytes=key) for key in some],
            )
            wanted -= {text.bytes for text in rows.values_list("text", flat=True)}
        return wanted

    def store(self, model: Model, vectors: Mapping[bytes, Half]) -> None:
        """Keep vectors; what another process has stored meanwhile stays."""
        TextVector.objects.bulk_create(
            [
                TextVector(
                    text=uuid.UUID(bytes=key),
                    model=model.name,
                    version=model.version,
                    vector=np.ascontiguousarray(vector, "<f2").tobytes(),
                )
                for key, vector in vectors.items()
            ],
            batch_size=500,
            ignore_conflicts=True,
        )


def entry_of(row: IndexedEntry) -> Entry:
    return Entry(
        id=str(row.page),
        language=row.language,
        question=row.question,
        answer=row.answer,
        phrasings=tuple(row.phrasings),
        title=row.title,
        group=str(row.group),
        site=row.site,
        topic=row.topic,
        audience=tuple(row.audience.split(",")) if row.audience else (),
        valid_from=row.valid_from.timestamp() if row.valid_from else None,
        valid_until=row.valid_until.timestamp() if row.valid_until else None,
    )
