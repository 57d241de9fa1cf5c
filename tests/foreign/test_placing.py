"""A translation stands where its feed says, and nothing above it is copied."""

import pytest
from wagtail.models import Page

from portal.foreign.models import ColumnFeed, Need
from portal.foreign.selectors.columns import column_for, columns_for
from portal.foreign.services.placing import NoColumn, place
from tests.factories import ArticleFactory, ColumnFactory, World

from .factories import Section, add_column, make_section

pytestmark = pytest.mark.usefixtures("words_of_the_code")


def test_a_translation_is_a_draft_below_the_column_that_its_feed_names(english: Section) -> None:
    page = place(source=english.article, section=english.row)
    assert page.get_parent().pk == english.living.page_id
    assert not page.live
    assert page.translation_key == english.article.translation_key
    assert page.locale == english.row.locale


def test_what_is_there_is_given_again(english: Section) -> None:
    first = place(source=english.article, section=english.row)
    assert place(source=english.article, section=english.row).pk == first.pk


def test_no_column_is_copied(english: Section) -> None:
    deep = ColumnFactory(parent=english.source, title="签证")
    article = ArticleFactory(parent=deep)
    before = set(Page.objects.filter(locale=english.row.locale).values_list("pk", flat=True))
    page = place(source=article, section=english.row)
    after = set(Page.objects.filter(locale=english.row.locale).values_list("pk", flat=True))
    assert after - before == {page.pk}


def test_the_nearest_feed_counts(english: Section) -> None:
    deep = ColumnFactory(parent=english.source, title="签证")
    visas = add_column(english.row, english.root, "Visas", Need.SERVICES, deep)
    assert column_for(source_path=deep.path, section=english.row) == visas
    assert column_for(source_path=english.article.path, section=english.row) == english.living


def test_for_many_pages_with_one_query(english: Section, django_assert_num_queries: object) -> None:
    articles = [ArticleFactory(parent=english.source) for _number in range(5)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = columns_for(articles, english.row)
    assert found == {article.pk: english.living for article in articles}


def test_a_page_that_no_feed_leads_from_is_refused_with_what_to_do(
    world: World, english: Section
) -> None:
    article = ArticleFactory(parent=world.column)
    with pytest.raises(NoColumn, match="feed"):
        place(source=article, section=english.row)


def test_feeds_of_another_language_do_not_count(world: World, english: Section) -> None:
    japanese = make_section(world, "ja")
    ColumnFeed.objects.create(column=japanese.news, source_id=world.column.pk)
    with pytest.raises(NoColumn):
        place(source=ArticleFactory(parent=world.column), section=english.row)


def test_a_move_of_the_source_moves_no_translation(world: World, english: Section) -> None:
    page = place(source=english.article, section=english.row)
    english.article.move(world.column, pos="last-child")
    page.refresh_from_db()
    assert page.get_parent().pk == english.living.page_id
    assert place(source=Page.objects.get(pk=english.article.pk), section=english.row).pk == page.pk


def test_two_with_the_same_address_get_two(english: Section) -> None:
    other = ColumnFactory(parent=english.source, title="签证")
    twin = ArticleFactory(parent=other, slug=english.article.slug)
    first = place(source=english.article, section=english.row)
    second = place(source=twin, section=english.row)
    assert first.slug != second.slug
