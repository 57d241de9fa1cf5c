"""The engine and the analyser that this process uses."""

import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.search.engine.contract import EngineUnavailable, SearchEngine
from portal.search.engine.opensearch_client import client
from portal.search.engine.opensearch_engine import OpenSearchEngine
from portal.search.indexing.cluster import alias_of, meta_of
from portal.search.indexing.lexicon import refresh_words
from portal.search.indexing.plan import current_plan
from portal.search.indexing.replica import ReplicaEngine
from portal.search.indexing.store_of import index_folder
from portal.text.searching import Analyser, analyser

__all__ = ["current_analyser", "current_engine", "refresh_words"]

_lock = threading.Lock()
_replicas: dict[Path, ReplicaEngine] = {}
_clusters: dict[str, "_Cluster"] = {}


def current_engine() -> SearchEngine:
    """The engine, kept open. Raises ``EngineUnavailable``."""
    if settings.OPENSEARCH_URL:
        return _cluster(settings.OPENSEARCH_URL).engine
    return _replica()


def current_analyser() -> Analyser:
    """Cuts queries as the index in use was cut; without an index, as the next one will be."""
    try:
        if settings.OPENSEARCH_URL:
            return _cluster(settings.OPENSEARCH_URL).analyser()
        return _replica().analyser
    except EngineUnavailable:
        return current_plan().analyser


class _Cluster:
    """The cluster's index in use, and the words that it was cut with, looked up now and then."""

    LOOK_SECONDS = 5.0

    def __init__(self, url: str) -> None:
        self._client: Any = client(url)
        self._alias = alias_of(current_plan().identity.origin)
        self.engine = OpenSearchEngine(self._client, self._alias)
        self._words: frozenset[str] | None = None
        self._looked_at = 0.0

    def analyser(self) -> Analyser:
        now = time.monotonic()
        if self._words is None or now - self._looked_at > self.LOOK_SECONDS:
            self._words = frozenset(meta_of(self._client, self._alias)["words"])
            self._looked_at = now
        return analyser(self._words)


def _cluster(url: str) -> _Cluster:
    found = _clusters.get(url)
    if found is None:
        with _lock:
            found = _clusters[url] = _clusters.get(url) or _Cluster(url)
    return found


def _replica() -> ReplicaEngine:
    folder = index_folder()
    found = _replicas.get(folder)
    if found is None:
        with _lock:
            found = _replicas.setdefault(folder, ReplicaEngine(folder))
    return found
