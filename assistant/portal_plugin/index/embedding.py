"""Makes the vectors that are missing; stored for good, by text and model.

Questions can be answered before: by their words. So there is no hurry, and nothing is lost by a
process that dies: what is missing is found again.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, chain

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet

from assistant.portal_plugin.models import IndexedEntry, QuestionPage, TextVector
from assistant.retrieval import files
from assistant.retrieval.embedders import Embedders, Unavailable, Use
from assistant.retrieval.source import Model
from assistant.retrieval.texts import PARTS, Texts, text_key, texts_of

from . import changes, serving
from .source import DatabaseSource, entry_of

_TEXTS = 16
_ROWS = 200
# More new vectors at once are read with the next base, not one by one by every worker.
FEW = 200

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pass:
    """One model over one part of all entries."""

    space: str
    part: str


@dataclass(frozen=True, slots=True)
class Done:
    """How many vectors were made, how many entries are complete by that, how many still wait.

    ``busy``: another process is at it. ``failed``: a model did not answer.
    """

    made: int = 0
    completed: int = 0
    waiting: int = 0
    busy: bool = False
    failed: bool = False


def _silent(_line: str) -> None:
    """Progress that nobody reads."""


def fingerprint(models: Mapping[str, Model]) -> str:
    """Names the models; what has vectors of all of them is complete."""
    names = sorted(f"{space}:{model.name}/{model.version}" for space, model in models.items())
    return ";".join(names)[:200]


def incomplete() -> int:
    """How many entries still wait for vectors; 0 where no model is set."""
    done = fingerprint(serving.embedders().models)
    return IndexedEntry.objects.filter(live=True).exclude(embedded=done).count() if done else 0


def is_complete(row: IndexedEntry) -> bool:
    """Whether every text of an entry has its vectors; one query for each model."""
    texts = texts_of(entry_of(row))
    keys = {text_key(part, text) for part in PARTS for text in texts.for_models(part)}
    source = DatabaseSource()
    return not any(source.missing(model, keys) for model in serving.embedders().models.values())


def embed_texts(texts: Sequence[Texts], embedders: Embedders | None = None) -> int:
    """Make and store the vectors of texts that have none; how many were made.

    Raises:
        Unavailable: a model does not answer now.
    """
    models = embedders or serving.embedders()
    return sum(sum(_embed(texts, one, models)) for one in _passes(models))


def embed_missing(*, seconds: float | None = None, say: Say = _silent) -> Done:
    """Complete the entries that wait for vectors, as far as the time suffices.

    One process of a machine does it at a time; another one that asks has nothing to do.
    """
    models = serving.embedders()
    done = fingerprint(models.models)
    if not done:
        return Done()
    until = time.monotonic() + seconds if seconds is not None else float("inf")
    with files.building(serving.directory() / "embedding") as mine:
        return _embed_waiting(models, done, until, say) if mine else Done(busy=True)


def forget_unused(_site: int | None = None) -> int:
    """Remove vectors of texts and models that nobody uses any more; how many.

    Once a day is enough: the job is called for each site. What is removed too early is made again.
    """
    models = serving.embedders().models
    if not cache.add("assistant.index.unused", True, 3600) or not models:
        return 0
    used = _used_keys()
    kept = {(model.name, model.version) for model in models.values()}
    removed = 0
    vectors = TextVector.objects.values_list("pk", "text", "model", "version")
    unused = [
        pk
        for pk, text, name, version in vectors.iterator(chunk_size=5_000)
        if text.bytes not in used or (name, version) not in kept
    ]
    for some in batched(unused, 1_000):
        removed += TextVector.objects.filter(pk__in=some).delete()[0]
    return removed


def _used_keys() -> set[bytes]:
    """The texts of public entries and of the latest drafts."""
    from . import services

    rows: Iterator[IndexedEntry] = IndexedEntry.objects.filter(live=True).iterator()
    drafts = QuestionPage.objects.filter(Q(live=False) | Q(has_unpublished_changes=True))
    latest = (
        services.row_of(page.get_latest_revision_as_object())
        for page in drafts.iterator(chunk_size=200)
    )
    return {
        text_key(part, text)
        for row in chain(rows, latest)
        for texts in [texts_of(entry_of(row))]
        for part in PARTS
        for text in texts.for_models(part)
    }


def complete(say: Say = _silent) -> int:
    """Make all vectors that are missing, or wait for the process that does; how many entries are
    left without, because a model does not answer."""
    while waiting := incomplete():
        done = embed_missing(say=say)
        if done.failed:
            return incomplete()
        if done.busy:
            say(f"another process makes vectors; {waiting} entries wait")
            time.sleep(2)
    return 0


def _embed_waiting(models: Embedders, done: str, until: float, say: Say) -> Done:
    waiting = IndexedEntry.objects.filter(live=True).exclude(embedded=done)
    total = waiting.count()
    made = 0
    failed = False
    for one in _passes(models):
        seen = 0
        try:
            for rows in _batches(waiting):
                seen += len(rows)
                for number in _embed([texts_of(entry_of(row)) for row in rows], one, models):
                    made += number
                    if time.monotonic() > until:
                        return Done(made, 0, total)
                say(f"{one.space} {one.part}: {seen} / {total}")
        except Unavailable as reason:
            say(f"{one.space}: {reason}")
            failed = True
    completed = 0
    for rows in _batches(waiting):
        complete = [row for row in rows if not failed or is_complete(row)]
        completed += _mark(complete, done, touches=total <= FEW)
    return Done(made, completed, total - completed, failed=failed)


@transaction.atomic
def _mark(rows: Sequence[IndexedEntry], done: str, *, touches: bool) -> int:
    """Note what is complete, unless it was changed meanwhile; the workers read few at once."""
    marked = 0
    for row in rows:
        marked += IndexedEntry.objects.filter(pk=row.pk, seq=row.seq).update(embedded=done)
    if touches:
        changes.touch(pages=[row.pk for row in rows])
    return marked


def _passes(models: Embedders) -> list[Pass]:
    """The quick model first, and questions before answers: entries become findable sooner."""
    spaces = sorted(models.models, key=lambda space: space != Use.space)
    return [Pass(space, part) for part in PARTS for space in spaces]


def _batches(rows: QuerySet[IndexedEntry]) -> Iterator[list[IndexedEntry]]:
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:_ROWS]):
        yield found
        last = found[-1].pk


def _embed(texts: Sequence[Texts], one: Pass, models: Embedders) -> Iterator[int]:
    """Make what is missing of some texts, a few at a time: yields how many were made."""
    source, model = DatabaseSource(), models.models[one.space]
    by_key = {text_key(one.part, text): text for of in texts for text in of.for_models(one.part)}
    missing = source.missing(model, by_key)
    # Texts of like length together: a batch takes as long as its longest text.
    for keys in batched(sorted(missing, key=lambda key: len(by_key[key])), _TEXTS):
        vectors = models.texts(one.space, [by_key[key] for key in keys], one.part)
        source.store(model, dict(zip(keys, vectors, strict=True)))
        yield len(keys)
