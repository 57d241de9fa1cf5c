"""No version outlives its source, whatever ends it and whoever does."""

import datetime
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, PageViewRestriction

from portal.core.outbox import run_consumers
from portal.foreign.models import Ending, PageTranslation
from portal.foreign.services.ending import LOG_ENDED
from portal.foreign.source_follower import SourceFollower
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, publish

from .staleness import core, open_section, released

pytestmark = pytest.mark.one_database


def follow() -> None:
    for report in run_consumers([SourceFollower()]):
        assert not report.error


@pytest.fixture
def translation(world: World) -> PageTranslation:
    column = ColumnFactory(parent=world.column, title="服务", slug="fuwu")
    core(world, column)
    page = ArticleFactory(parent=column, title="签证")
    (row,) = released(page, open_section(world))
    follow()
    return row


def source_of(row: PageTranslation) -> Page:
    return Page.objects.get(pk=row.source_id).specific


def unpublish(page: Page) -> None:
    page.unpublish()


def unpublish_with_column(page: Page) -> None:
    from wagtail.actions.unpublish_page import UnpublishPageAction

    UnpublishPageAction(
        page.get_parent().specific, user=UserFactory(superuser=True), include_descendants=True
    ).execute()


def unpublish_the_column_alone(page: Page) -> None:
    page.get_parent().specific.unpublish()


def expire(page: Page) -> None:
    page.expire_at = timezone.now() - datetime.timedelta(seconds=1)
    page.save()
    call_command("publish_scheduled")


def restrict(page: Page) -> None:
    PageViewRestriction.objects.create(
        page=page.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )


def save_by_program(page: Page) -> None:
    page.live = False
    page.save()


def move_out(page: Page) -> None:
    column = Page.objects.get(slug="yaowen")
    page.move(column, pos="last-child")


WAYS: dict[str, tuple[Callable[[Page], None], str]] = {
    "unpublished": (unpublish, Ending.WITHDRAWN),
    "with its column": (unpublish_with_column, Ending.WITHDRAWN),
    "column alone": (unpublish_the_column_alone, Ending.WITHDRAWN),
    "expired by schedule": (expire, Ending.EXPIRED),
    "restricted": (restrict, Ending.RESTRICTED),
    "saved by a program": (save_by_program, Ending.WITHDRAWN),
    "moved out of the core": (move_out, Ending.NOT_CORE),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_every_end_is_followed(
    translation: PageTranslation,
    way: str,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    act, because = WAYS[way]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        act(source_of(translation))
    follow()
    translation.refresh_from_db()
    assert translation.target is not None
    assert not translation.target.live
    assert translation.ended_because == because
    entry = PageLogEntry.objects.get(page_id=translation.target_id, action=LOG_ENDED)
    assert entry.data == {"because": because}


def test_deletion_takes_the_version_along(
    translation: PageTranslation, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        source_of(translation).get_parent().delete()
    assert not Page.objects.filter(pk=translation.target_id).exists()
    assert not PageTranslation.objects.filter(pk=translation.pk).exists()


def test_it_returns_with_its_source_in_the_words_that_were_public(
    translation: PageTranslation,
) -> None:
    title = translation.target.title
    page = source_of(translation)
    page.unpublish()
    translation.refresh_from_db()
    # A draft that nobody has reviewed must not come out with it.
    target = Page.objects.get(pk=translation.target_id).specific
    target.title = "unreviewed"
    target.save_revision()
    publish(page)
    follow()
    translation.refresh_from_db()
    assert translation.ended_because == ""
    assert translation.target.live
    assert translation.target.title == title


def test_what_a_person_withdrew_stays_withdrawn(translation: PageTranslation) -> None:
    translation.target.specific.unpublish()
    page = source_of(translation)
    page.unpublish()
    publish(page)
    follow()
    translation.target.refresh_from_db()
    assert not translation.target.live


def test_a_picture_follows_without_a_translator_and_words_do_not(
    translation: PageTranslation,
) -> None:
    page = source_of(translation)
    day = datetime.datetime(2026, 3, 1, 4, 0, tzinfo=datetime.UTC)
    publish(page, date=day, title="签证改了")
    follow()
    target = Page.objects.get(pk=translation.target_id).specific
    assert target.date == day
    assert target.title == translation.target.title
