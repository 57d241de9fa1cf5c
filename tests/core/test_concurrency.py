"""Several editors at once: nobody gets an error, and what is recorded adds up."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from wagtail.models import Page

from portal.core.models import Basis, ListingCount, ListingRow, OutboxEvent, Publication
from portal.core.reviews.grounds import releasing_as
from portal.pages.models import ArticlePage, ColumnPage
from tests.factories import ArticleFactory, ColumnFactory, World, make_world, publish

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Run all at the same moment, each in a thread with a connection of its own; the errors."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(20)
            with releasing_as(Basis.OPERATOR, "tests"):  # a thread begins without a ground
                work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return errors


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    return make_world()


def republish(model: type[Page], pk: int, times: int = 4) -> Callable[[], None]:
    def work() -> None:
        for number in range(times):
            publish(model.objects.get(pk=pk), title=f"{pk}-{number}")

    return work


def toggle(pk: int, times: int = 3) -> Callable[[], None]:
    """The only item of a column comes and goes: menus change with it."""

    def work() -> None:
        for _ in range(times):
            ArticlePage.objects.get(pk=pk).unpublish()
            publish(ArticlePage.objects.get(pk=pk))

    return work


def test_columns_and_articles_published_at_once(committed_world: World) -> None:
    """A column changes the structure first and the outbox then, an article the other way round."""
    columns = [ColumnFactory(parent=committed_world.home) for _ in range(2)]
    articles = [ArticleFactory(parent=column) for column in columns]
    errors = at_once(
        *(republish(ColumnPage, column.pk) for column in columns),
        *(toggle(article.pk) for article in articles),
    )
    assert errors == []
    open_rows = Publication.objects.filter(closed=False, page__in=[*columns, *articles])
    assert open_rows.count() == 4
    for count in ListingCount.objects.all():
        assert count.count == ListingRow.objects.filter(container=count.container_id).count()


def test_moving_deleting_and_publishing_at_once(committed_world: World) -> None:
    column, other, third = (ColumnFactory(parent=committed_world.home) for _ in range(3))
    moved, deleted, changed = (ArticleFactory(parent=column) for _ in range(3))

    def add() -> None:
        for _ in range(3):
            ArticleFactory(parent=ColumnPage.objects.get(pk=third.pk))

    errors = at_once(
        add,
        lambda: ArticlePage.objects.get(pk=moved.pk).move(other, pos="last-child"),
        lambda: ArticlePage.objects.get(pk=deleted.pk).delete(),
        republish(ArticlePage, changed.pk),
        republish(ColumnPage, third.pk),
    )
    assert errors == []
    assert set(ListingRow.objects.filter(container=column).values_list("page", flat=True)) == {
        changed.pk
    }
    assert ListingCount.objects.get(container=other).count == 1
    assert ListingCount.objects.get(container=third).count == 3


def test_the_same_page_twice_at_once(committed_world: World) -> None:
    page = publish(ArticleFactory(parent=committed_world.column))
    assert at_once(*(republish(ArticlePage, page.pk) for _ in range(3))) == []
    assert Publication.objects.filter(item=f"page:{page.pk}", closed=False).count() == 1
    ids = list(OutboxEvent.objects.order_by("pk").values_list("pk", flat=True))
    assert ids == sorted(ids)


def test_saving_does_not_undo_what_happened_in_the_tree_meanwhile(
    committed_world: World,
) -> None:
    column, other = (ColumnFactory(parent=committed_world.home) for _ in range(2))
    read_before = ColumnPage.objects.get(pk=column.pk)
    article = ArticleFactory(parent=column)
    article_read_before = ArticlePage.objects.get(pk=article.pk)
    ArticlePage.objects.get(pk=article.pk).move(other, pos="last-child")
    ArticleFactory(parent=ColumnPage.objects.get(pk=column.pk))
    publish(read_before, title="changed")
    article_read_before.title = "changed too"
    article_read_before.save()
    assert Page.find_problems() == ([], [], [], [], [])
    moved = Page.objects.get(pk=article.pk)
    assert moved.get_parent().pk == other.pk
    assert moved.url_path == f"/yunhu/{other.slug}/{article.slug}/"
