import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution

from .installing import DUMMY, build_wheel, install_dummy_plugin


def test_the_dummy_is_a_real_distribution():
    found = distribution("portal-plugin-dummy")
    assert found.version == "1.0.0"
    [entry] = found.entry_points.select(group="portal.plugins")
    assert (entry.name, entry.value) == ("dummy", "portal_dummy.apps:DummyConfig")
    names = {str(path) for path in found.files}
    assert "portal_dummy/locale/zh_Hans/LC_MESSAGES/django.mo" in names
    assert "portal_dummy/templates/dummy/badge.html" in names


def test_pip_installs_it_from_the_same_wheel(tmp_path):
    wheel = build_wheel(DUMMY, tmp_path)
    target = tmp_path / "target"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
         "--target", str(target), str(wheel)],
        check=True, timeout=120,
    )  # fmt: skip
    installed = {path.relative_to(target).as_posix() for path in target.rglob("*.html")}
    assert installed == {
        "portal_dummy/templates/dummy/badge.html",
        "portal_dummy/templates/dummy/notes.html",
    }


def test_processes_that_start_together_share_one_installation(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        folders = set(pool.map(lambda _: install_dummy_plugin(tmp_path), range(8)))
    assert len(folders) == 1
    assert [path.name for path in tmp_path.iterdir()] == [folders.pop().name]
