"""Special topics: planned, opened, closed, archived for ever, and readable all the time."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from portal.pages.models import TopicPage
from tests.factories import ArticleFactory, ColumnFactory, TopicFactory, World, publish

pytestmark = pytest.mark.django_db

STATES = TopicPage.State.values
ALLOWED = {
    ("planned", "open"), ("open", "maintained"), ("open", "closed"), ("maintained", "open"),
    ("maintained", "closed"), ("closed", "open"), ("closed", "archived"),
}  # fmt: skip
AT = datetime.datetime(2025, 12, 31, 1, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_moves(world: World, before: str, after: str) -> None:
    topic = TopicFactory(parent=world.home, state=before)
    topic.state = after
    if before == after or (before, after) in ALLOWED:
        topic.full_clean()
        return
    with pytest.raises(ValidationError) as refused:
        topic.full_clean()
    assert "state" in refused.value.message_dict


def test_publishing_an_old_version_is_no_way_back(world: World) -> None:
    topic = TopicFactory(parent=world.home)
    old = topic.save_revision()
    topic.archive()
    with pytest.raises(ValidationError):
        old.publish()
    assert TopicPage.objects.get(pk=topic.pk).state == "archived"


def test_the_end_is_not_before_the_start(world: World) -> None:
    topic = TopicFactory(parent=world.home)
    topic.starts_on, topic.ends_on = datetime.date(2026, 3, 2), datetime.date(2026, 3, 1)
    with pytest.raises(ValidationError) as refused:
        topic.full_clean()
    assert "ends_on" in refused.value.message_dict


@pytest.mark.parametrize("state", ["open", "maintained", "closed"])
def test_archiving_in_one_step(world: World, state: str) -> None:
    topic = TopicFactory(parent=world.home, state=state)
    topic.archive(at=AT)
    topic = TopicPage.objects.get(pk=topic.pk)
    assert (topic.state, topic.archived_at) == ("archived", AT)
    states = [revision.as_object().state for revision in topic.revisions.order_by("pk")]
    assert states == (["archived"] if state == "closed" else ["closed", "archived"])


def test_archiving_again_changes_nothing(world: World) -> None:
    topic = TopicFactory(parent=world.home)
    topic.archive(at=AT)
    topic.archive()
    assert TopicPage.objects.get(pk=topic.pk).archived_at == AT


def test_an_edit_keeps_the_time_of_archiving(world: World) -> None:
    """The version that archived it was written before the time was known."""
    topic = TopicFactory(parent=world.home, state="closed")
    publish(topic, state="archived")
    archived_at = TopicPage.objects.get(pk=topic.pk).archived_at
    edited = TopicPage.objects.get(pk=topic.pk).get_latest_revision_as_object()
    publish(edited, intro="A correction.")
    assert TopicPage.objects.get(pk=topic.pk).archived_at == archived_at


class TestArchived:
    @pytest.fixture(autouse=True)
    def topic(self, world: World) -> TopicPage:
        topic: TopicPage = TopicFactory(parent=world.home, slug="old", title="旧专题")
        column = ColumnFactory(parent=topic, slug="news", title="进展")
        ArticleFactory(parent=column, slug="a", title="旧文章")
        topic.archive(at=AT)
        return topic

    @pytest.mark.parametrize(
        "path", ["/old/", "/old/news/", "/old/news/a/", "/old/news/a/?print=1"]
    )
    def test_readable_with_mark_and_time(self, client: Client, path: str) -> None:
        response = client.get(path)
        assert response.status_code == 200
        page = response.content.decode()
        assert "2025-12-31 09:30" in page
        assert "已归档" in page

    def test_gone_from_menus_lists_and_site_map(self, world: World, client: Client) -> None:
        publish(world.home, sections=[("topics", {"title": ""})])
        for path in ("/", "/sitemap/"):
            page = client.get(path).content.decode()
            assert "旧专题" not in page
            assert "旧文章" not in page

    def test_other_pages_bear_no_mark(self, client: Client) -> None:
        assert "已归档" not in client.get("/yaowen/").content.decode()
