"""By reference: leave is asked for where it must be, and what changes changes everywhere at once."""

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from portal.core import structure
from portal.core.gate import PublishRefused
from portal.core.models import ListingRow, Publication
from portal.library.models import Grant, LibraryRecord, Sharing
from portal.library.services import records, sharing
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, member, publish

from .conftest import record_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def article(world: World) -> ArticlePage:
    return ArticleFactory(parent=world.column, title="原题", slug="yuan")


@pytest.fixture
def boss(world: World):
    return UserFactory(superuser=True)


def share(page: Page, kind: str) -> LibraryRecord:
    return records.write(record=record_of(page), values={"sharing": kind}, user=None)


def shown(column: Page) -> list[str]:
    return list(ListingRow.objects.filter(container=column.pk).values_list("title", flat=True))


def test_what_is_shared_without_conditions_is_shown_at_once(world, article, boss) -> None:
    alias = sharing.place(record=record_of(article), column=world.hubin_column, user=boss)
    assert alias.alias_of_id == article.pk
    assert shown(world.hubin_column) == ["原题"]
    assert record_of(alias) == record_of(article)
    with pytest.raises(ValidationError):
        sharing.place(record=record_of(article), column=world.hubin_column, user=boss)


def test_on_conditions_the_provider_decides(provisioned_world: World) -> None:
    world = provisioned_world
    page = ArticleFactory(parent=world.column, title="原题")
    share(page, Sharing.CONDITIONAL)
    asker = member("site_admin", world.hubin)
    grant = sharing.place(
        record=record_of(page), column=world.hubin_column, user=asker, reason="专题需要"
    )
    assert isinstance(grant, Grant)
    assert shown(world.hubin_column) == []
    for user in (asker, member("editor", world.site), member("site_admin", world.gaoxin),
                 member("auditor", world.site)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            sharing.decide(grant=grant, granted=True, user=user)
    provider = member("site_admin", world.site)
    with pytest.raises(ValidationError):
        sharing.decide(grant=grant, granted=False, user=provider)
    sharing.decide(grant=grant, granted=True, user=provider)
    assert shown(world.hubin_column) == ["原题"]
    grant.refresh_from_db()
    sharing.revoke(grant=grant, user=provider, note="已过期")
    assert shown(world.hubin_column) == []


def test_a_request_gives_its_reason_and_is_made_once(world, article, boss) -> None:
    share(article, Sharing.CONDITIONAL)
    record = record_of(article)
    with pytest.raises(ValidationError):
        sharing.place(record=record, column=world.hubin_column, user=boss)
    sharing.place(record=record, column=world.hubin_column, user=boss, reason="需要")
    with pytest.raises(ValidationError):
        sharing.place(record=record, column=world.hubin_column, user=boss, reason="需要")


def test_what_is_not_shared_goes_nowhere_by_whatever_way(world, article, boss) -> None:
    share(article, Sharing.NONE)
    with pytest.raises(ValidationError):
        sharing.place(record=record_of(article), column=world.hubin_column, user=boss)
    with pytest.raises(PublishRefused):
        article.create_alias(parent=world.hubin_column, user=boss)
    # Within its own site it may stand in other columns.
    other = ColumnFactory(parent=world.home, title="另一栏")
    assert sharing.place(record=record_of(article), column=other, user=boss)


def test_who_may_not_publish_there_shows_nothing_there(provisioned_world: World) -> None:
    page = ArticleFactory(parent=provisioned_world.column)
    for user in (member("site_admin", provisioned_world.gaoxin),
                 member("editor", provisioned_world.hubin)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            sharing.place(record=record_of(page), column=provisioned_world.hubin_column, user=user)


# --- the same everywhere, at once -------------------------------------------------------------------
@pytest.fixture
def alias(world, article, boss) -> Page:
    return sharing.place(record=record_of(article), column=world.hubin_column, user=boss)


def is_public(page: Page) -> bool:
    now = timezone.now()
    return (
        Page.objects.get(pk=page.pk).live
        and Publication.objects.public(now).filter(page=page.pk).exists()
    )


def test_a_change_shows_at_once(world, article, alias) -> None:
    publish(article, title="新题")
    assert shown(world.hubin_column) == ["新题"]


def test_a_change_by_a_program_shows_too(world, article, alias) -> None:
    article.title = "程序改的"
    article.save()
    assert shown(world.hubin_column) == ["程序改的"]


def unpublish(article: ArticlePage) -> None:
    article.unpublish()


def save_by_a_program(article: ArticlePage) -> None:
    article.live = False
    article.save()


def expire(article: ArticlePage) -> None:
    article.expire_at = timezone.now() - datetime.timedelta(seconds=1)
    article.save()
    call_command("publish_scheduled")


def delete(article: ArticlePage) -> None:
    article.delete()


def delete_with_column(article: ArticlePage) -> None:
    article.get_parent().specific.delete()


@pytest.mark.parametrize("end", [unpublish, save_by_a_program, expire, delete, delete_with_column])
def test_a_withdrawal_shows_at_once(
    world, article, alias, end: Callable[[ArticlePage], None]
) -> None:
    assert is_public(alias)
    end(ArticlePage.objects.get(pk=article.pk))
    assert not is_public(alias)
    assert shown(world.hubin_column) == []


def test_what_came_back_is_shown_again(world, article, alias) -> None:
    article.unpublish()
    publish(ArticlePage.objects.get(pk=article.pk), title="又来了")
    assert shown(world.hubin_column) == ["又来了"]
    assert record_of(article).state == "public"


def test_what_is_restricted_leaves_the_lists_elsewhere(world, article, alias) -> None:
    restriction = PageViewRestriction.objects.create(
        page=article, restriction_type=PageViewRestriction.LOGIN
    )
    assert shown(world.hubin_column) == []
    restriction.delete()
    assert shown(world.hubin_column) == ["原题"]


def test_a_move_changes_the_site_of_the_record(world, article, alias) -> None:
    article.move(world.gaoxin_column, pos="last-child")
    structure.forget()
    assert record_of(article).site_id == world.gaoxin.pk
    assert shown(world.hubin_column) == ["原题"]


def test_a_refused_change_leaves_all_as_it_was(world, article, alias) -> None:
    with pytest.raises(PublishRefused):
        publish(article, title="不行", source="")
    assert shown(world.hubin_column) == ["原题"]
    assert record_of(article).title == "原题"
