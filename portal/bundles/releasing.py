"""Which set is being released right now: the one time at which its items may become public."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_released: ContextVar[int | None] = ContextVar("bundles_released", default=None)


@contextmanager
def releasing(bundle_pk: int) -> Iterator[None]:
    token = _released.set(bundle_pk)
    try:
        yield
    finally:
        _released.reset(token)


def released_now() -> int | None:
    return _released.get()
