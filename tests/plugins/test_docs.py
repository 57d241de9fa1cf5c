"""Each extension point has a page, and each page an extension point."""

import re
from pathlib import Path

import pytest

from portal import plugin_api
from portal.plugins.metadata import _READERS
from portal.plugins.points import catalogue
from portal.testing import PluginContract

DOCS = Path(__file__).resolve().parents[2] / "docs" / "plugins"
FOLDERS = {
    "event": "events",
    "filter": "filters",
    "slot": "slots",
    "registry": "registries",
    "capability": "capabilities",
}


def points():
    for name in plugin_api.__all__:  # the core defines its points when they are first asked for
        getattr(plugin_api, name)
    return list(catalogue)


def page_of(point):
    return DOCS / FOLDERS[point.kind] / f"{point.name.partition('.')[0]}.md"


@pytest.mark.parametrize("point", points(), ids=lambda point: point.title)
def test_every_extension_point_is_documented(point):
    page = page_of(point)
    assert page.is_file(), f"{point.title} has no page: write docs/plugins/{page.relative_to(DOCS)}"
    text = page.read_text("utf-8")
    assert text.startswith(f"# `{point.name.partition('.')[0]}`\n")
    missing = [name for name in point.arguments if f"`{name}`" not in text]
    assert not missing, f"{page.name} does not say what these arguments are: {missing}"


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_kind_has_a_guide_that_lists_its_points(kind):
    text = (DOCS / FOLDERS[kind] / "index.md").read_text("utf-8")
    for point in points():
        if point.kind == kind:
            name = page_of(point).name
            assert f"({name})" in text, f"{FOLDERS[kind]}/index.md does not lead to {name}"


def test_no_page_describes_what_is_gone():
    known = {page_of(point) for point in points()}
    stale = [
        page.relative_to(DOCS).as_posix()
        for folder in FOLDERS.values()
        for page in (DOCS / folder).glob("*.md")
        if page.name != "index.md" and page not in known
    ]
    assert stale == []


def test_links_lead_somewhere():
    broken = [
        f"{page.relative_to(DOCS)}: {target}"
        for page in DOCS.rglob("*.md")
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_field_of_the_metadata_is_explained():
    text = (DOCS / "metadata.md").read_text("utf-8")
    assert [field for field in _READERS if f"`{field}`" not in text] == []


def test_every_test_of_the_contract_is_in_the_checklist():
    text = (DOCS / "index.md").read_text("utf-8")
    tests = [name for name in vars(PluginContract) if name.startswith("test_")]
    assert [name for name in tests if f"`{name}`" not in text] == []
