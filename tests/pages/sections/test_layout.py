"""Banner, columns, tabs, carousel: what visitors get, and how many queries it costs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.core.context import PortalContext
from portal.pages.blocks import SectionsBlock
from portal.pages.sections import build_sections
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    ImageFactory,
    TopicFactory,
    World,
    publish,
)

from .conftest import block, items

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LIBRARY = SectionsBlock().child_blocks


def text(body: str) -> dict[str, Any]:
    return {"type": "text", "value": f"<p>{body}</p>", "id": ""}


def test_banner(world: World, show: Callable[..., str]) -> None:
    image = ImageFactory(description="晨雾中的云湖")
    links = items({"page": world.column.pk, "url": "", "title": "看进展", "summary": ""})
    html = show(block("hero", title="一湖清水", text="三年", image=image.pk, links=links))
    assert re.search(r'<h2 class="banner__title"[^>]*>一湖清水</h2>', html)
    assert 'alt="晨雾中的云湖"' in html
    assert re.search(r'<img[^>]* width="\d+" height="\d+"', html)
    assert 'class="button" href="/yaowen/"' in html


def test_banner_without_its_picture(
    world: World, show: Callable[..., str], fill_the_disk: Callable[[], None]
) -> None:
    image = ImageFactory()
    fill_the_disk()
    html = show(block("hero", title="一湖清水", image=image.pk))
    assert "一湖清水" in html
    assert "<img" not in html


class TestColumns:
    def test_each_holds_its_blocks(self, world: World, show: Callable[..., str]) -> None:
        html = show(block("columns", widths="2-1", columns=items([text("左")], [text("右")])))
        assert "columns--2-1" in html
        assert html.count("columns__column") == 2
        assert html.index("左") < html.index("右")

    def test_a_column_with_nothing_to_show_leaves_its_place(
        self, world: World, show: Callable[..., str]
    ) -> None:
        html = show(block("columns", columns=items([text("左")], [block("leaders")])))
        assert html.count("columns__column") == 1

    def test_nothing_at_all(self, world: World, show: Callable[..., str]) -> None:
        assert "<section" not in show(block("columns", columns=items([], [])))

    @pytest.mark.parametrize(("title", "level"), [("", "h2"), ("两列", "h3")])
    def test_headings_follow_the_outline(
        self, world: World, show: Callable[..., str], title: str, level: str
    ) -> None:
        ArticleFactory(parent=world.column)
        feed = block("feed", column=world.column.pk, title="动态")
        html = show(block("columns", title=title, columns=items([feed], [text("右")])))
        assert re.search(rf"<{level} [^>]*>动态</{level}>", html)


class TestTabs:
    @pytest.fixture
    def html(self, world: World, show: Callable[..., str]) -> str:
        tabs = items({"title": "进展", "content": [text("第一")]}, {"title": "参与", "content": [text("第二")]})  # fmt: skip
        return show(block("tabs", title="一起护湖", tabs=tabs))

    def test_without_script_all_panels_are_there_under_headings(self, html: str) -> None:
        assert "第一" in html
        assert "第二" in html
        assert re.findall(r"<h3 class=\"tabs__title\"[^>]*>(.+?)</h3>", html) == ["进展", "参与"]
        assert "hidden" not in html
        assert 'role="tab' not in html

    def test_each_link_leads_to_its_panel(self, html: str) -> None:
        targets = re.findall(r'class="tabs__tab" href="#([\w-]+)"', html)
        panels = re.findall(r'class="tabs__panel" id="([\w-]+)"', html)
        assert targets == panels
        assert len(set(panels)) == 2

    def test_an_empty_tab_is_left_out(self, world: World, show: Callable[..., str]) -> None:
        tabs = items({"title": "进展", "content": [text("第一")]}, {"title": "空", "content": []})
        assert "空" not in show(block("tabs", tabs=tabs))


class TestCarousel:
    def stored(self, world: World, **more: Any) -> dict[str, Any]:
        slides = [
            {"image": ImageFactory().pk, "title": title, "text": "", "page": page, "url": ""}
            for title, page in (("一", world.column.pk), ("二", None))
        ]
        return block("carousel", slides=items(*slides), **more)

    def test_a_list_that_scrolls(self, world: World, show: Callable[..., str]) -> None:
        html = show(self.stored(world))
        assert html.count('class="carousel__slide"') == 2
        assert 'tabindex="0"' in html
        assert "data-moves" not in html
        assert "data-carousel-pause" not in html

    def test_what_moves_can_be_stopped_first(self, world: World, show: Callable[..., str]) -> None:
        html = show(self.stored(world, moves=True))
        first = re.search(r"<(?:button|a)\b[^>]*>|tabindex=\"0\"", html)
        assert first is not None
        assert "data-carousel-pause" in first.group()

    def test_a_slide_without_picture_is_left_out(
        self, world: World, show: Callable[..., str]
    ) -> None:
        stored = self.stored(world)
        stored["value"]["slides"][0]["value"]["image"] = 987654
        assert show(stored).count('class="carousel__slide"') == 1


def test_ids_are_unique_on_a_page(world: World, show: Callable[..., str]) -> None:
    ArticleFactory(parent=world.column)
    feeds = [block("feed", column=world.column.pk) | {"id": ""} for _ in range(3)]
    tabs = [
        block("tabs", tabs=[{"title": f"{n}", "content": [feeds[0]]}, {"title": "x", "content": feeds}])
        for n in range(2)
    ]  # fmt: skip
    html = show(*feeds, *tabs, block("columns", columns=[feeds, feeds]))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_deep_links_stay_when_blocks_move(world: World, show: Callable[..., str]) -> None:
    tabs = items(
        {"title": "进展", "content": [text("一")]}, {"title": "参与", "content": [text("二")]}
    )
    stored = block("tabs", tabs=tabs)
    before = re.findall(r'href="#([\w-]+)"', show(stored))
    assert re.findall(r'href="#([\w-]+)"', show(text("前面"), stored)) == before


# --- queries --------------------------------------------------------------------------------------
def many(world: World, number: int) -> list[dict[str, Any]]:
    """A page with everything, ``number`` times, half of it inside columns and tabs."""
    article = ArticleFactory(parent=world.column)
    parts = []
    for _ in range(number):
        column = ColumnFactory(parent=world.home)
        ArticleFactory(parent=column, keywords="水质")
        link = {"page": article.pk, "url": "", "title": "指南", "summary": ""}
        picture = block("image", image=ImageFactory().pk, caption="")
        feed = block("feed", column=column.pk)
        keyword = block("keyword_feed", keyword="水质")
        slide = {"image": ImageFactory().pk, "title": "一", "page": article.pk}
        parts += [
            block("hero", title="标题", image=ImageFactory().pk, links=items(link)),
            block("columns", columns=items([feed, picture], [keyword, picture])),
            block("tabs", tabs=items({"title": "甲", "content": [feed, picture]}, {"title": "乙", "content": [block("links", items=items(link))]})),
            block("carousel", slides=items(slide, slide)),
            block("services", items=items(link | {"icon": "work"})),
            picture,
        ]  # fmt: skip
    return parts


def test_queries_do_not_grow_with_the_blocks(
    world: World, portal_of: Callable[..., PortalContext]
) -> None:
    counted = []
    for number in (1, 3):
        stored = many(world, number)
        build_sections(stored, portal_of())  # makes the renditions
        portal = portal_of()
        portal.site  # noqa: B018 - the structure is read before the counting
        with CaptureQueriesContext(connection) as made:
            built = build_sections(stored, portal)
        assert len(built) == len(stored)
        counted.append(len(made))
    assert counted[0] == counted[1]
    assert counted[0] <= 7


def test_a_page_without_such_blocks_pays_nothing_for_them(
    world: World, portal_of: Callable[..., PortalContext]
) -> None:
    portal = portal_of()
    portal.site  # noqa: B018
    with CaptureQueriesContext(connection) as made:
        build_sections([text("一"), block("section_heading", title="二")], portal)
    assert len(made) == 0


def test_on_a_page(world: World, client: Client) -> None:
    topic = TopicFactory(parent=world.home, slug="lake")
    columns = [[("text", "<p>左边</p>")], [("text", "<p>右边</p>")]]
    publish(topic, sections=[("columns", {"title": "", "widths": "1-1", "columns": columns})])
    html = client.get("/lake/").content.decode()
    assert "左边" in html
    assert "右边" in html
    assert "<!--block" not in html


# --- what editors are told ------------------------------------------------------------------------
def clean(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """The errors of a block, by field."""
    found = LIBRARY[name]
    try:
        found.clean(found.to_python(value))
    except ValidationError as error:
        return dict(error.block_errors)  # type: ignore[attr-defined]
    return {}


def test_columns_must_be_as_many_as_chosen(world: World) -> None:
    stored = {"title": "", "widths": "1-1-1", "columns": items([text("一")], [text("二")])}
    assert set(clean("columns", stored)) == {"widths"}
    stored["widths"] = "2-1"
    assert not clean("columns", stored)


def test_tabs_have_different_titles(world: World) -> None:
    tabs = items({"title": "甲", "content": []}, {"title": "甲", "content": []})
    assert set(clean("tabs", {"title": "", "tabs": tabs})) == {"tabs"}


def test_all_errors_at_once(world: World) -> None:
    """A rule of the block's own does not wait until the fields are right."""
    stored = {"title": "长" * 61, "widths": "1-1-1", "columns": items([], [])}
    assert set(clean("columns", stored)) == {"title", "widths"}


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ({"page": None, "url": "", "title": "x"}, {"page"}),
        ({"page": None, "url": "https://example.org/", "title": ""}, {"title"}),
        ({"page": None, "url": "https://example.org/", "title": "x"}, set()),
    ],
)
def test_links_lead_somewhere(world: World, link: dict[str, Any], wrong: set[str]) -> None:
    found = LIBRARY["links"].child_blocks["items"].child_block
    errors: set[str] = set()
    try:
        found.clean(found.to_python(link))
    except ValidationError as error:
        errors = set(error.block_errors)  # type: ignore[attr-defined]
    assert errors == wrong


def test_drafts_may_be_unfinished(world: World) -> None:
    stored = [
        block("columns", widths="1-1-1", columns=items([], [])),
        block("links", items=items({"page": None, "url": "", "title": ""})),
        block("services", items=items({"icon": "work", "title": ""})),
        block("hero", title=""),
    ]
    stream = SectionsBlock(required=False)
    value = stream.to_python(stored)
    stream.clean_deferred(value)
    with pytest.raises(ValidationError):
        stream.clean(value)
