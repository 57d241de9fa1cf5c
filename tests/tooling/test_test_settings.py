"""The settings of the test suite leave nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

CODE = "import portal.settings.test as s; print(s.DATA_DIR); assert s.DATA_DIR.is_dir()"


def start(tmp_path: Path, **variables: str) -> str:
    environ = {k: v for k, v in os.environ.items() if k not in ("PORTAL_DATA_DIR", "DATABASE_URL")}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env=environ | {"TMPDIR": str(tmp_path), "PORTAL_ENV": "test"} | variables,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_a_folder_of_its_own_goes_with_the_process(tmp_path: Path) -> None:
    folder = Path(start(tmp_path))
    assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_named_is_used_and_kept(tmp_path: Path) -> None:
    named = tmp_path / "data"
    named.mkdir()
    assert start(tmp_path, PORTAL_DATA_DIR=str(named)) == str(named)
    assert list(tmp_path.iterdir()) == [named]
