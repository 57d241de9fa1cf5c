import pytest

from .shelf import Shelf


@pytest.fixture
def shelf(db: None, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """An empty index beside an empty table."""
    return Shelf(monkeypatch)
