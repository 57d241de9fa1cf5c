"""Lists read ready-made rows: these are right after everything that can happen to a page."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Page, PageViewRestriction

from portal.core import listing, lists, structure
from portal.core.lists import Wanted
from portal.core.models import ListingCount, ListingRow
from portal.pages.models import ArticlePage
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    ImageFactory,
    TopicFactory,
    World,
    publish,
)

pytestmark = pytest.mark.django_db


def containers(page: Page) -> dict[int, bool]:
    """Container → whether it is the page's own."""
    return dict(ListingRow.objects.filter(page_id=page.pk).values_list("container", "is_own"))


def titles(container: Page) -> list[str]:
    found = lists.read_list(Wanted(container.pk, 50), structure.current(), "testserver")
    return [row.title for row in found]


def assert_counts_are_true() -> None:
    for count in ListingCount.objects.all():
        rows = ListingRow.objects.filter(container=count.container_id)
        assert count.count == rows.count()
        assert count.latest == max(rows.values_list("date", flat=True), default=None)


def day(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 3, number, 9, 0, tzinfo=datetime.UTC)


# --- where a page is listed -----------------------------------------------------------------------
def test_in_its_column_and_above_up_to_the_home(world: World) -> None:
    inner = ColumnFactory(parent=world.column)
    page = ArticleFactory(parent=inner)
    assert containers(page) == {inner.pk: True, world.column.pk: False, world.home.pk: False}


def test_a_sub_site_keeps_its_articles_to_itself(world: World) -> None:
    page = ArticleFactory(parent=world.hubin_column)
    assert containers(page) == {world.hubin_column.pk: True, world.hubin_home.pk: False}


def test_a_topic_keeps_its_articles_to_itself(world: World) -> None:
    topic = TopicFactory(parent=world.column)
    page = ArticleFactory(parent=topic)
    assert containers(page) == {topic.pk: True}


def test_drafts_and_structural_pages_are_not_listed(world: World) -> None:
    draft = ArticleFactory(parent=world.column, draft=True)
    column = ColumnFactory(parent=world.column)
    assert not ListingRow.objects.filter(page__in=[draft, column]).exists()


# --- order, counts --------------------------------------------------------------------------------
def test_newest_first_pinned_before(world: World) -> None:
    for number, pinned in ((1, False), (3, False), (2, True)):
        ArticleFactory(parent=world.column, title=str(number), date=day(number), pinned=pinned)
    assert titles(world.column) == ["2", "3", "1"]


def test_a_pin_holds_in_its_own_column_only(world: World) -> None:
    for number, pinned in ((1, True), (2, False)):
        ArticleFactory(parent=world.column, title=str(number), date=day(number), pinned=pinned)
    assert titles(world.column) == ["1", "2"]
    assert titles(world.home) == ["2", "1"]


def test_same_moment_newest_page_first(world: World) -> None:
    for number in range(3):
        ArticleFactory(parent=world.column, title=str(number), date=day(1))
    assert titles(world.column) == ["2", "1", "0"]


def test_counts_and_latest_follow(world: World) -> None:
    first = ArticleFactory(parent=world.column, date=day(1))
    second = ArticleFactory(parent=world.column, date=day(2))
    count = ListingCount.objects.get(container=world.column)
    assert (count.count, count.latest) == (2, day(2))
    second.unpublish()
    count.refresh_from_db()
    assert (count.count, count.latest) == (1, day(1))
    first.delete()
    count.refresh_from_db()
    assert (count.count, count.latest) == (0, None)
    assert_counts_are_true()


def test_a_later_date_moves_the_row(world: World) -> None:
    first = ArticleFactory(parent=world.column, title="first", date=day(1))
    ArticleFactory(parent=world.column, title="second", date=day(2))
    publish(first, date=day(3))
    assert titles(world.column) == ["first", "second"]
    assert_counts_are_true()


