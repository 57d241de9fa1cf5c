"""From rows that changed to the pages that show them.

Each change names its row; the index names the statements that may have read it. Those are asked
again: where the answer is what it was, the page shows the same. What is left is taken out at once,
or, where it only lists what is new, marked stale and rendered anew beside (``refreshing``).
"""

import datetime
import json
import logging
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone
from wagtail.models import get_page_models

from portal.publishing.models import RowChange, StoreMachine
from portal.publishing.reading import parameters
from portal.publishing.reading.statements import text_of

from .index import Change, Index
from .keeping import STRUCTURE_TABLE, Store, digest_of, store

logger = logging.getLogger(__name__)

# More at once than this (an import, a restored database) is not followed row by row.
MOST_CHANGES = 20_000
# Changes are kept for a day; a machine that was away for longer begins anew.
KEPT_SECONDS = 24 * 3600
AWAY_SECONDS = 12 * 3600
# Numbers are given out before commit (PostgreSQL): a missing one may still come, for so long.
GAP_SECONDS = 600
_LOOKED_BACK = 1_000
# While the process that renders anew was seen so recently, lists may wait for it.
BEAT_SECONDS = 10
# What is written when something new goes public. A list of it may be shown as it was for a moment;
# what shows anything else that changed (comments, letters, files …) may not.
_LISTED = frozenset(
    {
        "core_listingcount",
        "core_listingrow",
        "core_publication",
        "wagtailcore_page",
        "wagtailcore_revision",
    }
)


@dataclass(slots=True)
class Settled:
    """What following the changes did: pages taken out, pages to be rendered anew."""

    changes: int = 0
    removed: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    all: bool = False
    position: int = 0


def settle(found: Store | None = None, *, patience: float | None = None) -> Settled:
    """Follow every change that is committed; afterwards no page that shows an old state is served,
    except lists that are being rendered anew.

    Args:
        patience: seconds to wait while another process follows changes; None waits for it.
    """
    found = found or store()
    with found.settling(patience) as held:
        return _settle(found) if held else Settled()


def _settle(found: Store) -> Settled:
    index = found.index
    position = int(index.fact("position") or 0)
    if not index.fact("settled_at") or time.time() - float(index.fact("settled_at")) > AWAY_SECONDS:
        return _begin_anew(found)
    gaps = index.gaps()
    rows = list(
        (RowChange.objects.filter(pk__gt=position) | RowChange.objects.filter(pk__in=gaps))
        .order_by("pk")
        .values_list("pk", "table", "old", "new")[: MOST_CHANGES + 1]
    )
    if not rows:
        with index.writing():
            index.set_fact("settled_at", str(time.time()))
        return Settled(position=position)
    if len(rows) > MOST_CHANGES:
        return _begin_anew(found)
    changes = list(dict.fromkeys(_change_keys(rows)))
    parsed = [Change(table, _row(old), _row(new)) for table, old, new in changes]
    newest = max(position, rows[-1][0])
    if any(_is_structural(change) for change in parsed):
        return _begin_anew(found)
    with found.writing(), index.writing():
        index.note_changes(parsed)
    at_once, later = _sorted_by_urgency(index, parsed)
    settled = Settled(changes=len(rows), position=newest)
    settled.removed = _addresses(index, at_once)
    found.remove(at_once)
    with found.writing(), index.writing():
        settled.stale = _addresses(index, later)
        index.mark_stale(later)
        _advance(index, position, newest, [pk for pk, *_rest in rows])
    return settled


def _begin_anew(found: Store) -> Settled:
    """The structure changed, or too much: nothing that was rendered before is served."""
    # Not what this store had reached: a database that was put back counts from another place.
    newest = RowChange.objects.aggregate(newest=Max("pk"))["newest"] or 0
    # A transaction may still be under way whose numbers are lower than the newest one.
    first = max(0, newest - _LOOKED_BACK)
    seen = list(RowChange.objects.filter(pk__gt=first, pk__lte=newest).values_list("pk", flat=True))
    found.remove_all()
    with found.index.writing():
        _advance(found.index, first, newest, seen)
    return Settled(all=True, position=newest)


def _advance(index: Index, position: int, newest: int, seen: Sequence[int]) -> None:
    """Everything up to ``newest`` is followed, but for numbers that nobody has seen yet."""
    if _numbers_have_gaps():
        missing = sorted(set(range(position + 1, newest)) - set(seen))
        index.set_gaps(missing[-_LOOKED_BACK:], found=seen, forget_after=GAP_SECONDS)
    index.set_fact("position", str(newest))
    index.set_fact("settled_at", str(time.time()))


def _numbers_have_gaps() -> bool:
    """SQLite has one writer at a time: numbers come in the order of the commits."""
    return connection.vendor == "postgresql"


def _change_keys(
    rows: Iterable[tuple[int, str, str | None, str | None]],
) -> Iterable[tuple[str, str | None, str | None]]:
    for _pk, table, old, new in rows:
        yield (table, old, new)


def _row(text: str | None) -> dict[str, object] | None:
    return None if text is None else json.loads(text)


def _is_structural(change: Change) -> bool:
    """The token changed; that of the content alone is renewed with every publication."""
    if change.table != STRUCTURE_TABLE:
        return False
    if change.old is None or change.new is None:
        return True
    return change.old.get("token") != change.new.get("token")


