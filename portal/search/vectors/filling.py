"""Makes the vectors that are missing. There is no hurry: words find everything meanwhile, and what
a process that dies has stored stays.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

import numpy as np
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from portal.plugin_api import take_turn
from portal.search.models import Document, DocumentVector
from portal.text.embedding import ANSWER, Embedder, Unavailable

from .embedding import embedder as embedder
from .embedding import full_name
from .texts import FIELDS, digest, text_of

logger = logging.getLogger(__name__)

_BATCH = 16
_LOOK = 2_000  # documents of one look at what is missing
# The part of one processor that may be used while others wait for it.
SHARE = 0.5

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Done:
    """``made``: vectors that were computed; ``waiting``: documents that are still without.
    ``reason``: why it stopped, where the model did not answer."""

    made: int = 0
    waiting: int = 0
    reason: str = ""


def waiting(model: str) -> QuerySet[Document]:
    """Documents whose present state has no vector, the newest first; parts after wholes."""
    has_one = DocumentVector.objects.filter(
        document=OuterRef("pk"), model=model, seq=OuterRef("seq")
    )
    return (
        Document.objects.filter(~Exists(has_one), is_removed=False)
        .alias(is_part=~Q(parent=""))
        .order_by("is_part", F("date").desc(nulls_last=True), "-seq")
    )


def fill(
    *, seconds: float | None = None, share: float = SHARE, say: Say = lambda line: None
) -> Done:
    """Make what is missing, as far as the time suffices; ``share`` of it is spent computing."""
    model = embedder()
    if model is None:
        return Done()
    name = full_name(model.model)
    until = time.monotonic() + seconds if seconds is not None else float("inf")
    made = 0
    try:
        for rows in _missing(name):
            began = time.monotonic()
            made += _store(rows, model, name)
            say(f"{made} made")
            now = time.monotonic()
            if now >= until:
                break
            time.sleep(min((now - began) * (1 / share - 1), max(until - now, 0)))
    except Unavailable as reason:
        logger.warning("Search by meaning: %s", reason)
        return Done(made, waiting(name).count(), str(reason))
    return Done(made, waiting(name).count())


def _missing(name: str) -> Iterator[Sequence[Document]]:
    """Batches, as long as there are some that were not tried."""
    tried: set[int] = set()
    while True:
        found = list(waiting(name).exclude(pk__in=tried).values_list("pk", flat=True)[:_LOOK])
        if not found:
            return
        # What changes again while it is read waits for the next time.
        tried = set(found)
        for keys in batched(found, _BATCH):
            yield list(Document.objects.filter(pk__in=keys, is_removed=False).only(*FIELDS))


def _store(rows: Sequence[Document], model: Embedder, name: str) -> int:
    """Vectors for some documents; how many were computed.

    Raises:
        Unavailable: the model does not answer.
    """
    texts = {row.pk: text_of(row) for row in rows}
    digests = {pk: digest(text) for pk, text in texts.items()}
    known: dict[str, bytes] = {}
    same: set[int] = set()
    there = DocumentVector.objects.filter(
        Q(document__in=digests) | Q(text__in=digests.values()), model=name
    )
    for made in there:
        known[made.text] = bytes(made.vector)
        if digests.get(made.document) == made.text:
            same.add(made.document)
    new = {digests[pk]: text for pk, text in texts.items() if digests[pk] not in known}
    if new:
        vectors = model.embed(list(new.values()), ANSWER).astype("<f2")
        known |= {key: vector.tobytes() for key, vector in zip(new, vectors, strict=True)}
    with transaction.atomic():
        # Numbers in the order in which they are seen: who follows them must not miss one.
        take_turn()
        for one in rows:
            if one.pk in same:
                DocumentVector.objects.filter(document=one.pk).update(seq=one.seq)
        fresh = [row for row in rows if row.pk not in same]
        DocumentVector.objects.filter(document__in=[row.pk for row in fresh]).delete()
        DocumentVector.objects.bulk_create(
            DocumentVector(
                document=row.pk, seq=row.seq, model=name, text=digests[row.pk],
                vector=known[digests[row.pk]],
            )
            for row in fresh
        )  # fmt: skip
    return len(new)


def forget_unused(_site: int | None = None) -> int:
    """Remove vectors of documents that are gone; how many. A document has one vector at most, so
    those of another model go as the present one makes its own."""
    there = Document.objects.filter(pk=OuterRef("document"), is_removed=False)
    return DocumentVector.objects.filter(~Exists(there)).delete()[0]


def as_numbers(vector: bytes | memoryview) -> "np.ndarray[tuple[int, ...], np.dtype[np.float16]]":
    return np.frombuffer(bytes(vector), "<f2")
