"""Each night: rows against sources, indexes against rows. What differs is put right, and told."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched

from django.utils import timezone

from portal.plugin_api import search_sources
from portal.search.engine.contract import EngineUnavailable
from portal.search.models import Document, Replica
from portal.search.services.engines import current_engine

from .consumer import BATCH, refresh, source_of, word_of
from .lexicon import refresh_words
from .plan import make_anew
from .replicas import forget_old, last_seq
from .rows import Changes
from .store_of import store_name

logger = logging.getLogger(__name__)

DAYS = 7
"""Every document is compared once in so many nights; what is missing or too much, each night."""


@dataclass(frozen=True, slots=True)
class Report:
    compared: int
    written: int
    removed: int
    forgotten: int
    index_differs: bool
    words_changed: bool


def look_after(site: int | None = None) -> Report:
    """The job ``look_after``: also takes the portal's words anew and forgets removed rows."""
    done, compared = Changes(), 0
    for some in batched(_to_compare(), BATCH):
        part = _compared(some)
        done.written += part.written
        done.removed += part.removed
        compared += len(some)
    report = Report(
        compared=compared,
        written=done.written,
        removed=done.removed,
        forgotten=forget_old(),
        index_differs=_index_differs(),
        words_changed=refresh_words(),
    )
    if report.index_differs:
        make_anew()
    if report.written or report.removed or report.index_differs:
        logger.warning("The search index was not what is public; it has been put right: %s", report)
    else:
        logger.info("The search index is what is public: %s", report)
    return report


def _to_compare() -> Iterator[str]:
    """What sources have and rows lack, the reverse, and a part of the rest."""
    kept = set(Document.objects.filter(is_removed=False).values_list("whole", flat=True))
    tonight = timezone.localdate().toordinal() % DAYS
    had: set[str] = set()
    for entry in search_sources.entries():
        for key in entry.item.all_keys():
            had.add(key)
            if key not in kept or _night_of(key) == tonight:
                yield key
    yield from sorted(kept - had)


def _night_of(key: str) -> int:
    return sum(key.encode()) % DAYS


def _compared(keys: Iterable[str]) -> Changes:
    done = Changes()
    by_word: dict[str, list[str]] = {}
    for key in keys:
        by_word.setdefault(word_of(key), []).append(key)
    for word, own in by_word.items():
        source = source_of(word)
        if source is not None:
            part = refresh(source, own)
            done.written += part.written
            done.removed += part.removed
    return done


def _index_differs() -> bool:
    """Whether the index of this machine holds another number of documents than there are rows."""
    row = Replica.objects.filter(name=store_name()).first()
    if row is None or row.position < last_seq() or row.state:
        return False  # nobody follows here, or it is not level: that is told elsewhere
    try:
        size = current_engine().size()
    except EngineUnavailable:
        return False  # the indexer makes it anew by itself
    return size != Document.objects.filter(is_removed=False).count()
