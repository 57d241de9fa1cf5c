"""Where Rasa keeps conversations that are going on, and how they are forgotten again.

What citizens type is personal data, and Rasa needs it only while a conversation lasts: the receipts
of answers are the portal's. So everything of a conversation that has been silent for ``keep_hours``
is deleted, and deleted means overwritten.
"""

from __future__ import annotations

import json
import time
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.pool import QueuePool

STORED = "_portal_stored_events"


class PortalTrackerStore(SQLTrackerStore):
    """Named ``addons.tracker_store.PortalTrackerStore`` in endpoints.yml.

    ``url``: of the database, as SQLAlchemy reads it.
    """

    engine: Any

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        keep_hours: float = 24,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, host=host, event_broker=event_broker, **kwargs)
        self.keep_seconds = float(keep_hours) * 3600
        if self.engine.dialect.name == "sqlite":
            self._prepare_sqlite()

    def _prepare_sqlite(self) -> None:
        """One connection that stays open; commits that do not wait for the disk."""
        self.engine = sa.create_engine(self.engine.url, poolclass=QueuePool, pool_size=1)
        sa.event.listen(self.engine, "connect", _set_pragmas)
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        tracker = await super()._retrieve(sender_id, fetch_events_from_all_sessions)
        if tracker is not None and not fetch_events_from_all_sessions:
            setattr(tracker, STORED, len(tracker.events))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new; how much was there is remembered since it was read."""
        await self.stream_events(tracker)
        table = self.SQLEvent.__table__
        with self.session_scope() as session:
            known = getattr(tracker, STORED, None)
            if known is None:
                known = self._event_query(
                    session, tracker.sender_id, fetch_events_from_all_sessions=False
                ).count()
            new = list(tracker.events)[known:]
            if new:
                session.execute(
                    table.insert(), [_row(tracker.sender_id, event.as_dict()) for event in new]
                )
                session.commit()
            setattr(tracker, STORED, known + len(new))

    def held(self, sender_id: str) -> list[dict[str, Any]]:
        """All events of a conversation, the oldest first, for whom it belongs to."""
        table = self.SQLEvent.__table__
        wanted = sa.select(table.c.data).where(table.c.sender_id == sender_id).order_by(table.c.id)
        with self.session_scope() as session:
            return [json.loads(data) for data in session.execute(wanted).scalars()]

    # --- forgetting ------------------------------------------------------------------------------
    def forget(self, sender_id: str) -> int:
        """Delete a conversation; how many events it had."""
        return self._delete(self.SQLEvent.__table__.c.sender_id == sender_id)

    def forget_silent(self, now: float | None = None) -> int:
        """Delete every conversation in which nothing has happened for ``keep_hours``."""
        table = self.SQLEvent.__table__
        before = (time.time() if now is None else now) - self.keep_seconds
        silent = (
            sa.select(table.c.sender_id)
            .group_by(table.c.sender_id)
            .having(sa.func.max(table.c.timestamp) < before)
        )
        return self._delete(table.c.sender_id.in_(silent))

    def _delete(self, condition: Any) -> int:
        with self.session_scope() as session:
            deleted = session.execute(sa.delete(self.SQLEvent.__table__).where(condition)).rowcount
            session.commit()
            if deleted and self.engine.dialect.name == "sqlite":
                session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return int(deleted)


def _row(sender_id: str, data: dict[str, Any]) -> dict[str, Any]:
    intent = data.get("parse_data", {}).get("intent", {}).get("name")
    return {
        "sender_id": sender_id,
        "type_name": data["event"],
        "timestamp": data.get("timestamp"),
        "intent_name": intent,
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _set_pragmas(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
