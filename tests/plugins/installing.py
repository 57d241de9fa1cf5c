"""Install ``tests/dummy_plugin`` as a real distribution, before Django reads its settings.

The plugin is packed into a wheel and the wheel unpacked into a folder of its own, which goes onto
the path: discovery then finds it exactly as it finds what pip installed. No network, no build
tools, a few milliseconds; the folder is named by the content's hash, so it is made once.

``tests/conftest.py`` begins with::

    from tests.plugins.installing import prepare_django
    prepare_django()

and pytest must not be told ``DJANGO_SETTINGS_MODULE`` in another way: pytest-django would set
Django up before any conftest runs.
"""

import base64
import csv
import hashlib
import importlib
import io
import os
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib

REPOSITORY = Path(__file__).resolve().parents[2]
DUMMY = REPOSITORY / "tests" / "dummy_plugin"
INSTALLED = REPOSITORY / "var" / "test_plugins"


def prepare_django(settings: str = "portal.settings.test") -> None:
    """Put the dummy plugin onto the path, then set Django up."""
    from django.apps import apps

    if apps.ready and apps.is_installed("portal_dummy"):
        return
    if apps.ready:
        raise RuntimeError(
            "Django was set up before the dummy plugin was installed. Do not set "
            "DJANGO_SETTINGS_MODULE in the environment or in pytest's options."
        )
    target = str(install_dummy_plugin())
    if target not in sys.path:
        sys.path.insert(0, target)
        importlib.invalidate_caches()
    os.environ["PORTAL_ENV"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    # Programs that tests start find the plugin too.
    paths = [target, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))

    import django

    django.setup()


def install_dummy_plugin(into: Path = INSTALLED) -> Path:
    """Return a folder for ``sys.path`` that holds the installed dummy plugin.

    Safe when several test processes start at once: the folder appears whole or not at all.
    """
    target = into / _content_hash(DUMMY)
    if target.is_dir():
        return target
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix="building-") as building:
        wheel = build_wheel(DUMMY, Path(building))
        unpacked = Path(building) / "unpacked"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked)
        try:
            unpacked.rename(target)
        except OSError:  # another process was faster
            if not target.is_dir():
                raise
    _forget_older(into, keep=target)
    return target


def build_wheel(project: Path, into: Path) -> Path:
    """Pack a pure Python project with ``src`` layout into a wheel, as its build backend would."""
    declared = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    name = f"{declared['name'].replace('-', '_')}-{declared['version']}"
    contents = dict(_package_files(project / "src"))
    contents[f"{name}.dist-info/METADATA"] = _metadata(declared, project).encode()
    contents[f"{name}.dist-info/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    contents[f"{name}.dist-info/entry_points.txt"] = _entry_points(declared).encode()
    record = f"{name}.dist-info/RECORD"
    contents[record] = _record(contents, record).encode()
    wheel = into / f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
    return wheel


def _package_files(source: Path) -> Iterator[tuple[str, bytes]]:
    for path in _files(source):
        name = path.relative_to(source).as_posix()
        yield name, path.read_bytes()
        if path.suffix == ".po":
            yield name.removesuffix(".po") + ".mo", polib.pofile(str(path)).to_binary()


def _metadata(declared: dict[str, Any], project: Path) -> str:
    headers = [
        "Metadata-Version: 2.4",
        f"Name: {declared['name']}",
        f"Version: {declared['version']}",
        f"Summary: {declared['description']}",
        f"Requires-Python: {declared['requires-python']}",
        *(f"Requires-Dist: {requirement}" for requirement in declared["dependencies"]),
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(headers) + "\n\n" + (project / declared["readme"]).read_text("utf-8")


def _entry_points(declared: dict[str, Any]) -> str:
    lines: list[str] = []
    for group, entries in declared["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    return "\n".join(lines) + "\n"


def _record(contents: dict[str, bytes], record: str) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    for path, content in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.writerow([path, f"sha256={digest}", len(content)])
    rows.writerow([record, "", ""])
    return out.getvalue()


def _content_hash(project: Path) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in _files(project):
        digest.update(path.relative_to(project).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            yield path


def _forget_older(into: Path, keep: Path, limit: int = 3) -> None:
    """Remove installations of earlier contents; a running test keeps what it has imported."""
    folders = [path for path in into.iterdir() if path.is_dir() and path != keep]
    whole = [path for path in folders if not path.name.startswith("building-")]
    for path in sorted(whole, key=lambda path: path.stat().st_mtime)[:-limit]:
        shutil.rmtree(path, ignore_errors=True)
