import ast
import subprocess
import sys
from pathlib import Path

from portal import plugin_api


def test_every_public_name_can_be_had():
    for name in plugin_api.__all__:
        assert getattr(plugin_api, name) is not None


def test_names_are_sorted_and_unique():
    assert plugin_api.__all__ == sorted(
        set(plugin_api.__all__), key=lambda name: (not name.isupper(), name)
    )


def test_late_names_are_the_same_for_the_type_checker_and_at_run_time():
    tree = ast.parse(Path(plugin_api.__file__).read_text("utf-8"))
    [block] = [
        node
        for node in tree.body
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
    ]
    typed = {
        alias.name: statement.module
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert typed == plugin_api._LOADED_AT_FIRST_USE
    assert set(typed) <= set(plugin_api.__all__)


def test_it_can_be_imported_before_the_apps_are_loaded():
    """A plugin's apps.py imports it while Django is only beginning to load the apps."""
    code = (
        "from portal.plugin_api import PortalPluginConfig, Level, is_enabled, Event\n"
        "from django.apps import apps\nassert not apps.ready"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_discovery_needs_no_django():
    code = (
        "import sys\nfrom portal.plugins.discovery import discover_apps\n"
        "assert 'portal_dummy.apps.DummyConfig' in discover_apps()\n"
        "assert not [name for name in sys.modules if name.startswith(('django', 'portal_dummy'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
