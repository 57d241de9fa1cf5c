"""What is held of a conversation, by whoever holds some of it: to be given out, and forgotten.

    held.register(Trackers())        # where it is stored

Questions and answers are held by ``services.visitor_data`` itself. Export, deletion on a visitor's
wish and the retention ask every holder; one that fails stops them, so that nothing is called
complete, or forgotten, that is not.
"""

import uuid
from collections.abc import Sequence
from typing import Any, Protocol


class NotReachable(Exception):
    """A holder cannot be asked just now: nothing was given out or forgotten; try again later."""


class Holder(Protocol):
    """``name`` is the part of the export that its data stand in."""

    name: str

    def held(self, conversation: uuid.UUID) -> Any:
        """All that it holds of a conversation, ready for JSON; None for nothing."""
        ...

    def forget(self, conversations: Sequence[uuid.UUID]) -> None:
        """Delete all of it. Called again after a failure: what is gone is no error."""
        ...


_holders: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    if holder.name in _holders:
        raise ValueError(f"two holders are called {holder.name}")
    _holders[holder.name] = holder


def holders() -> list[Holder]:
    return list(_holders.values())
