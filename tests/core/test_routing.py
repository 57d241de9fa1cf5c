"""From addresses to pages: what answers, what does not, where it leads."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from portal.pages.models import ArticlePage
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    StandardPageFactory,
    TopicFactory,
    UserFactory,
    World,
)

pytestmark = pytest.mark.django_db
GAOXIN = {"host": "gaoxin.yunhu.gov.cn"}


@pytest.fixture
def article(world: World) -> ArticlePage:
    page: ArticlePage = ArticleFactory(parent=world.column, slug="kaifang", title="开放日")
    return page


def test_every_kind_of_page_answers(world: World, article: ArticlePage, client: Client) -> None:
    ArticleFactory(parent=world.hubin_column, slug="a")
    StandardPageFactory(parent=world.home, slug="about")
    TopicFactory(parent=world.hubin_home, slug="zhuanti")
    for path in (
        "/", "/yaowen/", "/yaowen/kaifang/", "/hubin/", "/hubin/dongtai/", "/hubin/dongtai/a/",
        "/about/", "/hubin/zhuanti/", "/sitemap/", "/sitemap/hubin/",
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path


def test_a_sub_site_with_its_own_host(world: World, client: Client) -> None:
    ArticleFactory(parent=world.gaoxin_column, slug="a")
    for path in ("/", "/dongtai/", "/dongtai/a/", "/sitemap/"):
        assert client.get(path, headers=GAOXIN).status_code == 200, path
    assert client.get("/yaowen/", headers=GAOXIN).status_code == 404


def test_a_strange_host_gets_the_portal(world: World, client: Client) -> None:
    response = client.get("/", headers={"host": "unknown.gov.cn"})
    assert response.status_code == 200
    assert response.context["portal"].site.pk == world.site.pk


def test_a_host_that_is_not_allowed_is_refused(world: World, client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/yaowen/nothing/",
        "/yaowen/kaifang/deeper/",
        "/yaowen/kaifang/page/2/",
        "/yunhu/",
        "/yunhu/yaowen/",
        "/hubin/yaowen/",
        "/sitemap/nothing/",
        "/qr/0.svg",
        "/qr/999999.svg",
        "/yaowen/page/",
        "/yaowen/page/x/",
        "/media/nothing.webp",
        "/media/documents/secret.docx",
    ],
)
def test_not_found(world: World, article: ArticlePage, client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "404" in response.content.decode()


@pytest.mark.parametrize("path", ["/media/../../settings.py", "/media/images/../../keys/x"])
def test_media_stay_in_their_folder(world: World, client: Client, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


def test_the_answer_404_has_the_site_around_it(world: World, client: Client) -> None:
    html = client.get("/nothing/").content.decode()
    assert "云湖市人民政府" in html
    assert "/sitemap/" in html


def test_drafts_and_expired_pages(world: World, client: Client) -> None:
    ArticleFactory(parent=world.column, slug="draft", draft=True)
    end = timezone.now() + datetime.timedelta(hours=1)
    ArticleFactory(parent=world.column, slug="short", expire_at=end)
    assert client.get("/yaowen/draft/").status_code == 404
    assert client.get("/yaowen/short/").status_code == 200
    with time_machine.travel(end + datetime.timedelta(seconds=1)):
        # At once, and not when the scheduler comes.
        assert client.get("/yaowen/short/").status_code == 404


def test_a_column_that_is_not_public(world: World, client: Client) -> None:
    ColumnFactory(parent=world.home, slug="soon", draft=True)
    assert client.get("/soon/").status_code == 404


# --- slashes and other sites ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/yaowen", "/yaowen/"),
        ("/yaowen/kaifang", "/yaowen/kaifang/"),
        ("/yaowen?page=2&x=%E6%B9%96", "/yaowen/?page=2&x=%E6%B9%96"),
    ],
)
def test_a_missing_slash_is_added_for_good(
    world: World, article: ArticlePage, client: Client, path: str, target: str
) -> None:
    response = client.get(path)
    assert response.status_code == 301
    assert response.headers["Location"] == target


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "//evil.example",
        "//evil",
        "///evil",
        "/\\evil.example",
        "/%2F/evil.example",
        "//evil/%2e%2e",
        "/%5Cevil",
    ],
)
def test_no_address_leads_away(world: World, client: Client, path: str) -> None:
    response = client.get("/", PATH_INFO=path) if path.startswith("//") else client.get(path)
    if response.status_code in (301, 302):
        location = response.headers["Location"]
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
    else:
        assert response.status_code in (400, 404)


def test_a_sub_site_s_path_leads_to_its_host_for_good(world: World, client: Client) -> None:
    ArticleFactory(parent=world.gaoxin_column, slug="a")
    response = client.get("/gaoxin/dongtai/a/")
    assert response.status_code == 301
    assert response.headers["Location"] == "http://gaoxin.yunhu.gov.cn/dongtai/a/"


def test_the_query_goes_along(world: World, client: Client) -> None:
    response = client.get("/gaoxin/dongtai?print=1&x=%E6%B9%96")
    assert response.headers["Location"] == (
        "http://gaoxin.yunhu.gov.cn/dongtai/?print=1&x=%E6%B9%96"
    )


# --- methods --------------------------------------------------------------------------------------
def test_head_is_get_without_a_body(world: World, article: ArticlePage, client: Client) -> None:
    response = client.head("/yaowen/kaifang/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_are_only_read(
    world: World, article: ArticlePage, client: Client, method: str
) -> None:
    assert getattr(client, method)("/yaowen/kaifang/").status_code == 405
    assert getattr(client, method)("/sitemap/").status_code == 405


# --- pages of a list ------------------------------------------------------------------------------
class TestPages:
    @pytest.fixture(autouse=True)
    def articles(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.pages.models.columns.PER_PAGE", 2)
        ArticleFactory.create_batch(5, parent=world.column)

    def test_all_articles_once(self, client: Client) -> None:
        seen = []
        for path in ("/yaowen/", "/yaowen/page/2/", "/yaowen/page/3/"):
            response = client.get(path)
            assert response.status_code == 200
            seen += [row.pk for row in response.context["rows"]]
        assert len(seen) == len(set(seen)) == 5

    @pytest.mark.parametrize("number", ["0", "1", "4", "99999999999999999999", "-1"])
    def test_no_other_pages(self, client: Client, number: str) -> None:
        assert client.get(f"/yaowen/page/{number}/").status_code == 404

    def test_links_of_the_second_page(self, client: Client) -> None:
        pagination = client.get("/yaowen/page/2/").context["pagination"]
        assert (pagination.previous_url, pagination.next_url) == ("/yaowen/", "/yaowen/page/3/")

    def test_a_missing_slash(self, client: Client) -> None:
        response = client.get("/yaowen/page/2")
        assert response.headers["Location"] == "/yaowen/page/2/"


# --- private pages --------------------------------------------------------------------------------
class TestPrivate:
    @pytest.fixture(autouse=True)
    def restricted(self, world: World, article: ArticlePage) -> None:
        PageViewRestriction.objects.create(
            page=world.column, restriction_type=PageViewRestriction.LOGIN
        )

    @pytest.mark.parametrize("path", ["/yaowen/", "/yaowen/kaifang/", "/yaowen/page/2/"])
    def test_asks_to_sign_in(self, client: Client, path: str) -> None:
        response = client.get(path)
        if path.endswith("page/2/"):
            assert response.status_code in (302, 404)
            return
        assert response.status_code == 302
        assert response.headers["Location"].endswith(f"?next={path}")

    def test_the_sign_in_page_exists(self, client: Client) -> None:
        response = client.get("/yaowen/kaifang/", follow=True)
        assert response.status_code == 200
        assert "password" in response.content.decode()

    def test_readable_once_signed_in(self, client: Client) -> None:
        client.force_login(UserFactory())
        assert client.get("/yaowen/kaifang/").status_code == 200

    def test_shown_nowhere(self, world: World, client: Client, article: ArticlePage) -> None:
        for path in ("/", "/sitemap/", "/hubin/"):
            html = client.get(path).content.decode()
            assert "开放日" not in html
            assert "/yaowen/" not in html
        assert client.get(f"/qr/{article.pk}.svg").status_code == 404

    def test_a_password(self, world: World, client: Client) -> None:
        ArticleFactory(parent=world.hubin_column, slug="a")
        PageViewRestriction.objects.create(
            page=world.hubin_column, restriction_type=PageViewRestriction.PASSWORD, password="湖"
        )
        response = client.get("/hubin/dongtai/a/")
        assert response.status_code == 200
        assert "云湖市位于" not in response.content.decode()
        assert 'type="password"' in response.content.decode()


# --- other addresses ------------------------------------------------------------------------------
def test_qr_code_of_the_public_address(
    world: World, article: ArticlePage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import segno

    coded = []
    original = segno.make

    def make(content: str, **kwargs: Any) -> Any:
        coded.append(content)
        return original(content, **kwargs)

    monkeypatch.setattr(segno, "make", make)
    response = client.get(f"/qr/{article.pk}.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in response.content
    page = ArticleFactory(parent=world.gaoxin_column, slug="a")
    client.get(f"/qr/{page.pk}.svg")
    assert coded == [
        "http://testserver/yaowen/kaifang/",
        "http://gaoxin.yunhu.gov.cn/dongtai/a/",
    ]


def test_no_qr_code_of_a_draft(world: World, client: Client) -> None:
    page = ArticleFactory(parent=world.column, draft=True)
    assert client.get(f"/qr/{page.pk}.svg").status_code == 404


def test_robots(world: World, client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "Disallow: /admin/" in response.content.decode()


class TestSiteMap:
    def test_columns_of_the_site_only(self, world: World, client: Client) -> None:
        ArticleFactory(parent=ColumnFactory(parent=world.column, title="内栏", slug="nei"))
        ArticleFactory(parent=world.hubin_column)
        items = client.get("/sitemap/").context["map"]
        [column] = [item for item in items if item.pk == world.column.pk]
        assert [(child.title, child.url) for child in column.children] == [("内栏", "/yaowen/nei/")]
        items = client.get("/sitemap/hubin/").context["map"]
        assert [item.title for item in items] == ["湖滨动态"]

    def test_blank_and_archived_are_left_out(self, world: World, client: Client) -> None:
        TopicFactory(parent=world.home, title="旧专题", archived=True)
        titles = [item.title for item in client.get("/sitemap/").context["map"]]
        assert "旧专题" not in titles
        assert "云湖要闻" not in titles

    def test_of_a_site_that_is_closed(self, world: World, client: Client) -> None:
        world.hubin.state = world.hubin.State.CLOSED
        world.hubin.save()
        assert client.get("/sitemap/hubin/").status_code == 404


# --- headers --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    ["/", "/yaowen/", "/yaowen/kaifang/", "/nothing/", "/sitemap/", "/yaowen/kaifang/?print=1"],
)
def test_the_strict_policy_on_public_pages(
    world: World, article: ArticlePage, client: Client, path: str
) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy + ";"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_only_the_admin_is_relaxed(world: World, client: Client) -> None:
    response = client.get("/admin/login/")
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in client.get("/admin").headers.get("Content-Security-Policy", "")


def test_public_pages_set_no_cookie(world: World, article: ArticlePage, client: Client) -> None:
    for path in ("/", "/yaowen/", "/yaowen/kaifang/"):
        response = client.get(path)
        assert not response.cookies, path
        assert "Cookie" not in response.headers.get("Vary", ""), path
