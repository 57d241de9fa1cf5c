"""The process that copies rows of documents into an index, and makes indexes anew beside the one in
use. It is one loop: a bit of following, a bit of building, so that neither waits for the other.

Nothing is remembered but in the index itself: what was committed is there with its position, and
whatever kills the process, the next one goes on from there.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from portal.search.engine.contract import EngineUnavailable, IndexedDocument
from portal.search.models import Document, Sequence
from portal.text.searching import analyser

from .cutting import cut, cut_document, said
from .cutting_pool import CuttingPool
from .plan import Plan, current_plan
from .stores import Generation, Store

logger = logging.getLogger(__name__)

BATCH = 500
"""Rows of one commit while following: a second's work at most."""
BUILDING_SECONDS = 1.0
"""How long it builds before it looks again for what is new."""
COMMIT_EVERY = 50_000
"""Rows of one commit while building: so much may be done again after a crash."""
LONGEST_PAUSE = 30.0
PLAN_SECONDS = 5.0
POOL_ABOVE = 5_000
"""Rows still to be built that are worth processes of their own."""
_DAMAGED_AFTER = 3


@dataclass(frozen=True, slots=True)
class Step:
    """What one round has done. ``state`` is a short sentence for people ("": well)."""

    followed: int = 0
    built: int = 0
    state: str = ""
    is_idle: bool = True


