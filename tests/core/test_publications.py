"""Publications: which version of what was public from when until when, page by page, for ever."""

import datetime
from collections.abc import Callable

import pytest
import time_machine
from django.db import IntegrityError, transaction
from wagtail.log_actions import LogContext, activate, deactivate
from wagtail.models import Page

from portal.core.models import Publication
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, publish

pytestmark = pytest.mark.django_db

NINE = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def at(hours: float) -> time_machine.travel:
    return time_machine.travel(NINE + hours * HOUR, tick=False)


def rows_of(page: Page) -> list[Publication]:
    return list(Publication.objects.filter(item=f"page:{page.pk}").order_by("since", "pk"))


@pytest.fixture
def article(world: World) -> ArticlePage:
    with at(0):
        return publish(ArticleFactory(parent=world.column, draft=True, title="一"))


def test_a_first_publication(world: World, article: ArticlePage) -> None:
    [row] = rows_of(article)
    assert (row.title, row.language, row.site_id) == ("一", "zh-hans", world.site.pk)
    assert row.version == article.live_revision_id
    assert (row.since, row.until, row.closed) == (NINE, None, False)


def test_each_version_has_a_row_and_they_meet_without_a_gap(article: ArticlePage) -> None:
    with at(1):
        article = publish(article, title="二")
    first, second = rows_of(article)
    assert (first.title, first.until, first.closed) == ("一", NINE + HOUR, True)
    assert (second.title, second.since, second.closed) == ("二", NINE + HOUR, False)
    assert second.version == article.live_revision_id != first.version


def test_current_at_every_moment(article: ArticlePage) -> None:
    with at(1):
        article = publish(article, title="二")
    with at(2):
        article.unpublish()

    def titles(hours: float) -> list[str]:
        current = Publication.objects.current(NINE + hours * HOUR)
        return list(current.filter(item=f"page:{article.pk}").values_list("title", flat=True))

    assert [titles(hours) for hours in (-0.5, 0, 0.5, 1, 1.5, 2, 3)] == [
        [], ["一"], ["一"], ["二"], ["二"], [], [],
    ]  # fmt: skip


def test_current_means_now(article: ArticlePage) -> None:
    with at(0.5):
        assert Publication.objects.current().filter(page=article).exists()
    with at(-0.5):
        assert not Publication.objects.current().filter(page=article).exists()


def test_what_is_no_longer_in_force_is_not_current(article: ArticlePage) -> None:
    Publication.objects.filter(page=article).update(valid_until=NINE + HOUR)
    with at(0.5):
        assert Publication.objects.current().filter(page=article).exists()
    with at(1):
        assert not Publication.objects.current().filter(page=article).exists()
        assert Publication.objects.public().filter(page=article).exists()


def test_what_is_not_yet_in_force_is_not_current(article: ArticlePage) -> None:
    Publication.objects.filter(page=article).update(valid_from=NINE + 2 * HOUR)
    with at(1):
        assert not Publication.objects.current().filter(page=article).exists()
        assert Publication.objects.public().filter(page=article).exists()
    with at(2):
        assert Publication.objects.current().filter(page=article).exists()


def test_a_planned_end_counts_before_the_scheduler_comes(world: World) -> None:
    with at(0):
        page = ArticleFactory(parent=world.column, expire_at=NINE + HOUR)
    [row] = rows_of(page)
    assert (row.until, row.closed) == (NINE + HOUR, False)
    assert not Publication.objects.current(NINE + HOUR).filter(page=page).exists()
    with at(0.5):
        publish(page, expire_at=NINE + 3 * HOUR)
    assert Publication.objects.current(NINE + 2 * HOUR).filter(page_id=page.pk).exists()


ENDS: dict[str, Callable[[ArticlePage], object]] = {
    "unpublished": lambda page: page.unpublish(),
    "expired": lambda page: page.unpublish(set_expired=True),
    "withdrawn as a plain page": lambda page: Page.objects.get(pk=page.pk).unpublish(),
    "deleted": lambda page: page.delete(),
    "deleted as a plain page": lambda page: Page.objects.get(pk=page.pk).delete(),
    "deleted with its column": lambda page: page.get_parent().delete(),
    "deleted in a query": lambda page: Page.objects.filter(pk=page.pk).delete(),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_every_end_closes_the_row(article: ArticlePage, end: Callable[[ArticlePage], None]) -> None:
    with at(2):
        end(article)
    [row] = rows_of(article)
    assert (row.until, row.closed) == (NINE + 2 * HOUR, True)


def test_the_history_survives_the_page(world: World, article: ArticlePage) -> None:
    with at(1):
        publish(article, title="二")
    with at(2):
        Page.objects.get(pk=article.pk).delete()
    assert [(row.page_id, row.title, row.site_id) for row in rows_of(article)] == [
        (None, "一", world.site.pk),
        (None, "二", world.site.pk),
    ]


def test_coming_back_after_a_withdrawal(article: ArticlePage) -> None:
    with at(1):
        article.unpublish()
    with at(2):
        publish(ArticlePage.objects.get(pk=article.pk))
    assert [(row.since, row.closed) for row in rows_of(article)] == [
        (NINE, True),
        (NINE + 2 * HOUR, False),
    ]


def test_two_open_rows_are_impossible(article: ArticlePage) -> None:
    [row] = rows_of(article)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_withdrawn_source_withdraws_its_aliases(world: World, article: ArticlePage) -> None:
    alias = article.create_alias(parent=world.hubin_column)
    article.unpublish()
    assert not Publication.objects.filter(closed=False, item=f"page:{alias.pk}").exists()


def test_the_person_who_published_is_kept(world: World) -> None:
    user = UserFactory(superuser=True)
    activate(LogContext(user=user))
    try:
        page = publish(ArticleFactory(parent=world.column, draft=True), user=user)
    finally:
        deactivate()
    assert rows_of(page)[0].published_by == user


def test_a_page_that_moves_to_another_site_is_public_there(
    world: World, article: ArticlePage
) -> None:
    article.move(world.hubin_column, pos="last-child")
    assert [row.site_id for row in rows_of(article) if not row.closed] == [world.hubin.pk]


def test_all_structural_pages_have_theirs(world: World) -> None:
    column = ColumnFactory(parent=world.hubin_home)
    [row] = rows_of(column)
    assert row.site_id == world.hubin.pk
    assert (
        Publication.objects.filter(closed=False).count()
        == Page.objects.filter(live=True, depth__gt=1).count() - _made_by_wagtail()
    )


def _made_by_wagtail() -> int:
    """The welcome page of Wagtail's first migration, which nobody published."""
    return Page.objects.filter(depth=2, slug="home").count()
