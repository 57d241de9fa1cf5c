"""The base of the index: made anew beside the old one, which serves until the new one is whole."""

import time
from collections.abc import Callable

from django.core.cache import cache

from assistant.portal_plugin.models import IndexedEntry
from assistant.retrieval import live
from assistant.retrieval.reading import READING

from . import embedding, services, serving
from .source import DatabaseSource

# Traces of withdrawn entries are kept until there are so many: who is away for long reads anew.
_TRACES = 1_000


def make_base(say: Callable[[str], None] = lambda _line: None) -> bool:
    """Write a base with all that is public now; False when another process is at it."""
    source = DatabaseSource()
    seq = source.generation().seq
    models = serving.embedders().models
    if live.make_base(source, models, READING, serving.directory(), say) is None:
        return False
    if IndexedEntry.objects.filter(live=False, seq__lte=seq).count() > _TRACES:
        services.sweep(before=seq)
    return True


def make_base_if_due() -> bool:
    """Write a base where there is none that can be read, or much has changed since."""
    due = live.is_due(DatabaseSource(), serving.embedders().models, READING, serving.directory())
    return due and make_base()


def complete(say: Callable[[str], None]) -> None:
    """Write a base if it is due, or wait for the process that does."""
    models = serving.embedders().models
    while live.is_due(DatabaseSource(), models, READING, serving.directory()):
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
    if live.is_due(DatabaseSource(), serving.embedders().models, READING, serving.directory()):
        tasks.make_base.enqueue()
