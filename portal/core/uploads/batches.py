"""Files of many rows that people bring: checked at once, stored in the background after their yes.

A plugin's model has a row for each file: ``site``, ``column``, ``name``, ``state`` (with the values
below), ``total``, ``done`` (rows that were looked at), ``outcome`` (counts and rows as JSON),
``failure``, ``started_by``, ``beat_at`` (when it last moved), ``finished_at``. ``Batches`` moves it
from one state to the next, whatever the rows are.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext, activate, deactivate

CHECKED, RUNNING, DONE, FAILED = "checked", "running", "done", "failed"
# A worker that is killed says nothing any more.
STILL_AFTER = datetime.timedelta(minutes=3)


class NotNow(Exception):
    """A sentence for the person who asked for it."""


class BatchObstacle(Exception):
    """Why a file cannot be stored: a sentence for the person who brought it."""


type Beat = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Batches[B: Model]:
    """The files of one model.

    Attributes:
        enqueue: hands (primary key, language) to a worker, which calls ``work`` with them.
        store: stores a file and writes ``outcome``, ``total`` and ``done``; it calls the second
            argument with (rows done, rows in all) now and then. Started again after an
            interruption, it leaves alone what is stored. ``BatchObstacle`` ends it with a sentence.
    """

    model: type[B]
    enqueue: Callable[[int, str], Any]
    store: Callable[[B, Beat], None]

    def start(self, batch: B) -> None:
        """Store the file in the background; also again after an interruption.

        Raises:
            NotNow: it runs already, or is done.
        """
        rows = self.model._default_manager.filter(pk=batch.pk)
        startable = rows.filter(state__in=(CHECKED, FAILED))
        if self.stands_still(batch):
            startable = rows.filter(state=RUNNING)
        if not startable.update(
            state=RUNNING, done=0, failure="", beat_at=timezone.now(), finished_at=None
        ):
            raise NotNow(_("This file is being stored, or was stored already."))
        transaction.on_commit(partial(self.enqueue, batch.pk, get_language() or "zh-hans"))

    def work(self, pk: int, language: str) -> None:
        """Store a file that was confirmed. Ends with a state in any case."""
        batch: Any = (
            self.model._default_manager.select_related("site", "column", "started_by")
            .filter(pk=pk, state=RUNNING)
            .first()
        )
        if batch is None:
            return
        with translation.override(language):
            activate(LogContext(user=batch.started_by))
            try:
                self.store(batch, partial(self.beat, pk))
            except BatchObstacle as obstacle:
                self._end(pk, FAILED, failure=str(obstacle))
            except Exception as error:
                self._end(pk, FAILED, failure=f"{type(error).__name__}: {error}")
                raise
            else:
                self._end(pk, DONE)
            finally:
                deactivate()

    def beat(self, pk: int, done: int, wanted: int) -> None:
        self.model._default_manager.filter(pk=pk).update(
            done=done, total=wanted, beat_at=timezone.now()
        )

    def _end(self, pk: int, state: str, *, failure: str = "") -> None:
        self.model._default_manager.filter(pk=pk).update(
            state=state, failure=failure[:300], finished_at=timezone.now()
        )

    def forget(self, batch: B) -> None:
        """Delete the record of a file; what was stored from it stays.

        Raises:
            NotNow: it is running.
        """
        row: Any = batch
        if row.state == RUNNING and not self.stands_still(batch):
            raise NotNow(_("It is being stored; wait until that is done."))
        batch.delete()

    def stands_still(self, batch: B) -> bool:
        """Whether a running import has not moved for so long that it was interrupted."""
        row: Any = batch
        return (
            row.state == RUNNING
            and row.beat_at is not None
            and row.beat_at < timezone.now() - STILL_AFTER
        )

    def go_on_with_interrupted(self, site_pk: int | None) -> int:
        """A scheduled job: files that stand still are gone on with."""
        still = self.model._default_manager.filter(
            site_id=site_pk, state=RUNNING, beat_at__lt=timezone.now() - STILL_AFTER
        )
        pks = list(still.values_list("pk", flat=True))
        still.filter(pk__in=pks).update(beat_at=timezone.now())
        for pk in pks:
            self.enqueue(pk, "zh-hans")
        return len(pks)
