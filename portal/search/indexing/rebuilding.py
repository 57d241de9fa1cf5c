"""``portal rebuild_index search``: rows from the sources, then every index from the rows."""

import time
from collections.abc import Callable, Iterator

from portal.plugin_api import search_sources
from portal.search.models import Document, Replica, Stale

from .consumer import note_stale, refresh_stale
from .indexer import Indexer
from .plan import current_plan, make_anew
from .replicas import report
from .store_of import make_store, store_name

_SAY_EVERY = 1000
_WAIT_SECONDS = 1.0
_SILENT_SECONDS = 60.0


def rebuild(say: Callable[[str], None]) -> int:
    """The target ``search``. Returns the number of keys looked at.

    Interrupted, it loses nothing: keys that were not looked at yet stay noted, and are gone through
    by the indexer or by the next run.
    """
    number = note_stale(all_keys())
    say(f"{number} documents to look at")
    done = 0
    while found := refresh_stale():
        if (done + found) // _SAY_EVERY > done // _SAY_EVERY:
            say(f"{done + found} looked at")
        done += found
    while Stale.objects.exists():  # an indexer is at the last ones
        time.sleep(_WAIT_SECONDS)
    say(f"{Document.objects.filter(is_removed=False).count()} documents can be found")
    make_anew()
    _wait_for_index(say)
    return number


def all_keys() -> Iterator[str]:
    """What sources have, and what rows there are: some may be of what is gone."""
    for entry in search_sources.entries():
        yield from entry.item.all_keys()
    rows = Document.objects.filter(is_removed=False).order_by("pk")
    yield from rows.values_list("whole", flat=True).distinct().iterator(chunk_size=2000)


def _wait_for_index(say: Callable[[str], None]) -> None:
    """Make this machine's index here, or wait for the process that does."""
    indexer = Indexer(make_store())
    try:
        if indexer.store.claim():
            _make(indexer, say)
            return
    finally:
        indexer.close()
    wanted, said = current_plan().identity.name, ""
    last_seen = time.monotonic()
    while True:
        row = Replica.objects.filter(name=store_name()).first()
        if row is not None and f"{wanted}." in row.generation:
            say("the new index is in use")
            return
        if row is not None and row.state != said:
            said, last_seen = row.state, time.monotonic()
            say(said)
        if time.monotonic() - last_seen > _SILENT_SECONDS:
            say("the indexer says nothing; it will make the index when it runs")
            return
        time.sleep(_WAIT_SECONDS)


def _make(indexer: Indexer, say: Callable[[str], None]) -> None:
    said = ""
    while True:
        step = indexer.step()
        if step.state and step.state != said:
            said = step.state
            say(said)
        if step.is_idle and not step.state:
            live = indexer.live
            name = live.name if live is not None else ""
            report(indexer.store.name, position=indexer.position(), generation=name, state="")
            say("the new index is in use")
            return
