"""Talking to an OpenSearch cluster: the client, and what its errors mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from .contract import EngineUnavailable

TIMEOUT_SECONDS = 10.0


@lru_cache(maxsize=4)
def client(url: str) -> Any:
    """The client of a cluster, kept. Raises ``EngineUnavailable`` where the package is missing."""
    try:
        from opensearchpy import OpenSearch
    except ImportError as error:
        raise EngineUnavailable(
            "OPENSEARCH_URL is set, but opensearch-py is not installed: pip install "
            "'yunhu-portal[opensearch]'"
        ) from error
    return OpenSearch(hosts=[url], timeout=TIMEOUT_SECONDS, max_retries=1, retry_on_timeout=False)


@contextmanager
def told() -> Iterator[None]:
    """What the client raises, as the contract says it; never with the address, which may hold a
    password."""
    from opensearchpy.exceptions import OpenSearchException, TransportError

    try:
        yield
    except TransportError as error:
        reason = f"{error.status_code} {error.error}" if error.args else type(error).__name__
        raise EngineUnavailable(f"The search cluster does not answer: {reason}"[:200]) from error
    except OpenSearchException as error:
        raise EngineUnavailable(
            f"The search cluster does not answer: {type(error).__name__}"
        ) from error
