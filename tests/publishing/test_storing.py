"""Public pages become files, and stop being served with the change that makes them wrong."""

import time

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from portal.publishing import refreshing
from portal.publishing.reading.recorder import recorded
from portal.publishing.store import settling
from portal.publishing.store.keeping import Store
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, publish

from .comparing import HOST, compare, fill, in_file, path_of, read, rendered, stored_paths

pytestmark = pytest.mark.django_db


def test_a_page_lies_in_its_file_as_it_was_sent(world: World, stored: Store) -> None:
    article = ArticleFactory(parent=world.column)
    settling.settle(stored)
    sent = read(path_of(article))
    assert in_file(stored, path_of(article)) == sent != b""


def test_an_edited_article_is_out_and_so_is_what_names_it(world: World, stored: Store) -> None:
    article, other = ArticleFactory.create_batch(2, parent=world.column)
    elsewhere = ColumnFactory(parent=world.home)
    far = ArticleFactory(parent=elsewhere)
    settling.settle(stored)
    pages = [path_of(page) for page in (article, other, world.column, elsewhere, far)]
    fill(stored, pages)
    assert stored_paths(stored) == set(pages)
    compared = compare(stored, lambda: publish(article, title="改过的标题"))
    assert compared.changed == {path_of(page) for page in (article, other, world.column)}
    assert compared.out == compared.changed
    assert not compared.all
    assert "改过的标题".encode() in read(path_of(world.column))


def test_what_a_visitor_alone_sees_is_not_kept(world: World, stored: Store) -> None:
    article = ArticleFactory(parent=world.column)
    settling.settle(stored)
    path = path_of(article)
    host = {"host": HOST}
    Client(headers=host).get(path, {"view": "elder"})
    Client(headers=host).get(path, {"csv": "x"})
    with_settings = Client(headers=host)
    with_settings.cookies["portal_preferences"] = "size:large"
    with_settings.get(path)
    signed_in = Client(headers=host)
    signed_in.force_login(UserFactory(is_superuser=True))
    signed_in.get(path)
    Client(headers=host).get("/preferences/")
    Client(headers=host).get("/nirgendwo/")
    assert stored_paths(stored) == set()


def test_a_draft_changes_nothing_in_public(world: World, stored: Store) -> None:
    article = ArticleFactory(parent=world.column)
    settling.settle(stored)
    fill(stored, [path_of(article), path_of(world.column)])
    article.title = "noch nicht"
    compared = compare(stored, article.save_revision)
    assert compared.changed == compared.out == frozenset()


def test_withdrawn_pages_are_gone_with_all_that_lists_them(world: World, stored: Store) -> None:
    article, other = ArticleFactory.create_batch(2, parent=world.column)
    settling.settle(stored)
    with stored.index.writing():
        stored.index.set_fact("beat", str(time.time()))  # lists could wait: this must not
    fill(stored, [path_of(page) for page in (article, other, world.column)])
    compared = compare(stored, article.unpublish)
    assert not compared.missed
    assert path_of(article) in compared.out
    assert in_file(stored, path_of(article)) is None


def test_a_column_renamed_is_a_new_beginning(world: World, stored: Store) -> None:
    article = ArticleFactory(parent=world.column)
    settling.settle(stored)
    fill(stored, [path_of(article), path_of(world.home)])
    folder = stored.files.live.resolve()
    compared = compare(stored, lambda: publish(world.column, title="新名"))
    assert compared.all
    assert stored.files.live.resolve() != folder
    assert stored_paths(stored) == set()


def test_lists_may_wait_while_they_are_rendered_anew(world: World, stored: Store) -> None:
    article, other = ArticleFactory.create_batch(2, parent=world.column)
    settling.settle(stored)
    fill(stored, [path_of(page) for page in (article, other, world.column)])
    with stored.index.writing():
        stored.index.set_fact("beat", str(time.time()))
    publish(article, title="改过的标题")
    settled = settling.settle(stored)
    assert settled.removed == [HOST + path_of(article)]
    assert set(settled.stale) == {HOST + path_of(other), HOST + path_of(world.column)}
    assert in_file(stored, path_of(world.column)) is not None
    assert refreshing.refresh(stored) == 2
    for page in (other, world.column):
        assert in_file(stored, path_of(page)) == rendered(path_of(page))
    assert stored.index.stale() == []


def test_an_old_copy_is_shown_for_a_minute_and_no_longer(world: World, stored: Store) -> None:
    article = ArticleFactory(parent=world.column)
    settling.settle(stored)
    fill(stored, [path_of(world.column), path_of(article)])
    entry = stored.index.entry_of(HOST + path_of(world.column))
    assert entry is not None
    with stored.index.writing():
        stored.index.mark_stale([entry.id])
    with time_machine.travel(time.time() + 61, tick=True):
        refreshing.refresh(stored, seconds=0)
    assert in_file(stored, path_of(world.column)) is None


def test_a_page_that_changed_while_it_was_rendered_is_not_kept(
    world: World, stored: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = ArticleFactory(parent=world.column)
    settling.settle(stored)
    serve = type(article).serve

    def changed_meanwhile(self: Page, *args: object, **kwargs: object) -> object:
        answer = serve(self, *args, **kwargs).render()
        Page.objects.filter(pk=article.pk).update(title="schneller")
        settling.settle(stored)
        return answer

    monkeypatch.setattr(type(article), "serve", changed_meanwhile)
    old = read(path_of(article))
    assert b"schneller" not in old
    assert in_file(stored, path_of(article)) is None


def test_a_recording_ends(world: World) -> None:
    with recorded() as recording:
        list(Page.objects.all()[:1])
    asked = len(recording.asked)
    with CaptureQueriesContext(connection) as captured:
        list(Page.objects.all()[:1])
    assert (len(recording.asked), len(captured)) == (asked, 1)
    assert asked == 1
