from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from portal.publishing.store import keeping
from portal.publishing.store.keeping import Store


@pytest.fixture
def stored(tmp_path: Path, settings: object) -> Iterator[Store]:
    """The store is on, empty, in a folder of its own."""
    settings.PORTAL_PAGE_STORE = True  # type: ignore[attr-defined]
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    found = keeping.store()
    yield found
    found.index.close()


@pytest.fixture
def visitor() -> Client:
    """Somebody without cookies, who names a host."""
    return Client(headers={"host": "testserver"})
