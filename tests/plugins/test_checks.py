import importlib
import sys
from types import ModuleType

import pytest
from django.apps import AppConfig
from django.core.checks import run_checks

from portal.plugins import registry
from portal.plugins.checks import check_entry_points, check_requirements
from portal.plugins.config import PortalPluginConfig
from portal.plugins.discovery import DiscoveredPlugin
from portal.plugins.registry import Problem, examine

from .plugins import metadata


def test_nothing_is_wrong_here():
    assert run_checks(tags=["plugins"]) == []


def test_every_missing_requirement_is_told_at_once():
    plugins = examine(
        [metadata("a", requires=["x", "y"], requires_portal=">=99"), metadata("b", requires=["z"])],
        [Problem("c", "metadata", "wrong")],
    )
    messages = check_requirements(plugins)
    assert sorted(message.id for message in messages) == [
        "plugins.E001", "plugins.E003", "plugins.E003", "plugins.E003", "plugins.E005",
    ]  # fmt: skip
    assert all("PORTAL_PLUGINS_DISABLED" in message.hint for message in messages)
    assert {message.obj for message in messages} == {"a", "b", "c"}


def test_announcements_are_compared_with_what_is_installed():
    messages = check_entry_points(
        [
            DiscoveredPlugin("gone", "gone.apps.Config", "gone-dist", "package 'gone' is missing"),
            DiscoveredPlugin("plain", "django.contrib.auth", "plain-dist"),
            DiscoveredPlugin("other_name", "portal_dummy.apps.DummyConfig", "portal-plugin-dummy"),
            DiscoveredPlugin("left_out", "left_out.apps.Config", "left-out-dist"),
        ]
    )
    assert [message.id for message in messages] == [
        "plugins.W001", "plugins.E009", "plugins.E010",
    ]  # fmt: skip


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make an importable package of a plugin that is loaded by hand."""

    def make(name, **modules):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        for module, source in modules.items():
            (folder / f"{module}.py").write_text(source)
        monkeypatch.syspath_prepend(tmp_path)
        return importlib.import_module(name)

    before = set(sys.modules)
    yield make
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_a_plugin_that_fails_while_loading_is_off_and_told(package, as_in_production, caplog):
    class Config(PortalPluginConfig):
        name = "failing_plugin"

        class PluginMeta:
            slug = "failing"
            title = "Failing"
            version = "1"

        def on_ready(self):
            raise RuntimeError("not ready")

    module = package(
        "failing_plugin", events="1 / 0", slots="x = 1", wagtail_hooks="import no_such_module"
    )
    config = Config("failing_plugin", module)
    config.ready()
    assert set(config.load_errors) == {"events", "wagtail_hooks", "on_ready"}
    assert "failing_plugin cannot be loaded (events)" in caplog.text
    # Wagtail imports this module by itself, without a guard.
    assert isinstance(importlib.import_module("failing_plugin.wagtail_hooks"), ModuleType)


def test_in_tests_a_plugin_that_fails_while_loading_fails_them(package):
    class Config(PortalPluginConfig):
        name = "failing_plugin"

    module = package("failing_plugin", events="1 / 0")
    with pytest.raises(ZeroDivisionError):
        Config("failing_plugin", module).ready()


def test_django_takes_the_authors_class_not_the_base(package):
    package(
        "plain_plugin",
        apps=(
            "from portal.plugin_api import PortalPluginConfig\n"
            "class PlainConfig(PortalPluginConfig):\n    name = 'plain_plugin'\n"
        ),
    )
    assert type(AppConfig.create("plain_plugin")).__name__ == "PlainConfig"


def test_installed_plugins_with_bad_metadata_are_problems(monkeypatch):
    class Config(PortalPluginConfig):
        class PluginMeta:
            slug = "Bad Slug"
            title = ""
            version = "x"

    bad = Config("bad_plugin", sys.modules[__name__])
    monkeypatch.setattr(registry.apps, "get_app_configs", lambda: [bad])
    metas, [problem] = registry._from_apps()
    assert metas == []
    assert all(name in str(problem) for name in ("Bad Slug", "slug:", "title:", "version:"))
