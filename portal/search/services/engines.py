"""The engine and the analyser that this process uses."""

from portal.search.engine.contract import EngineUnavailable, SearchEngine
from portal.text.searching import Analyser, analyser


def current_engine() -> SearchEngine:
    """The engine, kept open. Raises ``EngineUnavailable``."""
    raise EngineUnavailable("There is no index yet.")


def current_analyser() -> Analyser:
    """Cuts queries as the index in use was cut."""
    return analyser()
