"""Which indexes this machine keeps: folders of its own, or those of a cluster."""

import os
from pathlib import Path

from django.conf import settings

from portal.search.engine.opensearch_client import client

from .cluster import ClusterStore
from .folder import FolderStore
from .plan import current_plan
from .replicas import machine_name
from .stores import Store

CLUSTER = "opensearch"


def index_folder() -> Path:
    """Where this machine keeps its indexes."""
    return Path(settings.DATA_DIR) / "search"


def store_name() -> str:
    """Names the row of ``Replica``: of this machine, or of the cluster that all share."""
    return CLUSTER if settings.OPENSEARCH_URL else machine_name()


def make_store() -> Store:
    """Raises ``EngineUnavailable`` where the client of the cluster is not installed."""
    if settings.OPENSEARCH_URL:
        origin = current_plan().identity.origin
        return ClusterStore(client(settings.OPENSEARCH_URL), origin, CLUSTER, holder_name())
    return FolderStore(index_folder(), store_name())


def holder_name() -> str:
    return f"{machine_name()}:{os.getpid()}"
