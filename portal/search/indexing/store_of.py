"""Which indexes this machine keeps: folders of its own, or those of a cluster."""

from pathlib import Path

from django.conf import settings

from .folder import FolderStore
from .replicas import machine_name
from .stores import Store


def index_folder() -> Path:
    """Where this machine keeps its indexes."""
    return Path(settings.DATA_DIR) / "search"


def store_name() -> str:
    """Names the row of ``Replica``."""
    return machine_name()


def make_store() -> Store:
    return FolderStore(index_folder(), store_name())