class Indexer:
    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self.store = store
        self.live: Generation | None = None
        self.building: Generation | None = None
        self.state = ""
        self._clock = clock  # never the time of day: that one jumps
        self._failures = 0
        self._pause_until = 0.0
        self._plan: Plan | None = None
        self._plan_at = 0.0
        self._looked = False
        self._reached = self._committed = 0
        self._pool: CuttingPool | None = None
        self._ahead: _Batch | None = None

    def step(self) -> Step:
        """One round. Never raises ``EngineUnavailable``: that is a state, told and mended."""
        if self._clock() < self._pause_until:
            return Step(state=self.state)
        try:
            if not self.store.claim():
                self.state = "another process writes this index"
                return Step(state=self.state)
            step = self._round()
        except EngineUnavailable as error:
            self._failed(error)
            return Step(state=self.state)
        self._failures, self.state = 0, step.state
        return step

    def close(self) -> None:
        """Give everything back; what is not committed is read again by the next process."""
        self._close_pool()
        for generation in (self.live, self.building):
            if generation is not None:
                try:
                    generation.close()
                except EngineUnavailable:
                    logger.exception("The index %s could not be closed", generation.name)
        self.live = self.building = None
        self.store.release()

    def position(self) -> int:
        return self.live.position() if self.live is not None else 0

    # --- one round -------------------------------------------------------------------------------
    def _round(self) -> Step:
        plan = self._current_plan()
        self._open_live()
        followed = self._follow()
        built = 0
        if self._must_build(plan):
            built = self._build(plan)
        elif self.building is not None:
            self._drop_building()  # the plan is again what it was
        self.store.tidy()
        return Step(
            followed=followed,
            built=built,
            state=self._progress(),
            is_idle=not followed and self.building is None,
        )

    def _progress(self) -> str:
        if self.building is None:
            return ""
        return f"an index is being made: {self._reached} of {_last_seq()}"

    def _current_plan(self) -> Plan:
        now = self._clock()
        if self._plan is None or now - self._plan_at >= PLAN_SECONDS:
            self._plan, self._plan_at = current_plan(), now
        return self._plan

    def plan_changed(self) -> None:
        """Look at the plan with the next round."""
        self._plan = None

    def _open_live(self) -> None:
        if self.live is not None and self.store.complaint():
            self._distrust("a reader found it damaged")
        if self.live is None and not self._looked:
            self._looked = True
            try:
                self.live = self.store.in_use()
            except EngineUnavailable as error:
                # Damaged at rest: nothing is lost, another is made from the rows.
                logger.warning("The search index is made anew: %s", error)
                self.state = str(error)

    def _must_build(self, plan: Plan) -> bool:
        if self.live is None:
            return True
        missed = self.live.position() < plan.forgotten
        ahead = self.live.position() > _last_seq()  # an older database was put back
        return self.live.identity != plan.identity or missed or ahead

    def _follow(self) -> int:
        if self.live is None or self.live.position() >= _last_seq():
            return 0
        rows = _rows_after(self.live.position(), BATCH)
        if rows:
            _Batch(rows, _cut(self.live, rows)).add_to(self.live)
            self.live.commit(rows[-1].seq)
        return len(rows)

    def _build(self, plan: Plan) -> int:
        if self.building is not None and self.building.identity != plan.identity:
            self._drop_building()
        if self.building is None:
            if not self.store.has_room():
                raise EngineUnavailable("There is no room on the disk to make a search index.")
            self.building = self.store.unfinished(plan)
            self._reached = self._committed = self.building.position()
            if _last_seq() - self._reached > POOL_ABOVE:
                self._pool = CuttingPool(plan.words)
            if self._reached > _last_seq() or 0 < self._reached < plan.forgotten:
                self._drop_building()  # begun long ago, or from another state of the database
                return 0
        return self._build_on(self.building, plan)

    def _build_on(self, building: Generation, plan: Plan) -> int:
        until = self._clock() + BUILDING_SECONDS
        built = 0
        while True:
            batch = self._ahead or self._batch(building)
            # The next rows are read, and cut by the other processes, while these are written.
            self._ahead = self._batch(building, batch) if self._pool and not batch.is_last else None
            if batch.rows:
                batch.add_to(building)
                self._reached = batch.rows[-1].seq
                built += len(batch.rows)
            is_level = batch.is_last
            if is_level:  # the highest rows may have been removed, and gone since
                self._reached = max(self._reached, plan.forgotten)
            if is_level or (built and self._reached - self._committed >= COMMIT_EVERY):
                building.commit(self._reached)
                self._committed = self._reached
            if is_level:
                self._use(building)
                return built
            if self._clock() >= until:
                return built

    def _batch(self, building: Generation, before: "_Batch | None" = None) -> "_Batch":
        after = before.rows[-1].seq if before is not None else self._reached
        size = BATCH if self._pool is None else BATCH * 4
        rows = _rows_after(after, size)
        return _Batch(rows, _cut(building, rows, self._pool), is_last=len(rows) < size)

    def _use(self, building: Generation) -> None:
        self._close_pool()
        self.store.use(building)
        if self.live is not None:
            try:
                self.live.close()
            except EngineUnavailable:
                logger.exception("The old index %s could not be closed", self.live.name)
        self.live, self.building = building, None
        logger.info("The search index %s is in use", building.name)

    def _close_pool(self) -> None:
        self._ahead = None
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _drop_building(self) -> None:
        self._close_pool()
        if self.building is not None:
            self.store.discard(self.building)
            self.building = None

    # --- when something is wrong -----------------------------------------------------------------
    def _failed(self, error: EngineUnavailable) -> None:
        self._failures += 1
        # What was written and not committed is dropped by the engine: it is read again.
        self._reached, self._ahead = self._committed, None
        full = not self.store.has_room()
        self.state = "the disk is full" if full else str(error)[:200]
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** min(self._failures, 10))
        self._pause_until = self._clock() + pause
        logger.warning("Search index: %s (again in %.0f s)", error, pause)
        if full or self._failures < _DAMAGED_AFTER:
            return
        # There is room, and it fails again and again: what is on the disk is not to be trusted.
        self._drop_building()
        self._distrust(str(error))

    def _distrust(self, reason: str) -> None:
        """Write to the generation in use no more; it is read until another one is made."""
        if self.live is None:
            return
        logger.error("The search index %s is given up: %s", self.live.name, reason)
        try:
            self.live.close()
        except EngineUnavailable:
            logger.exception("The damaged index could not be closed")
        self.live = None


def _rows_after(position: int, count: int) -> list[Document]:
    return list(Document.objects.filter(seq__gt=position).order_by("seq")[:count])


def _last_seq() -> int:
    return Sequence.objects.values_list("last", flat=True).first() or 0


def _cut(
    generation: Generation, rows: list[Document], pool: CuttingPool | None = None
) -> Callable[[], list[IndexedDocument]]:
    """Begins to cut rows, where there is a pool; what is returned gives the documents."""
    kept = [row for row in rows if not row.is_removed]
    if pool is None:
        cutter = analyser(generation.words)
        return lambda: [cut(row, cutter) for row in kept]
    texts = pool.start([said(row) for row in kept])
    return lambda: [cut_document(row, own) for row, own in zip(kept, texts(), strict=True)]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows in their order, on their way into an index."""

    rows: list[Document]
    documents: Callable[[], list[IndexedDocument]]
    is_last: bool = False

    def add_to(self, generation: Generation) -> None:
        removed = [row.key for row in self.rows if row.is_removed]
        generation.add(self.documents(), removed, position=self.rows[-1].seq)
