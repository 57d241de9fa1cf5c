"""What ``/readyz`` says of search. Never critical: titles are found in the database meanwhile."""

from portal.plugin_api import Readiness
from portal.search.engine.contract import EngineUnavailable
from portal.search.models import Replica, Stale
from portal.search.services.engines import current_engine

from .replicas import LATE_SECONDS, seconds_behind
from .store_of import store_name


def index_ready() -> Readiness:
    """How far the index of this machine (or of the cluster) is behind what is public."""
    try:
        number = current_engine().size()
    except EngineUnavailable:
        return Readiness(False, "the index is away: titles are searched in the database", False)
    replica = Replica.objects.filter(name=store_name()).first()
    if replica is None:
        return Readiness(False, f"{number} documents, no process keeps them up to date", False)
    behind = seconds_behind(replica.position)
    detail = f"{number} documents, {behind:.0f} s behind"
    if waiting := Stale.objects.count():
        detail += f", {waiting} to be looked at again"
    if replica.state:
        detail += f"; {replica.state}"
    return Readiness(behind < LATE_SECONDS, detail, False)
