"""Which page is being released right now: the one time at which new text of it may go public."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_released: ContextVar[int | None] = ContextVar("foreign_released", default=None)


@contextmanager
def releasing(page_pk: int) -> Iterator[None]:
    token = _released.set(page_pk)
    try:
        yield
    finally:
        _released.reset(token)


def is_releasing(page_pk: int) -> bool:
    return _released.get() == page_pk
