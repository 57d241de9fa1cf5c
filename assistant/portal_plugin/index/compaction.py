"""The base of the index: made anew beside the old one, which serves until the new one is whole."""

import time
from collections.abc import Callable

from django.core.cache import cache

from assistant.portal_plugin.models import IndexedEntry
from assistant.retrieval import live
from assistant.retrieval import store as stores
from assistant.retrieval.reading import READING

from . import embedding, services, serving
from .source import DatabaseSource

# Traces of withdrawn entries are kept until there are so many: who is away for long reads anew.
_TRACES = 1_000
_FILLING, _LEASE = "assistant.index.filling", 300


def make_base(say: Callable[[str], None] = lambda _line: None) -> bool:
    """Write a base with all that is public now; False when another process is at it."""
    source = DatabaseSource()
    seq = source.generation().seq
    models = serving.embedders().models
    if (shared := serving.store()) is not None:
        return _fill(shared, say)
    if live.make_base(source, models, READING, serving.directory(), say) is None:
        return False
    if IndexedEntry.objects.filter(live=False, seq__lte=seq).count() > _TRACES:
        services.sweep(before=seq)
    return True


def make_base_if_due() -> bool:
    """Write a base where there is none that can be read, or much has changed since."""
    return is_due() and make_base()


def is_due() -> bool:
    """Whether files, or the store of all machines, should be brought in line."""
    if (shared := serving.store()) is not None:
        return stores.is_behind(DatabaseSource(), shared)
    return live.is_due(DatabaseSource(), serving.embedders().models, READING, serving.directory())


def complete(say: Callable[[str], None]) -> None:
    """Write a base if it is due, or wait for the process that does."""
    while is_due():
        if not make_base(say):
            say("another process makes the index")
            time.sleep(2)


def rebuild(say: Callable[[str], None]) -> int:
    """For ``portal rebuild_index``: rows from the pages, vectors that are missing, a new base."""
    from assistant.portal_plugin.models import QuestionPage

    pages = QuestionPage.objects.filter(live=True, alias_of=None).select_related("topic")
    number = 0
    for page in pages.order_by("pk").iterator(chunk_size=200):
        services.follow(page=page)
        number += 1
        if number % 1_000 == 0:
            say(f"{number} entries …")
    there = set(pages.values_list("pk", flat=True))
    for pk in IndexedEntry.objects.filter(live=True).values_list("pk", flat=True):
        if pk not in there:
            services.forget(page=pk)
    if waiting := embedding.complete(say):
        say(f"{waiting} entries without vectors: they are found by their words alone.")
    while not make_base(say):
        say("another process makes the index")
        time.sleep(2)
    return number


def keep(_site: int | None) -> None:
    """Each minute: ask the worker for missing vectors and for a new base, where there is need."""
    from . import tasks

    # Called for each site; once is enough.
    if not cache.add("assistant.index.keep", True, 50):
        return
    if embedding.incomplete():
        tasks.embed_soon()
    if is_due():
        tasks.make_base.enqueue()


def _fill(shared: stores.Store, say: Callable[[str], None]) -> bool:
    """One machine at a time; one that dies at it is waited for no longer than a few minutes."""
    if not cache.add(_FILLING, True, _LEASE):
        return False
    try:
        models = serving.embedders().models

        def go_on(line: str) -> None:
            cache.touch(_FILLING, _LEASE)
            say(line)

        stores.sync(DatabaseSource(), shared, models, READING, go_on)
    finally:
        cache.delete(_FILLING)
    return True