def _pages_hit(index: Index, changes: Sequence[Change]) -> set[int]:
    """Pages of which a statement gives something else by now."""
    statements: dict[int, tuple[str, str]] = {}
    standing = cache(_standing)
    for change in changes:
        if change.table != STRUCTURE_TABLE:
            statements |= index.statements_that_may_see(change, standing)
    hit: set[int] = set()
    for id, (sql, written) in statements.items():
        askers = [asker for asker in index.askers(id) if asker[0] not in hit]
        if not askers:
            continue
        answers: dict[tuple[int, bool], bool] = {}
        for page, count, complete, digest in askers:
            if not written or not digest:
                logger.debug("page %d is taken to show something else: %s", page, sql)
                hit.add(page)
                continue
            key = (count, complete)
            if key not in answers or not answers[key]:
                answers[key] = _gives(sql, written, count, complete=complete, digest=digest)
            if not answers[key]:
                logger.debug("page %d shows something else: %s %s", page, sql, written)
                hit.add(page)
    return hit


def _standing(place: tuple[str, str, str], value: Any) -> frozenset[str]:
    """What stands beside a value by now; rows that went are changes of their own."""
    table, column, other = place
    quote = connection.ops.quote_name
    asked = f"DISTINCT {quote(other)}" if other else "''"
    limit = "" if other else "LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {asked} FROM {quote(table)} WHERE {quote(column)} = %s {limit}",  # noqa: S608
            [value],
        )
        return frozenset(text_of(row[0]) for row in cursor)


def _gives(sql: str, written: str, count: int, *, complete: bool, digest: str) -> bool:
    """Whether a statement still gives what it gave."""
    if not sql.lstrip("( \n").upper().startswith(("SELECT", "WITH")):
        return False
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters.read(written) or None)
        rows = [tuple(row) for row in cursor.fetchmany(count + 1)]
    if complete and len(rows) != count:
        return False
    return digest_of(rows[:count]) == digest


def _sorted_by_urgency(index: Index, changes: Sequence[Change]) -> tuple[list[int], list[int]]:
    """Pages to take out at once, and those whose old copy may be shown a moment longer."""
    beating = time.time() - float(index.fact("beat") or 0) < BEAT_SECONDS
    if not beating or any(map(_withdraws, changes)):
        return (sorted(_pages_hit(index, changes)), [])
    pages = {model._meta.db_table for model in get_page_models()}
    calm = [change for change in changes if change.table in _LISTED or change.table in pages]
    at_once = _pages_hit(index, [change for change in changes if change not in calm])
    shown = _pages_named(changes)
    later: list[int] = []
    for id in sorted(_pages_hit(index, calm) - at_once):
        entry = index.entry(id)
        if entry is not None and entry.page is not None and entry.page not in shown:
            later.append(id)
        else:
            at_once.add(id)
    return (sorted(at_once), later)


def _withdraws(change: Change) -> bool:
    """Something is no longer to be shown, or stands otherwise: its end, repeal, withdrawal."""
    old, new = change.old, change.new
    if change.table == "wagtailcore_page" and old is not None:
        return bool(old.get("live")) and not (new is not None and new.get("live"))
    if change.table == "core_publication" and old is not None and new is not None:
        return old.get("standing") != new.get("standing")
    return False


def _pages_named(changes: Sequence[Change]) -> set[int]:
    """Keys of the pages whose own rows changed."""
    found: set[int] = set()
    for change in changes:
        for row in change.rows:
            key = row.get("id") if change.table == "wagtailcore_page" else row.get("page_ptr_id")
            if isinstance(key, int):
                found.add(key)
    return found


def _addresses(index: Index, ids: Iterable[int]) -> list[str]:
    entries = (index.entry(id) for id in ids)
    return [entry.address for entry in entries if entry is not None]


# --- several machines ---------------------------------------------------------------------------
def report(found: Store) -> None:
    """Say in the database how far this machine has followed."""
    StoreMachine.objects.update_or_create(
        name=found.index.machine(),
        defaults={
            "host": socket.gethostname()[:255],
            "position": int(found.index.fact("position") or 0),
            "seen_at": timezone.now(),
        },
    )


CHANNEL = "portal:pages"


def tell_others(settled: Settled) -> None:
    """Wake the stores of other machines; without Redis they look by themselves several times a
    second."""
    if not settings.PORTAL_REDIS_URL:
        return
    import redis  # an extra of the installation

    try:
        with redis.from_url(settings.PORTAL_REDIS_URL, socket_timeout=1) as client:
            client.publish(CHANNEL, str(settled.position))
    except redis.RedisError:
        logger.warning("Redis does not answer: other machines follow when they look", exc_info=True)


def wait_for_others(found: Store, position: int, *, seconds: float = 5.0) -> list[str]:
    """Wait until every other machine that is alive has followed to a change.

    Returns:
        The names of hosts that had not after so many seconds; told in the log.
    """
    mine = found.index.machine()
    until = time.monotonic() + seconds
    while True:
        alive = timezone.now() - datetime.timedelta(seconds=BEAT_SECONDS)
        late = list(
            StoreMachine.objects.filter(seen_at__gt=alive, position__lt=position)
            .exclude(name=mine)
            .values_list("host", flat=True)
        )
        if not late:
            return []
        if time.monotonic() >= until:
            logger.warning("These machines have not followed a change yet: %s", ", ".join(late))
            return late
        time.sleep(0.02)


def prune() -> int:
    """Forget changes that every machine has followed, and machines that are gone."""
    old = timezone.now() - datetime.timedelta(seconds=KEPT_SECONDS)
    StoreMachine.objects.filter(seen_at__lt=old).delete()
    reached = StoreMachine.objects.aggregate(least=Min("position"))["least"]
    if reached is None:
        return RowChange.objects.filter(at__lt=old).delete()[0]
    # A machine that is new begins with nothing: it needs none of those before.
    recent = timezone.now() - datetime.timedelta(seconds=GAP_SECONDS)
    return RowChange.objects.filter(pk__lte=reached, at__lt=recent).delete()[0]
