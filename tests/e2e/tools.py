"""What comes from npm: the accessibility engine and the HTML checker."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
_MODULES = HERE / "node_modules"
INSTALL = "npm ci --ignore-scripts --prefix tests/e2e"


def axe_source() -> Path:
    return _installed("axe-core/axe.min.js")


def html_checker() -> list[str]:
    """The command of the Nu HTML checker.

    Java is the one thing here that the portal's own set-up does not bring: without it the check is
    left to the continuous integration, and says so.
    """
    jar = _installed("vnu-jar/build/dist/vnu.jar")
    if shutil.which("java") is None:
        message = "The HTML check needs Java: sudo apt-get install default-jre-headless"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return ["java", "-jar", str(jar)]


def browser_path() -> str:
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail("The browser tests need Chromium: sudo apt-get install chromium-headless-shell")
    return found


def _installed(name: str) -> Path:
    path = _MODULES / name
    if not path.exists():
        pytest.fail(f"{name} is not installed. Run: {INSTALL}")
    return path


def check_html(files: list[Path]) -> str:
    """The checker's complaints about these files, one a line; empty when there are none."""
    done = subprocess.run(
        [*html_checker(), "--errors-only", "--format", "gnu", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
