"""What is read most in public: what is public now, in the order of the last days."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from portal.core import structure
from portal.core.models import SiteRecord
from portal.foreign.models import ForeignSection
from portal.plugin_api import capability, list_sources, visits
from portal.testing import disable_plugin
from portal.visits.lists import MOST_READ_MONTH, MOST_READ_WEEK
from portal.visits.models import Address, AddressDay, ReadRank
from portal.visits.services.ranking import rank
from tests.factories import ArticleFactory, ColumnFactory, World, publish
from tests.factories.languages import open_language

pytestmark = pytest.mark.django_db


def read(page: Page, views: int, *, site: int, back: int = 1, language: str = "zh-hans") -> None:
    address = Address.objects.create(host="testserver", path=f"/{page.pk}/{back}/")
    node = structure.current().nearest(page.path)
    assert node is not None
    AddressDay.objects.create(
        day=timezone.localdate() - datetime.timedelta(days=back), address=address, site=site,
        page=page, column=node.pk, language=language, views=views,
    )  # fmt: skip


def titles(site: int, source: Any = MOST_READ_MONTH, language: str = "zh-hans") -> list[str]:
    return [item.title for item in source.items(site=site, language=language, count=10)]


def test_articles_stand_in_the_order_of_their_readers(world: World) -> None:
    site = world.site.pk
    some = [ArticleFactory(parent=world.column, title=f"文{number}") for number in range(3)]
    read(some[0], 5, site=site)
    read(some[1], 9, site=site, back=20)
    read(some[2], 7, site=site)
    read(world.column, 99, site=site)  # a column is not an article
    assert rank() == 5
    assert titles(site) == ["文1", "文2", "文0"]
    assert titles(site, MOST_READ_WEEK) == ["文2", "文0"]
    assert titles(world.hubin.pk) == []
    (first, *rest) = MOST_READ_MONTH.items(site=site, language="zh-hans", count=1)
    assert (first.url, rest) == (f"/yaowen/{some[1].slug}/", [])


def test_what_is_not_public_any_more_is_never_shown(world: World) -> None:
    site = world.site.pk
    column = ColumnFactory(parent=world.home, title="内部", slug="neibu")
    withdrawn = ArticleFactory(parent=world.column, title="撤回")
    hidden = ArticleFactory(parent=column, title="隐藏")
    deleted = ArticleFactory(parent=world.column, title="删除")
    shown = ArticleFactory(parent=world.column, title="公开")
    for number, page in enumerate((withdrawn, hidden, deleted, shown)):
        read(page, 90 - number, site=site)
    rank()
    assert len(titles(site)) == 4
    # Before anybody has ranked anew.
    withdrawn.unpublish()
    PageViewRestriction.objects.create(page=column, restriction_type="login")
    structure.touch()
    Page.objects.get(pk=deleted.pk).delete()
    assert titles(site) == ["公开"]
    rank()
    assert list(ReadRank.objects.values_list("page", flat=True).distinct()) == [shown.pk]


def test_a_language_that_is_closed_has_no_list(world: World) -> None:
    home = open_language(world.site)
    column = ColumnFactory(parent=home, title="News", slug="news")
    article = ArticleFactory(parent=column, title="Water")
    read(article, 5, site=world.site.pk, language="en")
    rank()
    assert titles(world.site.pk, language="en") == ["Water"]
    assert titles(world.site.pk) == []
    ForeignSection.objects.update(state=ForeignSection.State.PREPARING)
    Page.objects.filter(pk=home.pk).update(live=False)
    structure.touch()
    assert titles(world.site.pk, language="en") == []


def test_a_closed_site_has_no_list(world: World) -> None:
    article = ArticleFactory(parent=world.hubin_column)
    read(article, 5, site=world.hubin.pk)
    rank()
    assert titles(world.hubin.pk) == [article.title]
    SiteRecord.objects.filter(pk=world.hubin.pk).update(state=SiteRecord.State.CLOSED)
    structure.touch()
    assert titles(world.hubin.pk) == []


def test_a_list_takes_one_query(world: World) -> None:
    for _ in range(5):
        read(ArticleFactory(parent=world.column), 3, site=world.site.pk)
    rank()
    with structure.pinned():
        structure.current()
        with CaptureQueriesContext(connection) as captured:
            assert len(titles(world.site.pk)) == 5
    assert len(captured) == 1


def test_the_ranking_writes_only_what_is_another_one(world: World) -> None:
    one, other = (ArticleFactory(parent=world.column) for _ in range(2))
    read(one, 5, site=world.site.pk)
    read(other, 4, site=world.site.pk)
    assert rank() == 4
    rows = set(ReadRank.objects.values_list("pk", "place", "page"))
    assert rank() == 0
    AddressDay.objects.filter(page=other).update(views=3)
    assert rank() == 0
    assert set(ReadRank.objects.values_list("pk", "place", "page")) == rows
    AddressDay.objects.filter(page=other).update(views=6)
    assert rank() == 4
    AddressDay.objects.all().delete()
    assert rank() == 4
    assert not ReadRank.objects.exists()


def test_editors_can_choose_the_lists() -> None:
    keys = [entry.key for entry in list_sources.entries()]
    assert {"visits.most_read_week", "visits.most_read_month"} <= set(keys)


# --- the capability -------------------------------------------------------------------------------
def test_others_are_told_what_is_visited_most(world: World) -> None:
    one = ArticleFactory(parent=world.column)
    read(one, 5, site=world.site.pk)
    read(one, 2, site=world.site.pk, back=2)
    read(world.hubin_home, 4, site=world.hubin.pk)
    read(world.home, 50, site=world.site.pk, back=40)
    found = capability(visits, None)
    assert found is not None
    assert list(found.most_visited(site=None, days=30, limit=2)) == [
        (f"testserver/{one.pk}/1/", 5, one.pk),
        (f"testserver/{world.hubin_home.pk}/1/", 4, world.hubin_home.pk),
    ]
    assert [row[1] for row in found.most_visited(site=world.site.pk, days=30, limit=9)] == [5, 2]
    assert found.most_visited(site=None, days=30, limit=9, language="en") == []
    with CaptureQueriesContext(connection) as captured:
        assert found.of_pages([one.pk, world.home.pk, 999], days=30) == {one.pk: 7}
    assert len(captured) == 1
    with disable_plugin("visits"):
        assert capability(visits, None) is None


def test_a_page_that_is_published_anew_keeps_its_place(world: World) -> None:
    one = ArticleFactory(parent=world.column, title="旧题")
    read(one, 5, site=world.site.pk)
    rank()
    publish(one, title="新题")
    assert titles(world.site.pk) == ["新题"]
