from importlib.metadata import EntryPoint

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.plugins.discovery import GROUP, blame, discover, discover_apps


def entry(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, GROUP)


def test_apps_are_named_without_being_imported(tmp_path, monkeypatch):
    package = tmp_path / "explosive_plugin"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    assert discover_apps(candidates=[entry("boom", "explosive_plugin.apps:Config")]) == [
        "explosive_plugin.apps.Config"
    ]


def test_order_is_by_slug_and_each_app_counts_once():
    found = [entry("b", "json:B"), entry("a", "json.apps"), entry("b", "json:B")]
    assert discover_apps(candidates=found) == ["json.apps", "json.B"]


@pytest.mark.parametrize("spelling", ["open_data", "open-data", " Open-Data "])
def test_disabled_plugins_are_left_out(spelling):
    found = [entry("open_data", "json:A"), entry("letters", "json:B")]
    assert discover_apps(disabled=[spelling], candidates=found) == ["json.B"]


@pytest.mark.parametrize("value", ["", "not a module", "json:", ":Config", "json:a.b", "1json"])
def test_odd_entry_points_are_kept_out_of_the_settings(value):
    [plugin] = discover([entry("odd", value)])
    assert "package.module:Class" in plugin.problem
    assert discover_apps(candidates=[entry("odd", value)]) == []


def test_a_vanished_package_is_kept_out_of_the_settings():
    [plugin] = discover([entry("gone", "no_such_package_anywhere.apps:Config")])
    assert plugin.problem == "package 'no_such_package_anywhere' cannot be found"
    assert discover_apps(candidates=[entry("gone", "no_such_package_anywhere.apps:Config")]) == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_entry_point_breaks_discovery(name, value):
    for app in discover_apps(candidates=[entry(name, value)]):
        assert all(part.isidentifier() for part in app.split("."))


def test_the_installed_dummy_is_discovered():
    assert {plugin.slug: plugin.app for plugin in discover()}["dummy"] == (
        "portal_dummy.apps.DummyConfig"
    )


def test_blame_names_the_plugin_in_whose_code_an_error_arose(tmp_path):
    source = compile("raise ImportError('cannot')", "apps.py", "exec")
    with pytest.raises(ImportError) as caught:
        exec(source, {"__name__": "portal_dummy.apps"})
    assert blame(caught.value) == "dummy"


def test_blame_names_nobody_for_the_portals_own_errors():
    with pytest.raises(ImportError) as caught:
        raise ImportError("own")
    assert blame(caught.value) is None