def test_syncing_again_changes_nothing(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    before = list(ListingRow.objects.order_by("pk").values_list())
    listing.sync(page)
    listing.sync(ArticlePage.objects.get(pk=page.pk))
    assert list(ListingRow.objects.order_by("pk").values_list()) == before
    assert_counts_are_true()


# --- changes --------------------------------------------------------------------------------------
def test_a_new_title_is_listed(world: World) -> None:
    page = ArticleFactory(parent=world.column, title="旧")
    page = publish(page, title="新")
    assert titles(world.column) == ["新"]
    page.title = "only a draft"
    page.save_revision()
    assert titles(world.column) == ["新"]


def test_a_new_slug_of_a_column_changes_the_addresses(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    page = ArticleFactory(parent=world.column, slug="a")
    with django_capture_on_commit_callbacks(execute=True):
        publish(world.column, slug="xinwen")
    [row] = lists.read_list(Wanted(world.column.pk, 5), structure.current(), "testserver")
    assert row.url == "/xinwen/a/"
    assert Page.objects.get(pk=page.pk).url_path == "/yunhu/xinwen/a/"


def test_moving_a_page_to_another_site(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    page.move(world.hubin_column, pos="last-child")
    assert containers(page) == {world.hubin_column.pk: True, world.hubin_home.pk: False}
    assert_counts_are_true()


def test_moving_a_column_with_its_pages(world: World) -> None:
    inner = ColumnFactory(parent=world.column)
    page = ArticleFactory(parent=inner)
    inner.move(world.hubin_home, pos="last-child")
    assert containers(page) == {inner.pk: True, world.hubin_home.pk: False}
    assert_counts_are_true()


def test_reordering_loses_nothing(world: World) -> None:
    other = ColumnFactory(parent=world.home)
    page = ArticleFactory(parent=world.column)
    other.move(world.column, pos="left")
    assert containers(page) == {world.column.pk: True, world.home.pk: False}


@pytest.mark.parametrize("where", ["column", "home"])
def test_a_restriction_hides_and_its_end_brings_back(world: World, where: str) -> None:
    page = ArticleFactory(parent=world.column)
    listed = containers(page)
    restriction = PageViewRestriction.objects.create(
        page=getattr(world, where), restriction_type=PageViewRestriction.LOGIN
    )
    assert containers(page) == {}
    assert_counts_are_true()
    restriction.delete()
    assert containers(page) == listed
    assert_counts_are_true()


def test_moving_into_a_private_column(world: World) -> None:
    secret = ColumnFactory(parent=world.home)
    PageViewRestriction.objects.create(
        page=secret, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    page = ArticleFactory(parent=world.column)
    page.move(secret, pos="last-child")
    assert containers(page) == {}
    assert_counts_are_true()


def test_publishing_in_a_private_column(world: World) -> None:
    PageViewRestriction.objects.create(
        page=world.column, restriction_type=PageViewRestriction.LOGIN
    )
    assert containers(ArticleFactory(parent=world.column)) == {}


def test_deleting_a_column_takes_its_rows_out_of_the_home(world: World) -> None:
    stays = ArticleFactory(parent=ColumnFactory(parent=world.home), title="stays")
    ArticleFactory.create_batch(3, parent=ColumnFactory(parent=world.column))
    world.column.delete()
    assert titles(world.home) == ["stays"]
    assert containers(stays)
    assert_counts_are_true()


def test_unpublishing_a_column_with_its_pages(world: World) -> None:
    from wagtail.actions.unpublish_page import UnpublishPageAction

    from tests.factories import UserFactory

    ArticleFactory.create_batch(2, parent=world.column)
    UnpublishPageAction(
        world.column, user=UserFactory(superuser=True), include_descendants=True
    ).execute()
    assert not ListingRow.objects.exists()
    assert_counts_are_true()


def test_expiry(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    page.unpublish(set_expired=True)
    assert containers(page) == {}


def test_a_failed_sync_takes_the_publication_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*args: object, **kwargs: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(ListingRow, "save", full_disk)
    page = ArticleFactory(parent=world.column, draft=True)
    with pytest.raises(OSError, match="No space"):
        publish(page)
    assert not Page.objects.get(pk=page.pk).live


# --- what a row says ------------------------------------------------------------------------------
def test_a_row_as_templates_print_it(world: World) -> None:
    ArticleFactory(
        parent=world.column,
        title="公告",
        slug="gonggao",
        summary="摘要",
        source="市政府办公室",
        date=datetime.datetime(2026, 3, 2, 16, 5, tzinfo=datetime.UTC),
    )
    [row] = lists.read_list(Wanted(world.home.pk, 5), structure.current(), "testserver")
    assert (row.title, row.url, row.summary, row.source) == (
        "公告", "/yaowen/gonggao/", "摘要", "市政府办公室",
    )  # fmt: skip
    assert row.date_text == "2026-03-03 00:05"  # the portal's time zone, 24 hours
    assert row.column_title == "云湖要闻"
    assert row.image_url == ""


def test_addresses_depend_on_the_viewer_s_host(world: World) -> None:
    ArticleFactory(parent=world.gaoxin_column, slug="a")
    found = structure.current()

    def url(host: str | None) -> str:
        [row] = lists.read_list(Wanted(world.gaoxin_column.pk, 1), found, host)
        return row.url

    assert url("gaoxin.yunhu.gov.cn") == "/dongtai/a/"
    assert url("testserver") == "http://gaoxin.yunhu.gov.cn/dongtai/a/"


def test_pieces_of_a_list(world: World) -> None:
    inner = ColumnFactory(parent=world.column)
    ArticleFactory(parent=inner, title="inner", date=day(3))
    for number in (1, 2):
        ArticleFactory(parent=world.column, title=str(number), date=day(number))
    found = structure.current()
    pk = world.column.pk
    assert [row.title for row in lists.read_list(Wanted(pk, 2), found, None)] == ["inner", "2"]
    assert [row.title for row in lists.read_list(Wanted(pk, 2, 2), found, None)] == ["1"]


def test_one_query_for_a_list(world: World, django_assert_num_queries: Any) -> None:
    ArticleFactory.create_batch(5, parent=world.column)
    found = structure.current()
    with django_assert_num_queries(1):
        lists.read_list(Wanted(world.column.pk, 20), found, "testserver")


def test_several_lists_with_one_query(world: World, django_assert_num_queries: Any) -> None:
    ArticleFactory(parent=world.column, title="news", summary="s", source="u", date=day(1))
    ArticleFactory(parent=world.gaoxin_column, title="park", date=day(2))
    pieces = [Wanted(world.column.pk, 5), Wanted(0, 5), Wanted(world.gaoxin_column.pk, 5)]
    found = structure.current()
    with django_assert_num_queries(1):
        read = lists.read_lists(pieces, found, "testserver")
    assert [[row.title for row in rows] for rows in read] == [["news"], [], ["park"]]
    [row] = read[0]
    assert (row.date, row.summary, row.source, row.kind) == (day(1), "s", "u", "article")
    assert lists.read_lists([], found, None) == []


def test_neighbours(world: World) -> None:
    first, second, third = (
        ArticleFactory(parent=world.column, title=str(n), date=day(n)) for n in (1, 2, 3)
    )
    twin = ArticleFactory(parent=world.column, title="2b", date=day(2))
    inner = ColumnFactory(parent=world.column)
    ArticleFactory(parent=inner, title="of another column", date=day(2))
    found = structure.current()

    def around(page: ArticlePage) -> tuple[str | None, str | None]:
        pair = lists.neighbours(page.pk, page.date, world.column.pk, found, "testserver")
        newer, older = (row.title if row else None for row in pair)
        return newer, older

    assert around(third) == (None, "2b")
    assert around(twin) == ("3", "2")
    assert around(second) == ("2b", "1")
    assert around(first) == ("2", None)


# --- pictures -------------------------------------------------------------------------------------
class TestPictures:
    @pytest.fixture
    def page(self, world: World) -> ArticlePage:
        page: ArticlePage = ArticleFactory(parent=world.column, cover=ImageFactory())
        return page

    def row(self, page: Page) -> ListingRow:
        return ListingRow.objects.get(page_id=page.pk, is_own=True)

    def test_the_worker_makes_them(self, page: ArticlePage) -> None:
        from portal.core.renditions import fill_listing_images

        row = self.row(page)
        assert (row.image_id, row.image_url) == (page.cover_id, "")
        fill_listing_images([page.pk])
        row = self.row(page)
        assert row.image_url.startswith("/media/images/")
        assert row.image_width / row.image_height == pytest.approx(16 / 9, abs=0.01)
        assert row.image_alt == "晨雾中的云湖"

    def test_publishing_again_keeps_them(self, page: ArticlePage) -> None:
        from portal.core.renditions import fill_listing_images

        fill_listing_images([page.pk])
        publish(page, title="newer")
        assert self.row(page).image_url

    def test_another_cover_waits_for_its_own(self, page: ArticlePage) -> None:
        from portal.core.renditions import fill_listing_images

        fill_listing_images([page.pk])
        publish(page, cover=ImageFactory())
        assert self.row(page).image_url == ""

    def test_a_full_disk_costs_the_picture_and_nothing_else(
        self, page: ArticlePage, world: World, client: Any, fill_the_disk: Callable[[], None]
    ) -> None:
        from portal.core import outbox
        from portal.core.renditions import ListingImages

        other = ArticleFactory(parent=world.column, title="无图")

        fill_the_disk()
        [report] = outbox.run_consumers([ListingImages()])
        assert report.error == ""
        response = client.get("/yaowen/")
        assert response.status_code == 200
        assert [row.title for row in response.context["rows"]] == [other.title, page.title]
        assert response.context["rows"][1].image_url == ""

    def test_an_image_whose_file_is_gone(self, page: ArticlePage, client: Any) -> None:
        from portal.core.renditions import fill_listing_images

        page.cover.file.storage.delete(page.cover.file.name)
        assert fill_listing_images([page.pk]) == 0
        assert client.get("/yaowen/").status_code == 200

    def test_a_full_disk_leaves_the_home_readable(
        self, world: World, client: Any, fill_the_disk: Callable[[], None]
    ) -> None:
        """The picture at the top of a home is made when it is asked for first."""
        publish(world.home, hero_image=ImageFactory())

        fill_the_disk()
        assert client.get("/").status_code == 200

    def test_a_full_disk_leaves_an_article_readable(
        self, world: World, client: Any, fill_the_disk: Callable[[], None]
    ) -> None:
        body = [("image", {"image": ImageFactory(), "caption": "湖"}), ("paragraph", "<p>正文</p>")]
        ArticleFactory(parent=world.column, slug="pictured", body=body)

        fill_the_disk()
        response = client.get("/yaowen/pictured/")
        assert response.status_code == 200
        assert "正文" in response.content.decode()


def test_forgetting_is_enough_when_the_rows_are_gone(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    listing.forget([page.pk])
    listing.forget([page.pk])
    assert_counts_are_true()
