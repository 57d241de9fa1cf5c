"""Why something may become public without a review of its own.

Whatever goes to the public needs a ground: its own three reviews, or one of those that are opened
here for the time of a piece of work. A web request never inherits one from what ran before it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from portal.core.models import Basis


@dataclass(frozen=True, slots=True)
class Ground:
    """Why, and the key of the record that shows it (a review, an action of the operator …)."""

    basis: Basis
    key: str = ""


_current: ContextVar[Ground | None] = ContextVar("release_ground", default=None)


def release_ground() -> Ground | None:
    """What the running piece of work stands on; None: each thing needs reviews of its own."""
    return _current.get()


@contextmanager
def releasing_as(basis: Basis, key: str = "") -> Iterator[Ground]:
    """Let what is published inside stand on a ground that is not a review of its own.

    For programs only: what follows mechanically from a decision that people reviewed, the
    release of a translation after the reviews of its desk, and actions of the operator.
    """
    ground = Ground(basis, key)
    token = _current.set(ground)
    try:
        yield ground
    finally:
        _current.reset(token)


@contextmanager
def no_ground() -> Iterator[None]:
    """The beginning of a request: what ran before it lends it nothing."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)
