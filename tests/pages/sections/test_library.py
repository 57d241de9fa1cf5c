"""The whole block library: each block is described, shown, empty without fault, and marked."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import override
from wagtail.admin.icons import get_icons
from wagtail.blocks import Block
from wagtail_localize.segments.extract import extract_segments

from portal.pages.blocks import SectionsBlock
from portal.pages.blocks.section import SectionBlock
from portal.pages.models import TopicPage
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    ImageFactory,
    LeaderFactory,
    TopicFactory,
    World,
)

from .conftest import block

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LIBRARY = SectionsBlock().child_blocks
# They show what others contribute: nothing in a portal without plugins.
OF_PLUGINS = {"plugin_feed", "component"}


@pytest.fixture
def full_world(world: World) -> World:
    """Something for every list."""
    ArticleFactory(parent=world.column, keywords="民生，水质", cover=ImageFactory())
    LeaderFactory(parent=ColumnFactory(parent=world.home, display="leaders"))
    return world


@pytest.mark.parametrize("name", LIBRARY)
def test_every_block_introduces_itself(name: str) -> None:
    found: Block = LIBRARY[name]
    assert f'id="icon-{found.meta.icon}"' in get_icons()
    assert found.meta.group
    assert found.get_description()


def test_the_picker_shows_the_groups_in_the_order_of_building() -> None:
    with override("en"):
        groups = [str(group) for group, _blocks in SectionsBlock().grouped_child_blocks()]
    assert groups[0] == "Layout"
    assert groups[-1] == "Plugins"
    assert groups.index("Lists") < groups.index("Entrances") < groups.index("Text")


def test_no_layout_in_layout() -> None:
    inner = LIBRARY["columns"].child_blocks["columns"].child_block.child_blocks
    panel = LIBRARY["tabs"].child_blocks["tabs"].child_block.child_blocks["content"].child_blocks
    for stream in (inner, panel):
        assert {"feed", "text", "services", "leaders"} <= set(stream)
        assert not {"columns", "tabs", "hero", "carousel"} & set(stream)


@pytest.mark.parametrize("name", LIBRARY)
def test_every_block_shows_its_preview_value(
    full_world: World, show: Callable[..., str], name: str
) -> None:
    found = LIBRARY[name]
    value = found.get_preview_value()
    html = show({"type": name, "value": found.get_prep_value(value), "id": "a"})
    if name in OF_PLUGINS or (name == "topics"):
        return
    assert '<section class="section section--' in html, name


@pytest.mark.parametrize("name", LIBRARY)
@pytest.mark.parametrize("value", [{}, None], ids=["empty", "nothing"])
def test_an_unfinished_block_breaks_nothing(
    world: World, show: Callable[..., str], name: str, value: Any
) -> None:
    show({"type": name, "value": value, "id": "a"})
    html = show({"type": name, "value": value, "id": "a"}, preview=True)
    assert "<!--block a-->" in html


@pytest.mark.parametrize("name", LIBRARY)
def test_defaults_of_a_new_block_break_nothing(
    world: World, show: Callable[..., str], name: str
) -> None:
    found = LIBRARY[name]
    show({"type": name, "value": found.get_prep_value(found.get_default()), "id": "a"})


@pytest.mark.parametrize("name", sorted(set(LIBRARY) - OF_PLUGINS - {"topics"}))
def test_every_block_and_its_members_carry_marks(
    full_world: World, show: Callable[..., str], name: str
) -> None:
    found = LIBRARY[name]
    raw = found.get_prep_value(found.get_preview_value())
    html = show({"type": name, "value": raw, "id": "the-block"}, preview=True)
    assert "<!--block the-block-->" in html
    own = {"hero", "columns", "tabs", "carousel", "links", "services", "service_groups"}
    if name in own:
        for member in re.findall(r"'id': '([0-9a-f-]{36})'", str(raw)):
            assert f"<!--block {member}-->" in html, raw
    assert html.count("<!--block ") == html.count("<!--/block-->")


def test_visitors_get_no_marks(world: World, show: Callable[..., str]) -> None:
    assert "<!--" not in show(block("section_heading", title="便民服务"))


def test_an_empty_block_is_seen_in_previews_only(world: World, show: Callable[..., str]) -> None:
    empty = block("leaders", column=None)
    assert "section--" not in show(empty)
    assert 'class="empty"' in show(empty, preview=True)


def test_kinds_that_are_gone_are_left_out(world: World, show: Callable[..., str]) -> None:
    html = show(block("of_yesterday", text="x"), block("section_heading", title="今天"))
    assert "今天" in html
    assert html.count("<section") == 1


@pytest.mark.parametrize("name", [n for n, b in LIBRARY.items() if isinstance(b, SectionBlock)])
def test_the_picker_previews(admin_client: Any, full_world: World, name: str) -> None:
    found = LIBRARY[name]
    assert found.is_previewable
    response = admin_client.get(f"/admin/block-preview/?id={found.definition_prefix}")
    assert response.status_code == 200


def test_translators_get_the_words_of_every_block(full_world: World) -> None:
    """Nested ones too; what an editor chose (pages, keywords of lists) is no text."""
    stream = SectionsBlock()
    value = [
        (name, found.get_preview_value())
        for name, found in stream.child_blocks.items()
        if isinstance(found, SectionBlock) and name not in OF_PLUGINS
    ]
    topic = TopicFactory(parent=full_world.home, sections=stream.normalize(value))
    segments = extract_segments(TopicPage.objects.get(pk=topic.pk))
    words = "\n".join(str(getattr(segment, "string", "")) for segment in segments)
    for expected in (
        "一湖清水，与城共生",
        "联系我们",
        "怎么参与",
        "秋茶开采",
        "生孩子",
        "老年优待卡",
    ):
        assert expected in words
