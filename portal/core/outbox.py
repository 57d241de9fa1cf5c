"""Writing to the outbox and letting consumers read it."""

import datetime
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from . import structure
from .models import OutboxCursor, OutboxEvent
from .turns import take_turn

logger = logging.getLogger(__name__)


class Consumer(Protocol):
    """Reads events in order. ``handle`` must be idempotent: after a crash it sees them again."""

    name: str
    kinds: Sequence[str]

    def handle(self, events: Sequence[OutboxEvent]) -> None: ...


@dataclass(slots=True)
class ConsumerReport:
    """What one run did for one consumer."""

    consumer: str
    handled: int = 0
    error: str = ""


def append(kind: str, key: str, payload: dict[str, Any] | None = None) -> OutboxEvent:
    """Record a fact in the current transaction; without one it would not be an outbox.

    Raises:
        RuntimeError: outside a transaction.
    """
    event = outbox_event(kind, key, payload)
    structure.touch_content()
    return event


def outbox_event(kind: str, key: str, payload: dict[str, Any] | None = None) -> OutboxEvent:
    """As ``append``, for what public pages do not show: nothing that they keep is given up.

    Raises:
        RuntimeError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An outbox event belongs into the transaction of what it tells of.")
    # Ids are handed out before commit: without turns a reader could see event 8, move its cursor
    # on and never see event 7, whose transaction commits a moment later.
    take_turn()
    return OutboxEvent.objects.create(kind=kind, key=key, payload=payload or {})


def head() -> int:
    """The sequence number of the newest event; 0 when there is none."""
    return OutboxEvent.objects.aggregate(newest=Max("id"))["newest"] or 0


def lag() -> dict[str, int]:
    """For each known consumer the number of sequence steps that it is behind."""
    newest = head()
    return {
        name: max(0, newest - position)
        for name, position in OutboxCursor.objects.values_list("consumer", "position")
    }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a consumer is with one event. ``error``: the kind of what stopped it, such as
    ``OSError``, and no more: the words of an exception may hold addresses and passwords."""

    is_done: bool
    behind: int = 0
    tries: int = 0
    error: str = ""
    retry_at: datetime.datetime | None = None
    is_known: bool = True


def progress(consumer: str, event: int) -> Progress:
    """Whether a consumer has gone through an event. One query."""
    cursor = OutboxCursor.objects.filter(consumer=consumer).first()
    if cursor is None:
        return Progress(False, is_known=False)
    if cursor.position >= event:
        return Progress(True)
    return Progress(
        False,
        behind=event - cursor.position,
        tries=cursor.failures,
        error=cursor.last_error.partition(":")[0] if cursor.failures else "",
        retry_at=cursor.retry_at,
    )


def run_consumers(consumers: Iterable[Consumer], *, batch: int = 50) -> list[ConsumerReport]:
    """Give each consumer what it has not seen, until it is level with the outbox or fails.

    They take turns, a batch each: where one is slow and there is much, search must not wait until
    it has gone through everything. One failing consumer is told, retried later with growing pauses
    and holds up no other.
    """
    turns = [(consumer, ConsumerReport(consumer.name)) for consumer in consumers]
    reports = [report for _consumer, report in turns]
    while turns:
        turns = [(consumer, report) for consumer, report in turns if _turn(consumer, report, batch)]
    return reports


def _turn(consumer: Consumer, report: ConsumerReport, batch: int) -> bool:
    """One batch; whether there may be more for this consumer."""
    try:
        count = _run_batch(consumer, batch)
    except Exception as error:
        logger.exception("Outbox consumer %s failed", consumer.name)
        _note_failure(consumer.name, error)
        report.error = repr(error)
        return False
    report.handled += count
    return bool(count)


def _run_batch(consumer: Consumer, batch: int) -> int:
    with transaction.atomic():
        OutboxCursor.objects.get_or_create(consumer=consumer.name)
        cursor = OutboxCursor.objects.select_for_update().get(consumer=consumer.name)
        if cursor.retry_at and cursor.retry_at > timezone.now():
            return 0
        events = list(OutboxEvent.objects.filter(id__gt=cursor.position)[:batch])
        if not events:
            return 0
        mine = [event for event in events if event.kind in consumer.kinds]
        if mine:
            consumer.handle(mine)
        cursor.position = events[-1].pk
        cursor.failures, cursor.last_error, cursor.retry_at = 0, "", None
        cursor.save()
    return len(events)


def _note_failure(name: str, error: Exception) -> None:
    with transaction.atomic():
        cursor, _ = OutboxCursor.objects.get_or_create(consumer=name)
        cursor.failures += 1
        cursor.last_error = f"{type(error).__name__}: {error}"[:2000]
        pause = min(300, 2 ** min(cursor.failures, 9))
        cursor.retry_at = timezone.now() + datetime.timedelta(seconds=pause)
        cursor.save()
