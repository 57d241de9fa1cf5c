"""The contract refuses what it says it refuses."""

import unittest
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.plugins.config import PortalPluginConfig
from portal.testing import _INLINE, PluginContract, _imports, _is_declared, _is_private


def test_the_base_is_no_test_itself():
    assert not PluginContract.__test__
    assert type("Own", (PluginContract,), {"slug": "dummy"}).__test__


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("import portal.core.models", ["portal.core.models"]),
        ("from portal import core", ["portal.core"]),
        ("from portal.plugins import hooks as h", ["portal.plugins"]),
        ("def f():\n    from portal.pages.models import ArticlePage", ["portal.pages.models"]),
        ("from portal.plugin_api import Event\nfrom portal.text import pinyin", []),
        ("from portal import plugin_api", []),
        ("from . import portal\nimport portals", []),
    ],
)
def test_private_imports_are_seen(tmp_path, source, modules):
    path = tmp_path / "module.py"
    path.write_text(source)
    found = [module for _line, module in _imports(path) if _is_private(module, in_tests=False)]
    assert found == modules


def test_the_testing_tools_are_for_tests():
    assert _is_private("portal.testing", in_tests=False)
    assert not _is_private("portal.testing", in_tests=True)
    assert not _is_private("portal.text.pinyin", in_tests=False)
    assert _is_private("portal.textual", in_tests=False)


@pytest.mark.parametrize(
    "html",
    [
        "<script>go()</script>",
        '<script type="module">go()</script>',
        "<style>p {}</style>",
        '<p style="color: red">',
        '<a onclick = "go()">',
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_is_seen(html):
    assert _INLINE.search(html)


@pytest.mark.parametrize(
    "html", ["<script src=\"{% static 'x.js' %}\"></script>", '<p class="style" data-on="1">']
)
def test_other_markup_is_left_alone(html):
    assert not _INLINE.search(html)


def test_hosts_may_be_declared_with_a_star():
    assert _is_declared("sms.example.org", {"*.example.org"})
    assert _is_declared("sms.example.org", {"sms.example.org"})
    assert not _is_declared("example.com", {"*.example.org"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("test", "files"),
    [
        ("test_imports_only_the_public_api", {"views.py": "from portal.core import structure"}),
        ("test_hosts_in_the_code_are_declared", {"sms.py": "URL = 'https://sms.example.org/v1'"}),
        ("test_templates_and_static_files_bear_its_name", {"templates/portal/base.html": ""}),
        (
            "test_templates_compile_and_hold_nothing_inline",
            {"templates/dummy/badge.html": "<p style='x'>"},
        ),
    ],
)
def test_a_bad_plugin_fails_its_contract(tmp_path, test, files):
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    class Bad(PluginContract):
        slug = "dummy"
        root = tmp_path

    result = unittest.TestResult()
    Bad(test).run(result)
    assert result.failures
    assert not result.errors


@contextmanager
def overridden(cls, name, value):
    setattr(cls, name, value)
    try:
        yield
    finally:
        delattr(cls, name)


@pytest.mark.django_db
def test_overriding_ready_fails_the_contract():
    class Own(PluginContract):
        slug = "dummy"

    case = Own("test_ready_is_left_alone")
    with overridden(type(case.config), "ready", lambda self: PortalPluginConfig.ready(self)):
        result = unittest.TestResult()
        case.run(result)
    assert result.failures


def test_the_dummy_ships_its_own_tests():
    assert (Path(__file__).parents[1] / "dummy_plugin" / "tests" / "test_contract.py").is_file()
