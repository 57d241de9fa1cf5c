"""The engine and the analyser that this process uses."""

import threading
from pathlib import Path

from portal.search.engine.contract import EngineUnavailable, SearchEngine
from portal.search.indexing.plan import current_plan
from portal.search.indexing.replica import ReplicaEngine
from portal.search.indexing.store_of import index_folder
from portal.text.searching import Analyser

_lock = threading.Lock()
_replicas: dict[Path, ReplicaEngine] = {}


def current_engine() -> SearchEngine:
    """The engine, kept open. Raises ``EngineUnavailable``."""
    return _replica()


def current_analyser() -> Analyser:
    """Cuts queries as the index in use was cut; without an index, as the next one will be."""
    try:
        return _replica().analyser
    except EngineUnavailable:
        return current_plan().analyser


def _replica() -> ReplicaEngine:
    folder = index_folder()
    found = _replicas.get(folder)
    if found is None:
        with _lock:
            found = _replicas.setdefault(folder, ReplicaEngine(folder))
    return found
