"""Addresses from Chinese titles."""

import pytest

from portal.core.slugs import free_slug
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, World, publish, text

pytestmark = pytest.mark.django_db


def new(world: World, title: str, **fields: object) -> ArticlePage:
    page = ArticlePage(title=title, source="云湖日报", body=text("正文。"), **fields)
    world.column.add_child(instance=page)
    return ArticlePage.objects.get(pk=page.pk)


def test_pinyin(world: World) -> None:
    assert new(world, "云湖开放日").slug == "yun-hu-kai-fang-ri"


def test_the_same_sound_gets_a_number(world: World) -> None:
    slugs = [new(world, title).slug for title in ("事项", "事项", "实像")]
    assert slugs == ["shi-xiang", "shi-xiang-2", "shi-xiang-3"]


def test_other_columns_do_not_matter(world: World) -> None:
    new(world, "事项")
    assert free_slug("事项", world.hubin_column) == "shi-xiang"


def test_a_gap_is_used(world: World) -> None:
    ArticleFactory(parent=world.column, slug="shi-xiang-2")
    assert [new(world, "事项").slug, new(world, "事项").slug] == ["shi-xiang", "shi-xiang-3"]


@pytest.mark.parametrize(
    "title", ["！！！", "2026", "①②", "《〈〉》", "한국", "🎉", "a" * 300, "湖" * 120]
)
def test_every_title_gives_a_valid_address(world: World, title: str) -> None:
    page = new(world, title[:255])
    assert page.slug
    assert len(page.slug) <= 90
    assert page.slug.isascii()
    assert page.full_url


def test_a_new_title_keeps_the_address(world: World) -> None:
    page = new(world, "事项")
    assert publish(page, title="别的").slug == "shi-xiang"


def test_its_own_slug_is_free_for_a_page(world: World) -> None:
    page = new(world, "事项")
    assert free_slug("事项", world.column, page) == "shi-xiang"


def test_a_draft_without_a_slug(world: World) -> None:
    page = new(world, "草稿", live=False)
    assert page.slug == "cao-gao"
