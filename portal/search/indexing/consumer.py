"""The outbox consumer ``search``: what changed is asked of the sources and written as rows.

It runs in the transaction that moves its cursor: rows and cursor are both there or neither is.
What an event changes by thousands (a column was moved) is only noted there, and looked at in small
portions afterwards: publishing must not wait for it.
"""

import logging
from collections.abc import Iterable, Sequence
from itertools import batched, islice

from django.db import transaction

from portal.plugin_api import OutboxEvent, SearchSource, search_sources
from portal.search.models import Stale

from .rows import Changes, store

logger = logging.getLogger(__name__)

BATCH = 100
"""Keys that a source is asked for at once."""
AT_ONCE = 500
"""Keys of one batch of events that are looked at with it."""


class Documents:
    """Entered in the registry ``outbox_consumers``."""

    name = "search"

    @property
    def kinds(self) -> Sequence[str]:
        """What any source wants to hear of."""
        kinds = (kind for entry in search_sources.entries() for kind in entry.item.kinds)
        return tuple(dict.fromkeys(kinds))

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        for entry in search_sources.entries():
            source = entry.item
            mine = [event for event in events if event.kind in source.kinds]
            if mine:
                keys = iter(dict.fromkeys(source.keys(mine)))
                refresh(source, islice(keys, AT_ONCE))
                note_stale(keys)


def refresh(source: SearchSource, keys: Iterable[str]) -> Changes:
    """Ask a source what is public under these keys and write it."""
    done = Changes()
    for some in batched(keys, BATCH):
        part = store(some, source.entries(some))
        done.written += part.written
        done.removed += part.removed
        done.same += part.same
    return done


def note_stale(keys: Iterable[str]) -> int:
    """Have these keys looked at later. Returns how many there are."""
    number = 0
    for some in batched(keys, 1000):
        rows = [Stale(key=key) for key in some]
        Stale.objects.bulk_create(rows, ignore_conflicts=True)
        number += len(some)
    return number


def refresh_stale(limit: int = BATCH) -> int:
    """Look at some of the keys that were noted; how many. Safe beside others that do the same."""
    with transaction.atomic():
        waiting = Stale.objects.order_by("pk").select_for_update(skip_locked=True)
        rows = list(waiting[:limit])
        if not rows:
            return 0
        by_word: dict[str, list[str]] = {}
        for row in rows:
            by_word.setdefault(word_of(row.key), []).append(row.key)
        for word, keys in by_word.items():
            source = source_of(word)
            if source is not None:
                refresh(source, keys)
        Stale.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def word_of(key: str) -> str:
    """The word that the keys of a source begin with."""
    return key.partition(":")[0]


def source_of(word: str) -> SearchSource | None:
    """The source whose keys begin with a word; None where its plugin is gone."""
    for entry in search_sources.entries():
        source: SearchSource = entry.item
        if source.word == word:
            return source
    return None
