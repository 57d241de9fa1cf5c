"""The sections of homes are kept as they were rendered, and never shown when they are out of date."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images.tests.utils import get_test_image_file

from portal.core import extension_points, structure
from portal.core.models import ListingRow, PortalImage
from tests.factories import ArticleFactory, World, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(world: World) -> World:
    ArticleFactory(parent=world.column, title="第一条")
    feed = {"column": world.column, "title": "", "count": 6, "style": "list"}
    publish(world.home, sections=[("feed", feed)])
    return world


def _read(client: Client) -> tuple[str, list[str]]:
    with CaptureQueriesContext(connection) as captured:
        html = client.get("/").content.decode()
    return html, [query["sql"] for query in captured if "core_listingrow" in query["sql"]]


def test_lists_are_read_once(home: World, client: Client) -> None:
    first, asked = _read(client)
    assert "第一条" in first
    assert asked
    second, asked_again = _read(client)
    assert second == first
    assert asked_again == []


def test_what_is_published_or_withdrawn_shows_at_once(home: World, client: Client) -> None:
    _read(client)
    page = ArticleFactory(parent=home.column, title="第二条")
    assert "第二条" in _read(client)[0]
    page.unpublish()
    assert "第二条" not in _read(client)[0]


def test_a_change_of_the_home_itself_shows_at_once(home: World, client: Client) -> None:
    _read(client)
    publish(home.home, sections=[("text", "<p>新的说明</p>")])
    html, _asked = _read(client)
    assert "新的说明" in html
    assert "第一条" not in html


def test_another_process_notices(home: World, client: Client) -> None:
    """The version in the database decides, not what this process was told."""
    _read(client)
    ListingRow.objects.filter(title="第一条").update(title="改过的标题")
    assert "改过的标题" not in _read(client)[0]
    structure.StructureVersion.objects.update(content=4711)
    assert "改过的标题" in _read(client)[0]


def test_what_was_rolled_back_is_not_kept(home: World, client: Client) -> None:
    _read(client)
    with pytest.raises(RuntimeError), transaction.atomic():
        ArticleFactory(parent=home.column, title="不该出现")
        assert "不该出现" in _read(client)[0]
        raise RuntimeError
    assert "不该出现" not in _read(client)[0]


def test_pictures_and_their_words_show_at_once(home: World, client: Client) -> None:
    picture = PortalImage.objects.create(
        title="湖堤", description="清晨的湖堤", file=get_test_image_file(size=(32, 24))
    )
    publish(home.home, sections=[("image", {"image": picture, "caption": ""})])
    assert "清晨的湖堤" in _read(client)[0]
    picture.description = "雨后的湖堤"
    picture.save()
    assert "雨后的湖堤" in _read(client)[0]


class Clock:
    """A component that shows something else each time."""

    label = "clock"
    asked = 0

    def render(self, *, site: int | None, context: Any) -> str:
        self.asked += 1
        return f"第{self.asked}次"


@pytest.fixture
def clock() -> Iterator[Clock]:
    shown = Clock()
    before = list(extension_points.components._contributions)
    extension_points.components.register("clock", shown)
    yield shown
    extension_points.components._contributions[:] = before


def test_what_plugins_show_is_asked_each_time(home: World, client: Client, clock: Clock) -> None:
    key = next(e.key for e in extension_points.components.entries() if e.item is clock)
    publish(home.home, sections=[("component", {"component": key})])
    assert "第1次" in _read(client)[0]
    assert "第2次" in _read(client)[0]


def test_what_stands_beside_a_plugins_section_is_kept(
    home: World, client: Client, clock: Clock
) -> None:
    key = next(e.key for e in extension_points.components.entries() if e.item is clock)
    feed = {"column": home.column, "title": "", "count": 6, "style": "list"}
    around = [("feed", feed), ("component", {"component": key}), ("text", "<p>末段</p>")]
    publish(home.home, sections=around)
    first, asked = _read(client)
    assert asked
    again, asked_again = _read(client)
    assert asked_again == []
    assert again == first.replace("第1次", "第2次")
    assert again.index("第一条") < again.index("第2次") < again.index("末段")
    ArticleFactory(parent=home.column, title="第二条")
    assert "第二条" in _read(client)[0]
