"""What the tests of indexing share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.core import outbox
from portal.search.indexing.consumer import Documents, refresh_stale
from portal.search.indexing.folder import FolderStore
from portal.search.indexing.indexer import Indexer
from portal.search.models import Document


def tell() -> None:
    """As the outbox process does, and the indexer with what was put off."""
    for report in outbox.run_consumers([Documents()]):
        assert not report.error, report.error
    while refresh_stale():
        pass


def rows(**narrowed: object) -> dict[str, Document]:
    """What can be found, by key."""
    return {row.key: row for row in Document.objects.filter(is_removed=False, **narrowed)}


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The search folder of a machine of one's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "search"


@pytest.fixture
def make_indexer(folder: Path) -> Callable[[], Indexer]:
    return lambda: Indexer(FolderStore(folder, "test"))


def until_idle(indexer: Indexer, rounds: int = 50) -> None:
    indexer.plan_changed()
    for _ in range(rounds):
        step = indexer.step()
        if step.is_idle and not step.state:
            return
    raise AssertionError(f"still busy: {step}")
