"""What tantivy raises, as the contract says it."""

from collections.abc import Iterator
from contextlib import contextmanager

from .contract import EngineUnavailable


@contextmanager
def told(doing: str) -> Iterator[None]:
    """Turns its errors into ``EngineUnavailable``. Over damaged files tantivy panics, which is no
    ``Exception`` in Python."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise EngineUnavailable(f"The search index cannot be {doing}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise EngineUnavailable(f"The search index cannot be {doing}: {error}") from error
