"""Entered in the registry ``outbox_consumers``: the log follows what happens."""

from collections.abc import Sequence
from typing import Any

from portal.plugin_api import OutboxEvent

from .services.sealing import event_kinds, seal


class _Kinds(Sequence[str]):
    """What the sources of all plugins listen to; asked each time, as plugins come and go."""

    def __len__(self) -> int:
        return len(event_kinds())

    def __getitem__(self, place: Any) -> Any:
        return event_kinds()[place]

    def __contains__(self, kind: object) -> bool:
        return kind in event_kinds()


class LogFollower:
    name = "evidence"
    kinds: Sequence[str] = _Kinds()

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        seal(events)
