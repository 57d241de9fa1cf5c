import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.serving import environment

from .cluster import Cluster, running


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    # Not among pytest's own folders: the server may run as another account, which has no way there.
    with tempfile.TemporaryDirectory(prefix="portal-cluster-") as folder:
        environ = environment(tmp_path_factory.mktemp("commands"))
        with running(Path(folder), environ) as found:
            yield found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder
