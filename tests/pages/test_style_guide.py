"""The style guide shows everything there is, and only to those who work here."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from portal.core.models import SiteRecord
from portal.pages.blocks import BodyBlock, SectionsBlock
from portal.pages.style_guide.samples import sample_files
from portal.pages.style_guide.views import PAIRS, VIEWS
from tests.factories import UserFactory, World, member

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def editor(provisioned_world: World) -> Client:
    client = Client()
    client.force_login(
        member("editor", provisioned_world.site),
        backend="portal.core.staff.backend.StaffBackend",
    )
    return client


def sheet(client: Client, **switches: str) -> str:
    response = client.get(reverse("portal_style_sheet"), switches)
    assert response.status_code == 200
    return response.content.decode()


def test_every_component_and_block_is_shown(editor: Client) -> None:
    html = sheet(editor)
    for name in sample_files():
        assert f"<code>{name}</code>" in html
    for stream in (BodyBlock(), SectionsBlock()):
        for block in stream.child_blocks.values():
            assert f'<h3 class="specimen__name">{block.label}</h3>' in html


@pytest.mark.parametrize("theme", SiteRecord.Theme.values)
@pytest.mark.parametrize("view", [key for key, _label in VIEWS])
def test_each_theme_and_view(editor: Client, theme: str, view: str) -> None:
    root = re.search(r"<html[^>]*>", sheet(editor, theme=theme, view=view, direction="rtl"))
    assert root is not None
    assert f'data-theme="{theme}"' in root[0]
    assert 'dir="rtl"' in root[0]
    expected = {"normal": "", "elder": 'data-view="elder"'}.get(view, f'data-contrast="{view}"')
    assert expected in root[0]


def test_strange_switches_are_the_first_choice(editor: Client) -> None:
    html = sheet(editor, theme='"><script>', view="x", direction="up")
    assert 'data-theme="lake"' in html
    assert "<script>" not in html


def test_the_guide_frames_the_sheet_that_was_chosen(editor: Client) -> None:
    response = editor.get(reverse("portal_style_guide"), {"theme": "pine", "width": "320"})
    html = response.content.decode()
    assert "theme=pine&amp;view=normal&amp;direction=ltr" in html
    assert "style-guide__sheet--320" in html
    assert editor.get(reverse("portal_style_sheet"))["X-Frame-Options"] == "SAMEORIGIN"


def test_every_colour_pair_has_its_classes() -> None:
    found = finders.find("portal/css/style-guide.css")
    assert isinstance(found, str)
    css = Path(found).read_text(encoding="utf-8")
    for front, back in PAIRS:
        assert f".ink--{front} " in css
        assert f".ground--{back} " in css


def test_nobody_else_sees_it(world: World) -> None:
    visitor, stranger = Client(), Client()
    stranger.force_login(UserFactory(), backend="portal.core.staff.backend.StaffBackend")
    for client in (visitor, stranger):
        for name in ("portal_style_guide", "portal_style_sheet"):
            assert client.get(reverse(name)).status_code in (302, 403)
