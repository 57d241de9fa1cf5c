"""A draft that is shown to somebody without an account: what the link shows, to whom, how long."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core import shared_previews
from portal.core.models import SharedPreview, User
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, UserFactory, World, publish, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    user: User = UserFactory(superuser=True)
    return user


@pytest.fixture
def article(world: World) -> ArticlePage:
    page: ArticlePage = ArticleFactory(parent=world.column, title="公开的标题", slug="a")
    return page


def write(page: ArticlePage, title: str) -> None:
    page.title = title
    page.save_revision()


def address(token: str) -> str:
    return reverse("shared_preview", args=[token])


def open_link(token: str, client: Client | None = None) -> HttpResponse:
    return (client or Client()).get(address(token))


def body(response: HttpResponse) -> str:
    return response.content.decode()


# --- what it shows --------------------------------------------------------------------------------
def test_anybody_with_the_link_reads_the_newest_draft(article: ArticlePage, editor: User) -> None:
    write(article, "第一稿")
    _preview, token = shared_previews.share(page=article, user=editor, days=7)
    assert "<h1" in body(open_link(token))
    assert "第一稿" in body(open_link(token))
    write(article, "第二稿")
    assert "第二稿" in body(open_link(token))
    assert "公开的标题" in body(Client().get("/yaowen/a/"))


def test_a_link_to_one_version_stays_with_it(article: ArticlePage, editor: User) -> None:
    write(article, "第一稿")
    _preview, token = shared_previews.share(
        page=article, user=editor, days=7, revision=article.latest_revision
    )
    write(article, "第二稿")
    publish(article, title="发布稿")
    assert "第一稿" in body(open_link(token))


def test_the_page_says_what_it_is(article: ArticlePage, editor: User) -> None:
    preview, token = shared_previews.share(page=article, user=editor, days=3)
    response = open_link(token)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert not response.cookies
    until = timezone.localtime(preview.expires_at).strftime("%Y-%m-%d %H:%M")
    assert until in body(response)
    assert "band--preview" in body(response)
    assert "band--preview" not in body(Client().get("/yaowen/a/"))


def test_also_in_the_print_view(article: ArticlePage, editor: User) -> None:
    _preview, token = shared_previews.share(page=article, user=editor, days=3)
    assert "band--preview" in body(Client().get(address(token) + "?print=1"))


def test_nothing_of_the_admin_is_in_it(article: ArticlePage, editor: User, client: Client) -> None:
    article.body = text("正文")
    article.save_revision()
    _preview, token = shared_previews.share(page=article, user=editor, days=1)
    client.force_login(editor, backend="portal.core.staff.backend.StaffBackend")
    for response in (open_link(token), open_link(token, client)):
        assert "<!--block" not in body(response)
        assert "userbar" not in body(response)
        assert "/admin/" not in body(response)


@pytest.mark.parametrize("kind", ["home", "column", "hubin_home", "gaoxin_column"])
def test_every_kind_of_page_can_be_shown(world: World, editor: User, kind: str) -> None:
    page = getattr(world, kind)
    page.save_revision()
    _preview, token = shared_previews.share(page=page, user=editor, days=1)
    assert open_link(token).status_code == 200


# --- how long -------------------------------------------------------------------------------------
def test_it_expires(article: ArticlePage, editor: User) -> None:
    write(article, "第一稿")
    with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
        _preview, token = shared_previews.share(page=article, user=editor, days=1)
        clock.shift(datetime.timedelta(hours=23, minutes=59))
        assert open_link(token).status_code == 200
        clock.shift(datetime.timedelta(minutes=1))
        over = open_link(token)
    assert over.status_code == 410
    assert "<h1" in body(over)
    assert "第一稿" not in body(over)
    assert over["Cache-Control"] == "private, no-store"


def test_it_can_be_revoked(article: ArticlePage, editor: User) -> None:
    preview, token = shared_previews.share(page=article, user=editor, days=30)
    shared_previews.revoke(preview=preview, user=editor)
    assert open_link(token).status_code == 410


def test_it_goes_with_the_page(article: ArticlePage, editor: User) -> None:
    _preview, token = shared_previews.share(page=article, user=editor, days=30)
    article.delete()
    assert open_link(token).status_code == 404
    assert not SharedPreview.objects.exists()


@pytest.mark.parametrize("token", ["x", "a" * 43, "0", "%00", "..%2f"])
def test_a_guessed_token_opens_nothing(article: ArticlePage, editor: User, token: str) -> None:
    shared_previews.share(page=article, user=editor, days=30)
    assert Client().get(f"/shared-preview/{token}/").status_code == 404


def test_the_token_is_kept_nowhere(article: ArticlePage, editor: User) -> None:
    _preview, token = shared_previews.share(page=article, user=editor, days=30)
    assert not SharedPreview.objects.filter(token_hash__contains=token).exists()
    assert len(token) >= 43


# --- who makes one --------------------------------------------------------------------------------
def test_only_who_may_edit_the_page_can_share_or_revoke(article: ArticlePage, editor: User) -> None:
    stranger = UserFactory()
    with pytest.raises(PermissionDenied):
        shared_previews.share(page=article, user=stranger, days=1)
    preview, token = shared_previews.share(page=article, user=editor, days=1)
    with pytest.raises(PermissionDenied):
        shared_previews.revoke(preview=preview, user=stranger)
    assert open_link(token).status_code == 200


def test_only_versions_of_the_page_itself(world: World, article: ArticlePage, editor: User) -> None:
    other = ArticleFactory(parent=world.column, draft=True, title="别的稿子")
    for days, revision in ((1, other.latest_revision), (2, None), (9999, None)):
        with pytest.raises(ValueError):
            shared_previews.share(page=article, user=editor, days=days, revision=revision)


def test_from_the_admin(article: ArticlePage, editor: User, client: Client) -> None:
    write(article, "第一稿")
    client.force_login(editor, backend="portal.core.staff.backend.StaffBackend")
    links = reverse("portal_preview_links", args=[article.pk])
    made = client.post(links, {"days": "3", "version": "this", "note": "给王主任"})
    found = re.search(r'value="(http[^"]*/shared-preview/[^"]+)"', body(made))
    assert found is not None
    assert "data:image/svg+xml" in body(made)
    assert "no-store" in made["Cache-Control"]
    token = found[1].rstrip("/").rpartition("/")[2]
    assert "第一稿" in body(open_link(token))
    listed = body(client.get(links))
    assert "给王主任" in listed
    assert token not in listed
    preview = SharedPreview.objects.get()
    client.post(links, {"revoke": str(preview.pk)})
    assert open_link(token).status_code == 410
    assert "给王主任" not in body(client.get(links))


def test_links_of_other_pages_cannot_be_revoked_here(
    world: World, article: ArticlePage, editor: User, client: Client
) -> None:
    other = ArticleFactory(parent=world.column, draft=True)
    preview, token = shared_previews.share(page=other, user=editor, days=1)
    client.force_login(editor, backend="portal.core.staff.backend.StaffBackend")
    links = reverse("portal_preview_links", args=[article.pk])
    for number in (str(preview.pk), "x", "", "-1", "9" * 30):
        assert client.post(links, {"revoke": number}).status_code == 404
    assert open_link(token).status_code == 200


def test_bad_input_makes_no_link(article: ArticlePage, editor: User, client: Client) -> None:
    client.force_login(editor, backend="portal.core.staff.backend.StaffBackend")
    links = reverse("portal_preview_links", args=[article.pk])
    for days in ("", "2", "400", "x"):
        assert client.post(links, {"days": days, "version": "newest"}).status_code == 200
    assert not SharedPreview.objects.exists()
