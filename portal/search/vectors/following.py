"""Brings this machine's file of vectors to what the database has."""

import logging
import time
from dataclasses import replace

import numpy as np
from usearch.index import Index

from portal.search.models import Document, DocumentVector

from . import files
from .embedding import embedder, file_name, full_name
from .files import Reached
from .filling import as_numbers

logger = logging.getLogger(__name__)

STEP = 128
"""Vectors of one step: some tens of milliseconds, so that the index of words is not held up."""
_REMOVED = 500
# A file is written whole: the larger, the less often.
_LEAST_SECONDS = 5.0
_SECONDS_FOR_EACH = 1 / 2_000


class Follower:
    """Kept by the process that follows; holds the index in its memory."""

    def __init__(self) -> None:
        self._claim = files.Claim()
        self._name = ""
        self._index: Index | None = None
        self._reached = Reached()
        self._saved = Reached()
        self._saved_at = 0.0

    def step(self) -> int:
        """Take in some of what is new; how much. Saves from time to time, and when nothing is left
        to take in for now."""
        model = embedder()
        if model is None or not self._claim.take():
            return 0
        name = file_name(model.model)
        if name != self._name or self._index is None:
            self._begin(name, model.model.dimensions)
        index = self._index
        assert index is not None
        done = self._added(index, full_name(model.model), model.model.dimensions)
        done += self._removed(index)
        if self._reached != self._saved and self._is_due(done):
            self.save()
        return done

    def save(self) -> None:
        assert self._index is not None
        self._reached = files.save(
            self._name, self._index, self._reached.position, self._reached.seq
        )
        self._saved, self._saved_at = self._reached, time.monotonic()

    def close(self) -> None:
        if self._index is not None and self._reached != self._saved:
            self.save()
        self._claim.release()
        self._index = None

    def _begin(self, name: str, dimensions: int) -> None:
        self._index, self._reached = files.load(name, dimensions)
        last = DocumentVector.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if self._reached.position > last:  # an older state of the database was put back
            self._index, self._reached = files.new_index(dimensions), Reached()
        self._name, self._saved = name, self._reached
        self._saved_at = time.monotonic()
        files.remove_others(name)

    def _added(self, index: Index, model: str, dimensions: int) -> int:
        rows = list(
            DocumentVector.objects.filter(pk__gt=self._reached.position, model=model).order_by(
                "pk"
            )[:STEP]
        )
        for row in rows:
            vector = as_numbers(row.vector)
            if vector.shape != (dimensions,) or not np.isfinite(vector).all():
                logger.error("The vector of document %s is damaged and left out", row.document)
                continue
            if row.document in index:
                index.remove(row.document)
            index.add(row.document, vector, threads=1)
        if rows:
            self._reached = replace(self._reached, position=rows[-1].pk, count=len(index))
        return len(rows)

    def _removed(self, index: Index) -> int:
        rows = list(
            Document.objects.filter(is_removed=True, seq__gt=self._reached.seq)
            .order_by("seq")
            .values_list("pk", "seq")[:_REMOVED]
        )
        for pk, _seq in rows:
            if pk in index:
                index.remove(pk)
        if rows:
            self._reached = replace(self._reached, seq=rows[-1][1], count=len(index))
        return len(rows)

    def _is_due(self, done: int) -> bool:
        pause = max(_LEAST_SECONDS, self._reached.count * _SECONDS_FOR_EACH)
        return (done == 0 and not self._saved.count) or time.monotonic() - self._saved_at >= pause
